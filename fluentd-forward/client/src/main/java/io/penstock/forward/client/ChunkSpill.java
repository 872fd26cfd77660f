package io.penstock.forward.client;

import io.penstock.forward.client.internal.chunk.Chunk;
import io.penstock.forward.client.internal.chunk.Place;
import io.penstock.forward.client.internal.chunk.SpillQueue;
import io.penstock.forward.client.internal.chunk.SpillSave;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The buffer as the spill writer sees it: chunks to save and to erase, and the result of saving them. Under the
 * buffer's lock.
 */
final class ChunkSpill {
    private final ReentrantLock lock;
    private final Condition work;
    private final Chunks chunks;
    private final SpillQueue queue;
    private final Counts counts;
    private final Runnable changed;
    private boolean ready;
    private boolean ending;

    /**
     * @param changed runs when there may be more to send, or more room
     * @param wanted true if the client has a spill file
     */
    ChunkSpill(ReentrantLock lock, Chunks chunks, SpillQueue queue, Counts counts, Runnable changed, boolean wanted) {
        this.lock = lock;
        this.work = lock.newCondition();
        this.chunks = chunks;
        this.queue = queue;
        this.counts = counts;
        this.changed = changed;
        this.ready = !wanted;
    }

    /** True if sending may begin: the chunks that an earlier client left in the file are sent first. */
    boolean isReady() {
        return ready;
    }

    void signal() {
        work.signal();
    }

    /** The file is open and held these chunks of an earlier client. */
    void restored(List<Chunk> found) {
        lock.lock();
        try {
            counts.restored += chunks.restore(found);
            ready = true;
            changed.run();
        } finally {
            lock.unlock();
        }
    }

    /** The file cannot be opened now. */
    void unusable() {
        lock.lock();
        try {
            counts.spillErrors++;
            ready = true;
            changed.run();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for work. Returns false if the client has ended and no work is left. */
    boolean awaitWork() throws InterruptedException {
        lock.lock();
        try {
            while (true) {
                long rest = queue.untilWork(chunks.open(), System.nanoTime());
                if (rest == 0) {
                    return true;
                }
                if (ending) {
                    return false;
                }
                if (rest == Long.MAX_VALUE) {
                    work.await();
                } else {
                    work.awaitNanos(rest);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** A place whose chunk is acknowledged; null if there is none. */
    @Nullable
    Place pollErasable() {
        lock.lock();
        try {
            return queue.pollErasable();
        } finally {
            lock.unlock();
        }
    }

    /** The next save to carry out; null if there is none. The caller must call {@link #saved} afterwards. */
    @Nullable
    SpillSave pollSave() {
        lock.lock();
        try {
            return queue.pollSave(chunks.open(), System.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    /** @param place null if the chunk could not be saved; then it is tried again unless the client ends */
    void saved(SpillSave save, @Nullable Place place) {
        lock.lock();
        try {
            counts.spillErrors += place == null ? 1 : 0;
            chunks.saved(save, place, !ending, System.nanoTime());
            changed.run();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits before the next try with the file, and less long if there are places to erase. Returns false if the client
     * ends.
     */
    boolean pause(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long rest = nanos;
            while (!ending && !queue.hasErasable() && rest > 0) {
                rest = work.awaitNanos(rest);
            }
            return !ending;
        } finally {
            lock.unlock();
        }
    }

    /** Sending is over: the writer saves what is left and ends. */
    void end() {
        lock.lock();
        try {
            ending = true;
            work.signal();
        } finally {
            lock.unlock();
        }
    }
}
