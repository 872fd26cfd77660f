package io.penstock.forward.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where the application's threads, the sender, the connection's listener and the spill writer meet over the
 * {@link Chunks}. One lock guards everything, and is held to copy one event or to move one chunk, never for I/O.
 */
final class ChunkBuffer {
    private final ClientSettings settings;
    private final int maxChunks;
    private final int spareChunks;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final Condition acknowledgement = lock.newCondition();
    private final SpillQueue spillQueue;
    private final Chunks chunks;
    private final ChunkSpill spill;
    private final Counts counts = new Counts();
    private boolean closed;
    private boolean stopped;

    ChunkBuffer(ClientSettings settings) {
        this.settings = settings;
        maxChunks = (int) Math.min(Integer.MAX_VALUE, settings.bufferBytes() / settings.chunkBytes());
        spareChunks = Math.max(1, maxChunks / 4 * 3);
        spillQueue = new SpillQueue(Math.max(settings.linger().toNanos(), TimeUnit.MILLISECONDS.toNanos(10)));
        chunks = new Chunks(settings, settings.source().getBytes(StandardCharsets.UTF_8), spillQueue);
        spill = new ChunkSpill(
                lock,
                chunks,
                spillQueue,
                counts,
                this::changed,
                settings.spill().isPresent());
    }

    /** The spill writer's side. */
    ChunkSpill spill() {
        return spill;
    }

    private void changed() {
        work.signalAll();
        room.signalAll();
        acknowledgement.signalAll();
    }

    /** @param spare whether to take no more than three quarters of the buffer, and never to wait */
    Offered offer(String tag, byte[] entry, int from, int count, boolean spare) {
        lock.lock();
        try {
            if (count > settings.chunkBytes() || tag.length() > PackedForward.MAX_TAG_BYTES / 3) {
                counts.tooLarge++;
                return Offered.TOO_LARGE;
            }
            if (closed) {
                return Offered.CLOSED;
            }
            Chunk chunk = chunks.openFor(tag, count);
            if (chunk == null) {
                chunk = spare ? turnOver(tag, spareChunks) : awaitRoom(tag, count);
            }
            if (chunk == null) {
                counts.full += closed ? 0 : 1;
                return closed ? Offered.CLOSED : Offered.FULL;
            }
            chunk.add(entry, from, count);
            counts.accepted++;
            return Offered.ACCEPTED;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Chunk turnOver(String tag, int limit) {
        Chunk chunk = chunks.turnOver(tag, limit, System.nanoTime());
        // One was sealed, or the first of the open ones will be due.
        work.signal();
        spill.signal();
        return chunk;
    }

    /** Waits for room as long as the settings say; an interrupt ends the wait, and the thread keeps it. */
    private @Nullable Chunk awaitRoom(String tag, int count) {
        long patience = settings.maxBlock().toNanos();
        Chunk chunk = turnOver(tag, maxChunks);
        while (chunk == null && patience > 0 && !closed) {
            try {
                patience = room.awaitNanos(patience);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
            // Another thread may have opened one meanwhile.
            chunk = closed ? null : chunks.openFor(tag, count);
            if (chunk == null && !closed) {
                chunk = turnOver(tag, maxChunks);
            }
        }
        return chunk;
    }

    /** Waits until a chunk is to be sent: false when the client is stopped. */
    boolean awaitWork() throws InterruptedException {
        lock.lock();
        try {
            while (!stopped) {
                long due = spill.isReady() ? chunks.untilDue(closed, System.nanoTime()) : Long.MAX_VALUE;
                if (due == 0) {
                    return true;
                }
                await(due);
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
                long now = System.nanoTime();
                long due = chunks.isWindowFull() ? Long.MAX_VALUE : chunks.untilDue(closed, now);
                if (due == 0) {
                    spill.signal();
                    return chunks.take(now);
                }
                await(due);
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // the callers loop
    private void await(long nanos) throws InterruptedException {
        if (nanos == Long.MAX_VALUE) {
            work.await();
        } else {
            work.awaitNanos(nanos);
        }
    }

    /** {@code chunk} has been handed to the socket whole, or writing it has failed. */
    void written(Chunk chunk) {
        lock.lock();
        try {
            chunks.release(chunk);
            freed();
        } finally {
            lock.unlock();
        }
    }

    private void freed() {
        room.signalAll();
        spill.signal();
    }

    /** A server has acknowledged the chunk {@code id}: false when it is none that is under way. */
    boolean acknowledge(String id) {
        lock.lock();
        try {
            Chunk chunk = chunks.arrived(id);
            if (chunk == null) {
                return false;
            }
            counts.acknowledged += chunk.events();
            work.signal();
            acknowledgement.signalAll();
            freed();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Gives up a chunk that cannot be read back from the spill file. */
    void discard(Chunk chunk) {
        lock.lock();
        try {
            counts.damaged += chunk.events();
            chunks.discard(chunk);
            chunks.release(chunk);
            acknowledgement.signalAll();
            freed();
        } finally {
            lock.unlock();
        }
    }

    /** Puts back what {@code connection} has not acknowledged: how many chunks that is. */
    int lost(Connection connection) {
        lock.lock();
        try {
            if (!connection.markLost()) {
                return 0;
            }
            int count = chunks.putBack();
            counts.resent += stopped ? 0 : count;
            changed();
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** When the oldest chunk that is under way was sent, in {@link System#nanoTime}; {@code now} when none is. */
    long oldestUnderWay(long now) {
        lock.lock();
        try {
            return chunks.oldestUnderWay(now);
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
            long last = chunks.sealAll();
            changed();
            spill.signal();
            long rest = limit.toNanos();
            while (chunks.oldestSequence() <= last || !spill.isReady()) {
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

    /** Takes no more events. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed();
        } finally {
            lock.unlock();
        }
    }

    /** Sends no more. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            chunks.sealAll();
            changed();
        } finally {
            lock.unlock();
        }
    }

    /** How many events would be lost if the client ended now: neither acknowledged nor in the spill file. */
    long unsaved() {
        lock.lock();
        try {
            return chunks.sum(chunk -> chunk.events() - chunk.savedEvents());
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
            return new ClientStatus(counts, chunks.size(), chunks.sum(Chunk::events), chunks.sum(Chunk::savedEvents));
        } finally {
            lock.unlock();
        }
    }
}
