package io.penstock.forward.client;

import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The spill writer's side of the buffer: what there is to save and to erase, and what became of it. Under the buffer's
 * lock.
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
     * @param changed told when there may be more to send, or more room
     * @param wanted whether there is to be a spill file at all
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

    /** Whether sending may begin: what an earlier client has left in the file goes first. */
    boolean isReady() {
        return ready;
    }

    void signal() {
        work.signal();
    }

    /** The file is open, and these chunks of an earlier client were in it. */
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

    /** The file cannot be opened for now. */
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

    /** Waits until there is something to do: false when the client has ended and nothing is left. */
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

    /** A place whose chunk is acknowledged; null when there is none. */
    @Nullable
    Place pollErasable() {
        lock.lock();
        try {
            return queue.pollErasable();
        } finally {
            lock.unlock();
        }
    }

    /** What is to be saved next; null when there is nothing. {@link #saved} has to follow. */
    @Nullable
    SpillSave pollSave() {
        lock.lock();
        try {
            return queue.pollSave(chunks.open(), System.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    /** @param place null when it could not be saved: it will be tried again, unless the client ends */
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

    /** Waits for better times, less long when there is something to erase: false when the client ends. */
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

    /** Sending is over: what is left is saved, and then the writer ends. */
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
