package io.penstock.forward.client;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The sender's and the connection's side of the buffer: what there is to send and what became of it. Under the buffer's
 * lock.
 */
final class ChunkSending {
    /** The longest pause once the client is closing: the time that is left is used for attempts. */
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

    /** @param freed told when a chunk has left or lost its memory */
    ChunkSending(ReentrantLock lock, Chunks chunks, ChunkSpill spill, Counts counts, Runnable freed) {
        this.lock = lock;
        this.work = lock.newCondition();
        this.chunks = chunks;
        this.spill = spill;
        this.counts = counts;
        this.freed = freed;
    }

    /** There may be more to send. Whoever calls holds the lock. */
    void signal() {
        work.signalAll();
    }

    /** A caller waits for the acknowledgements: the present pause ends. */
    void hurry() {
        lock.lock();
        try {
            hurries++;
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** No more events will come: what is there is due. */
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
            freed.run();
        } finally {
            lock.unlock();
        }
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

    /** Puts back what {@code connection} has not acknowledged: how many chunks that is. */
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

    /** When the oldest chunk that is under way was sent, in {@link System#nanoTime}; {@code now} when none is. */
    long oldestUnderWay(long now) {
        lock.lock();
        try {
            return chunks.oldestUnderWay(now);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits before the next attempt to connect, until {@link #hurry} at the longest; briefly when the client is
     * closing. False when the client is stopped.
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
