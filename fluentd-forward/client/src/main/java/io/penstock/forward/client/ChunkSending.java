package io.penstock.forward.client;

import io.penstock.forward.client.internal.chunk.Chunk;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The buffer as the sender and the connection see it: chunks to send, and the result of sending them. Under the
 * buffer's lock.
 */
final class ChunkSending {
    /** The longest pause while the client is closing: the remaining time is used for attempts. In nanoseconds. */
    private static final long CLOSING_PAUSE = 100_000_000;

    private final ReentrantLock lock;
    private final Condition work;
    private final Chunks chunks;
    private final ChunkSpill spill;
    private final Counts counts;
    private final Runnable freed;
    private long hurries;
    private boolean closed;
    private boolean stopped;

    /** @param freed runs when a chunk has left the buffer or released its memory */
    ChunkSending(ReentrantLock lock, Chunks chunks, ChunkSpill spill, Counts counts, Runnable freed) {
        this.lock = lock;
        this.work = lock.newCondition();
        this.chunks = chunks;
        this.spill = spill;
        this.counts = counts;
        this.freed = freed;
    }

    /** Signals that there may be more to send. The caller holds the lock. */
    void signal() {
        work.signalAll();
    }

    /** Ends the present pause, because a caller waits for the acknowledgements. */
    void hurry() {
        lock.lock();
        try {
            hurries++;
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** No more events will come, so every chunk is due now. */
    void close() {
        lock.lock();
        try {
            closed = true;
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Sends no more. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until a chunk is due. Returns false if the client is stopped. */
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

    /** The next chunk to write on {@code connection}; null if the connection is lost or the client is stopped. */
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

    /** The writer no longer uses {@code chunk}: it was written to the socket, or writing it failed. */
    void written(Chunk chunk) {
        lock.lock();
        try {
            chunks.release(chunk);
            freed.run();
        } finally {
            lock.unlock();
        }
    }

    /** A server has acknowledged the chunk {@code id}. Returns false if no such chunk is under way. */
    boolean acknowledge(String id) {
        lock.lock();
        try {
            Chunk chunk = chunks.arrived(id);
            if (chunk == null) {
                return false;
            }
            counts.acknowledged += chunk.events();
            work.signal();
            freed.run();
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
            freed.run();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the unacknowledged chunks of {@code connection} to the buffer. Returns their number. */
    int lost(Connection connection) {
        lock.lock();
        try {
            if (!connection.markLost()) {
                return 0;
            }
            int count = chunks.putBack();
            counts.resent += stopped ? 0 : count;
            work.signalAll();
            freed.run();
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** When the oldest chunk under way was sent, as {@link System#nanoTime}; {@code now} if none is under way. */
    long oldestUnderWay(long now) {
        lock.lock();
        try {
            return chunks.oldestUnderWay(now);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits before the next attempt to connect, at most until {@link #hurry}; only briefly while the client is closing.
     * Returns false if the client is stopped.
     */
    boolean pause(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long before = hurries;
            long rest = closed ? Math.min(nanos, CLOSING_PAUSE) : nanos;
            while (!stopped && hurries == before && rest > 0) {
                rest = work.awaitNanos(rest);
            }
            return !stopped;
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
}
