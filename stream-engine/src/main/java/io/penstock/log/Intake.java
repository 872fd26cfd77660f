package io.penstock.log;

import io.penstock.log.MemoryPool.Chunk;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Where appends come in. At most two append buffers are out at a time, one that takes claims and one that is written,
 * plus one block larger than a buffer.
 *
 * <p>Threads: {@link #append} is called by any; in steady state it touches only the current group. All else, and the
 * append that finds the current group sealed or full, runs under this object's monitor, which is never held during I/O
 * or a call to the listener. The writer calls {@link #take} and {@link #written}; the preparer {@link #addSpare}.
 */
final class Intake {
    /** What an append needs of the rest of the log. */
    interface Owner {
        /** There is something to write. */
        void wakeWriter();

        /** A segment with room for a batch of {@code bytes} is wanted, or any when 0. */
        void wantSpare(long bytes);

        /** Whether the last wish for a segment failed for want of space. */
        boolean outOfSpace();

        /** A refused append may be tried again. */
        void room();
    }

    private static final int BUFFERS = 2;
    private static final long AGAIN = Long.MIN_VALUE;

    private final MemoryPool pool;
    private final LargeBudget largeBudget;
    private final int largestBlock;
    private final Owner owner;
    private final Runnable onMemory = this::memoryCameBack;
    private final SpacePlan plan = new SpacePlan();
    private final ArrayDeque<Group> sealed = new ArrayDeque<>();
    private volatile Group current;
    private int chunksOut;
    private boolean largeOut;
    private boolean refused;
    private boolean stopped;

    Intake(MemoryPool pool, LargeBudget largeBudget, int largestBlock, long nextOffset, Owner owner) {
        this.pool = pool;
        this.largeBudget = largeBudget;
        this.largestBlock = largestBlock;
        this.owner = owner;
        this.current = Group.closed(nextOffset);
    }

    long append(EntryBlock block) {
        if (!block.isComplete()) {
            throw new IllegalArgumentException("The block has no entry, or one that was begun and not ended.");
        }
        int size = block.size();
        while (true) {
            Group group = current;
            long claimed = group.claim(size, block.count());
            if (claimed >= 0) {
                group.copy(block, Group.bytes(claimed));
                owner.wakeWriter();
                return group.base + Group.count(claimed);
            }
            long answer = size > pool.chunkBytes() - BatchFormat.HEADER ? appendLarge(block) : makeRoom(group, size);
            if (answer != AGAIN) {
                return answer;
            }
        }
    }

    synchronized long endOffset() {
        return current.end();
    }

    /** Goes on after recovery in a segment with {@code left} bytes of room. */
    synchronized void start(long left, long capacity) {
        plan.start(left, capacity);
    }

    void addSpare(Segment spare) {
        boolean tell;
        synchronized (this) {
            plan.add(spare);
            tell = refused;
            refused = false;
        }
        if (tell) {
            owner.room();
        }
    }

    /** The spares that were never used. */
    synchronized ArrayDeque<Segment> spares() {
        return plan.spares();
    }

    /** Whether a batch of {@code bytes} has a place, and whether any spare is ready at all. */
    synchronized boolean hasSpare(long bytes) {
        return plan.spares().stream().anyMatch(spare -> spare.room() >= bytes);
    }

    /** The next group to write, sealed; null when there is nothing. */
    synchronized @Nullable Group take() {
        Group next = sealed.pollFirst();
        if (next == null && current.hasEntries()) {
            sealCurrent();
            next = sealed.removeFirst();
            openNext(0);
        }
        return next;
    }

    /** Entries that wait in the current group. */
    int waiting() {
        Group group = current;
        return group.isSealed() ? 0 : group.count();
    }

    boolean hasWork() {
        if (current.hasEntries() && !current.isSealed()) {
            return true;
        }
        synchronized (this) {
            return !sealed.isEmpty();
        }
    }

    /** A group without entries that says how far the log is durable; null when something came in or it has no place. */
    synchronized @Nullable Group takeMark() {
        if (!sealed.isEmpty() || !letGo() || !plan.placeMark()) {
            return null;
        }
        return Group.sealed(current.end(), ByteBuffer.allocate(BatchFormat.HEADER), 0);
    }

    /** The writer is done with the group, written or not. */
    void written(Group group) {
        boolean tell;
        synchronized (this) {
            Chunk chunk = group.chunk;
            if (chunk != null) {
                giveBack(chunk);
            } else if (group.hasEntries()) {
                largeOut = false;
                largeBudget.giveBack(group.bytes());
            }
            if (refused && !stopped && current.isSealed()) {
                openNext(0);
            }
            tell = refused;
            refused = false;
        }
        if (tell) {
            owner.room();
        }
    }

    /** Gives the idle buffer back; false when it is not idle. */
    synchronized boolean letGo() {
        Group group = current;
        if (group.isSealed()) {
            return true;
        }
        if (!group.sealIfEmpty()) {
            return false;
        }
        giveBack(group.chunk);
        return true;
    }

    /** No append from here on; what was accepted can still be taken. */
    synchronized void stop() {
        stopped = true;
        if (!letGo()) {
            sealCurrent();
        }
        pool.forget(onMemory);
        largeBudget.forget(onMemory);
    }

    /** Drops what was accepted and not taken: the log has failed. */
    void discard() {
        for (Group group = take(); group != null; group = take()) {
            group.batch();
            written(group);
        }
    }

    /** Says room() to who was refused, because the reason may have gone. */
    void reconsider() {
        memoryCameBack();
    }

    private synchronized long makeRoom(Group seen, int size) {
        if (stopped) {
            return DurableLog.CLOSED;
        }
        if (size > largestBlock) {
            return DurableLog.TOO_LARGE;
        }
        Group group = current;
        if (group != seen) {
            return AGAIN;
        }
        if (!letGo()) {
            if (chunksOut == BUFFERS) {
                return refuse(DurableLog.BUSY);
            }
            sealCurrent();
            owner.wakeWriter();
        }
        return openNext(size) ? AGAIN : refuse(owner.outOfSpace() ? DurableLog.FULL : DurableLog.BUSY);
    }

    private long appendLarge(EntryBlock block) {
        int bytes = BatchFormat.HEADER + block.size();
        synchronized (this) {
            if (stopped) {
                return DurableLog.CLOSED;
            }
            if (block.size() > largestBlock) {
                return DurableLog.TOO_LARGE;
            }
            if (largeOut || !largeBudget.take(bytes, onMemory)) {
                return refuse(DurableLog.BUSY);
            }
            largeOut = true;
        }
        ByteBuffer batch = ByteBuffer.allocate(bytes);
        block.copyTo(batch, BatchFormat.HEADER);
        long answer = queueLarge(batch, block.count());
        if (answer >= 0) {
            owner.wakeWriter();
        } else {
            largeBudget.giveBack(bytes);
        }
        return answer;
    }

    private synchronized long queueLarge(ByteBuffer batch, int count) {
        if (!stopped && !letGo()) {
            sealCurrent();
            owner.wakeWriter();
        }
        if (stopped || plan.largest(batch.limit()) < batch.limit()) {
            largeOut = false;
            if (stopped) {
                return DurableLog.CLOSED;
            }
            owner.wantSpare(BatchFormat.footprint(batch.limit()));
            return refuse(owner.outOfSpace() ? DurableLog.FULL : DurableLog.BUSY);
        }
        Group group = Group.sealed(current.end(), batch, count);
        queue(group);
        current = Group.closed(group.end());
        return group.base;
    }

    private long refuse(long answer) {
        refused = true;
        return answer;
    }

    private void sealCurrent() {
        Group group = current;
        group.seal();
        queue(group);
        current = Group.closed(group.end());
    }

    private void queue(Group group) {
        group.rollTo = plan.place(group.bytes());
        sealed.addLast(group);
        if (plan.isLow()) {
            owner.wantSpare(0);
        }
    }

    /** Opens a group with room for {@code size} bytes of entries, if there is memory and prepared disk for it. */
    private boolean openNext(int size) {
        if (stopped || chunksOut == BUFFERS) {
            return false;
        }
        int least = BatchFormat.HEADER + Math.max(size, 1);
        int limit = plan.largest(pool.chunkBytes());
        if (limit < least) {
            owner.wantSpare(size == 0 ? 0 : BatchFormat.footprint(size));
            return false;
        }
        Chunk chunk = pool.take(onMemory);
        if (chunk == null) {
            return false;
        }
        chunksOut++;
        current = Group.open(current.end(), chunk, limit);
        return true;
    }

    private void giveBack(@Nullable Chunk chunk) {
        if (chunk != null) {
            chunksOut--;
            pool.giveBack(chunk);
        }
    }

    private void memoryCameBack() {
        boolean tell;
        synchronized (this) {
            tell = refused && !stopped;
            refused = false;
        }
        if (tell) {
            owner.room();
        }
    }
}
