package io.penstock.forward.client;

import io.penstock.forward.client.internal.chunk.Chunk;
import io.penstock.forward.client.internal.chunk.SpillQueue;
import io.penstock.forward.client.internal.message.PackedForward;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The shared state of the application's threads, of {@link ChunkSending the sender and the connection}, and of {@link
 * ChunkSpill the spill writer}: the {@link Chunks} and one lock that guards them. The lock is held to copy one event or
 * to move one chunk, never for I/O.
 */
final class ChunkBuffer {
    private final ClientSettings settings;
    private final int maxChunks;
    private final int spareChunks;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition acknowledgement = lock.newCondition();
    private final SpillQueue spillQueue;
    private final Chunks chunks;
    private final ChunkSpill spill;
    private final ChunkSending sending;
    private final Counts counts = new Counts();
    private boolean closed;

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
        sending = new ChunkSending(lock, chunks, spill, counts, this::freed);
    }

    /** The spill writer's side. */
    ChunkSpill spill() {
        return spill;
    }

    /** The sender's and the connection's side. */
    ChunkSending sending() {
        return sending;
    }

    private void changed() {
        sending.signal();
        room.signalAll();
        acknowledgement.signalAll();
    }

    private void freed() {
        room.signalAll();
        acknowledgement.signalAll();
        spill.signal();
    }

    /** @param spare if true, take at most three quarters of the buffer and never wait */
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
        // A chunk was sealed, or a new open chunk has a due time.
        sending.signal();
        spill.signal();
        return chunk;
    }

    /** Waits for room up to the configured time. An interrupt ends the wait, and the thread stays interrupted. */
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
            // Another thread may have opened a chunk of this tag during the wait.
            chunk = closed ? null : chunks.openFor(tag, count);
            if (chunk == null && !closed) {
                chunk = turnOver(tag, maxChunks);
            }
        }
        return chunk;
    }

    /**
     * Seals the open chunks, ends a pause between attempts to connect, and waits for all acknowledgements. Returns
     * false if the limit passes first.
     */
    boolean flush(Duration limit) throws InterruptedException {
        lock.lock();
        try {
            long last = chunks.sealAll();
            changed();
            sending.hurry();
            spill.signal();
            long rest = limit.toNanos();
            while (chunks.oldestSequence() <= last || !spill.isReady()) {
                if (rest <= 0 || sending.isStopped()) {
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
            sending.close();
            changed();
        } finally {
            lock.unlock();
        }
    }

    /** Sends no more. */
    void stop() {
        lock.lock();
        try {
            sending.stop();
            chunks.sealAll();
            changed();
        } finally {
            lock.unlock();
        }
    }

    /** The number of events that would be lost if the client ended now: neither acknowledged nor in the spill file. */
    long unsaved() {
        lock.lock();
        try {
            return chunks.sum(chunk -> chunk.events() - chunk.savedEvents());
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
