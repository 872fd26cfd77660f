package io.penstock.journal;

import io.penstock.journal.MemoryPool.Chunk;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where appends come in.
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

    private static final long AGAIN = Long.MIN_VALUE;

    private final AppendMemory memory;
    private final int largestBlock;
    private final Owner owner;
    private final SpacePlan plan = new SpacePlan();
    private final ArrayDeque<Group> sealed = new ArrayDeque<>();
    private volatile Group current;
    private boolean refused;
    /** An append was told to wait for a moment, which a full disk makes longer. */
    private boolean refusedForAMoment;

    private boolean stopped;

    Intake(MemoryPool pool, LargeBudget largeBudget, int largestBlock, long nextOffset, Owner owner) {
        this.memory = new AppendMemory(pool, largeBudget, this::tellOfRoom);
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
            long answer = size > memory.bufferBytes() - BatchFormat.HEADER ? appendLarge(block) : makeRoom(group, size);
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
        synchronized (this) {
            plan.add(spare);
        }
        tellOfRoom();
    }

    /** The spares that were never used. */
    synchronized ArrayDeque<Segment> spares() {
        return plan.spares();
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
        synchronized (this) {
            Chunk chunk = group.chunk;
            if (chunk != null) {
                memory.giveBack(chunk);
            } else if (group.hasEntries()) {
                memory.giveBackLarge(group.bytes());
            }
            if (refused && !stopped && current.isSealed()) {
                openNext(0);
            }
        }
        tellOfRoom();
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
        memory.giveBack(group.chunk);
        return true;
    }

    /** No append from here on; what was accepted can still be taken. */
    synchronized void stop() {
        stopped = true;
        if (!letGo()) {
            sealCurrent();
        }
        memory.stop();
    }

    /**
     * Drops what was accepted and not taken, after a {@link #stop}: the log has failed. All of it at once, because a
     * writer that takes one group more must not pass one over.
     */
    void discard() {
        List<Group> dropped;
        synchronized (this) {
            dropped = List.copyOf(sealed);
            sealed.clear();
        }
        for (Group group : dropped) {
            group.batch();
            written(group);
        }
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
            if (memory.isExhausted()) {
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
            if (!memory.takeLarge(bytes)) {
                return refuse(DurableLog.BUSY);
            }
        }
        ByteBuffer batch = ByteBuffer.allocate(bytes);
        block.copyTo(batch, BatchFormat.HEADER);
        long answer = queueLarge(batch, block.count());
        if (answer >= 0) {
            owner.wakeWriter();
        }
        return answer;
    }

    private synchronized long queueLarge(ByteBuffer batch, int count) {
        if (!stopped && !letGo()) {
            sealCurrent();
            owner.wakeWriter();
        }
        if (stopped || plan.largest(batch.limit()) < batch.limit()) {
            memory.giveBackLarge(batch.limit());
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
        refusedForAMoment |= answer == DurableLog.BUSY;
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
        if (stopped || memory.isExhausted()) {
            return false;
        }
        int least = BatchFormat.HEADER + Math.max(size, 1);
        int limit = plan.largest(memory.bufferBytes());
        if (limit < least) {
            owner.wantSpare(size == 0 ? 0 : BatchFormat.footprint(size));
            return false;
        }
        Chunk chunk = memory.takeBuffer();
        if (chunk == null) {
            return false;
        }
        current = Group.open(current.end(), chunk, limit);
        return true;
    }

    /** Something came back that an append may have been refused for. */
    private void tellOfRoom() {
        boolean tell;
        synchronized (this) {
            tell = refused;
            refused = false;
            refusedForAMoment = false;
        }
        if (tell) {
            owner.room();
        }
    }

    /**
     * There is no disk for another segment: an append that was told to wait for a moment has to hear that it is full.
     */
    void outOfSpace() {
        boolean tell;
        synchronized (this) {
            tell = refusedForAMoment;
        }
        if (tell) {
            tellOfRoom();
        }
    }
}
