package io.penstock.forward.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The chunks between the application's threads and the sender: open (one per tag), waiting, and sent but not yet
 * acknowledged. A chunk leaves only when it is acknowledged; a lost connection puts what it had not acknowledged back in
 * front, in its order.
 *
 * <p>One lock guards everything, and is held to copy one event or to move one chunk, never for I/O. Bounded by a number of
 * chunks, whose memory is taken when first needed and used again.
 */
final class ChunkBuffer {
    private final ClientSettings settings;
    private final byte[] source;
    private final int maxChunks;
    private final ChunkIds ids = new ChunkIds();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final Condition acknowledgement = lock.newCondition();

    private final Map<String, Chunk> open = new LinkedHashMap<>();
    private final Deque<Chunk> waiting = new ArrayDeque<>();
    private final Deque<Chunk> underWay = new ArrayDeque<>();
    private final Deque<Chunk> free = new ArrayDeque<>();
    private int chunks;
    private boolean closed;
    private boolean stopped;
    private long sealed;

    private long accepted;
    private long acknowledged;
    private long full;
    private long tooLarge;
    private long resent;

    ChunkBuffer(ClientSettings settings) {
        this.settings = settings;
        this.source = settings.source().getBytes(StandardCharsets.UTF_8);
        this.maxChunks = (int) Math.min(Integer.MAX_VALUE, settings.bufferBytes() / settings.chunkBytes());
    }

    /** @param spare whether to take no more than three quarters of the buffer, and never to wait */
    Offered offer(String tag, byte[] entry, int from, int count, boolean spare) {
        int limit = spare ? Math.max(1, maxChunks / 4 * 3) : maxChunks;
        lock.lock();
        try {
            if (count > settings.chunkBytes() || tag.length() > Chunk.MAX_TAG_BYTES / 3) {
                tooLarge++;
                return Offered.TOO_LARGE;
            }
            long patience = spare ? 0 : settings.maxBlock().toNanos();
            Chunk chunk = closed ? null : roomFor(tag, count, limit);
            while (chunk == null) {
                if (closed) {
                    return Offered.CLOSED;
                }
                if (patience <= 0) {
                    full++;
                    return Offered.FULL;
                }
                patience = awaitRoom(patience);
                chunk = closed ? null : roomFor(tag, count, limit);
            }
            chunk.add(entry, from, count);
            accepted++;
            return Offered.ACCEPTED;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Chunk roomFor(String tag, int count, int limit) {
        Chunk chunk = open.get(tag);
        if (chunk != null && chunk.fits(count, settings.chunkBytes())) {
            return chunk;
        }
        if (chunk != null) {
            open.remove(tag);
            seal(chunk);
        }
        if (chunks - free.size() >= limit) {
            return null;
        }
        Chunk fresh = free.poll();
        if (fresh == null) {
            fresh = new Chunk(settings.chunkBytes(), Chunk.envelope(settings.source()));
            chunks++;
        }
        fresh.open(tag.getBytes(StandardCharsets.UTF_8), System.nanoTime());
        open.put(tag, fresh);
        // The sender has to know when the first of the open chunks is due.
        work.signal();
        return fresh;
    }

    /** Waits for room; an interrupt ends the wait, and the thread keeps it. */
    @SuppressWarnings("WaitNotInLoop") // the caller loops
    private long awaitRoom(long patience) {
        try {
            return room.awaitNanos(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private void seal(Chunk chunk) {
        chunk.seal(++sealed, ids.next(), source);
        waiting.add(chunk);
        work.signal();
    }

    /** Waits until a chunk is to be sent: false when the client is stopped. */
    boolean awaitWork() throws InterruptedException {
        lock.lock();
        try {
            while (!stopped) {
                long due = sealDue();
                if (!waiting.isEmpty()) {
                    return true;
                }
                awaitWork(due);
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** The next chunk to write on {@code connection}; null when the connection is lost or the client is stopped. */
    @Nullable
    Chunk take(Connection connection) throws InterruptedException {
        lock.lock();
        try {
            while (!stopped && !connection.isLost()) {
                long due = sealDue();
                if (!waiting.isEmpty() && underWay.size() < settings.window()) {
                    Chunk chunk = waiting.remove();
                    chunk.startWriting(System.nanoTime());
                    underWay.add(chunk);
                    return chunk;
                }
                awaitWork(due);
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // the callers loop
    private void awaitWork(long nanos) throws InterruptedException {
        if (nanos == Long.MAX_VALUE) {
            work.await();
        } else {
            work.awaitNanos(nanos);
        }
    }

    /** Seals the open chunks that have waited long enough: how long the next has still to wait. */
    private long sealDue() {
        long now = System.nanoTime();
        long linger = settings.linger().toNanos();
        for (Iterator<Chunk> it = open.values().iterator(); it.hasNext(); ) {
            Chunk chunk = it.next();
            long rest = closed ? 0 : chunk.openedAt() + linger - now;
            if (rest > 0) {
                // They were opened in this order.
                return rest;
            }
            it.remove();
            seal(chunk);
        }
        return Long.MAX_VALUE;
    }

    /** {@code chunk} has been handed to the socket whole, or writing it has failed. */
    void written(Chunk chunk) {
        lock.lock();
        try {
            chunk.stopWriting();
            if (chunk.isAcknowledged()) {
                recycle(chunk);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A server has acknowledged the chunk {@code id}: false when it is none that is under way. */
    boolean acknowledge(String id) {
        lock.lock();
        try {
            for (Iterator<Chunk> it = underWay.iterator(); it.hasNext(); ) {
                Chunk chunk = it.next();
                if (chunk.id().equals(id)) {
                    it.remove();
                    acknowledged += chunk.events();
                    chunk.acknowledge();
                    if (!chunk.isWriting()) {
                        recycle(chunk);
                    }
                    work.signal();
                    acknowledgement.signalAll();
                    return true;
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void recycle(Chunk chunk) {
        free.push(chunk);
        room.signalAll();
    }

    /** Puts back what {@code connection} has not acknowledged: how many chunks that are. */
    int lost(Connection connection) {
        lock.lock();
        try {
            if (!connection.markLost()) {
                return 0;
            }
            int count = underWay.size();
            while (!underWay.isEmpty()) {
                waiting.addFirst(underWay.removeLast());
            }
            resent += stopped ? 0 : count;
            work.signalAll();
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** When the oldest chunk that is under way was sent, in {@link System#nanoTime}; {@code now} when none is. */
    long oldestUnderWay(long now) {
        lock.lock();
        try {
            Chunk oldest = underWay.peek();
            return oldest == null ? now : oldest.sentAt();
        } finally {
            lock.unlock();
        }
    }

    /** Waits; false when the client was stopped meanwhile. */
    boolean pause(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long rest = nanos;
            while (!stopped && rest > 0) {
                rest = work.awaitNanos(rest);
            }
            return !stopped;
        } finally {
            lock.unlock();
        }
    }

    /** Seals what is open and waits until all is acknowledged: whether it is. */
    boolean flush(Duration limit) throws InterruptedException {
        lock.lock();
        try {
            for (Chunk chunk : new ArrayList<>(open.values())) {
                seal(chunk);
            }
            open.clear();
            long last = sealed;
            long rest = limit.toNanos();
            while (oldestSequence() <= last) {
                if (rest <= 0 || stopped) {
                    return false;
                }
                rest = acknowledgement.awaitNanos(rest);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Chunks are sent, and sent again, in the order in which they were sealed. */
    private long oldestSequence() {
        Chunk oldest = underWay.isEmpty() ? waiting.peek() : underWay.peek();
        return oldest == null ? Long.MAX_VALUE : oldest.sequence();
    }

    /** Takes no more events. */
    void close() {
        lock.lock();
        try {
            closed = true;
            work.signalAll();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Sends no more: the number of events that were accepted and not acknowledged. */
    long stop() {
        lock.lock();
        try {
            stopped = true;
            work.signalAll();
            acknowledgement.signalAll();
            return accepted - acknowledged;
        } finally {
            lock.unlock();
        }
    }

    boolean isStopped() {
        lock.lock();
        try {
            return stopped;
        } finally {
            lock.unlock();
        }
    }

    ClientStatus status() {
        lock.lock();
        try {
            return new ClientStatus(
                    accepted, acknowledged, full, tooLarge, resent, open.size() + waiting.size() + underWay.size());
        } finally {
            lock.unlock();
        }
    }
}
