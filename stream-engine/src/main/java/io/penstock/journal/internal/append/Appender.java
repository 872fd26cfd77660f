package io.penstock.journal.internal.append;

import io.penstock.journal.DurableLog;
import io.penstock.journal.EntryBlock;
import io.penstock.journal.internal.append.MemoryPool.Chunk;
import io.penstock.journal.internal.segment.BatchFormat;
import io.penstock.journal.internal.segment.Segment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where appends come in.
 *
 * <p>Threads: {@link #append} is called by any; in steady state it touches only the current group. All else, and the
 * append that finds the current group sealed or full, runs under this object's monitor, which is never held during I/O
 * or a call to the listener. The writer calls {@link #take} and {@link #written}; the maintenance {@link #addSpare}.
 */
public final class Appender {
    /** What an append needs of the rest of the log. */
    public interface Owner {
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
    private final ArrayDeque<OpenBatch> sealed = new ArrayDeque<>();
    private volatile OpenBatch current;
    private boolean refused;
    /** An append was told to wait for a moment, which a full disk makes longer. */
    private boolean refusedForAMoment;

    private boolean stopped;

    public Appender(MemoryPool pool, LargeBudget largeBudget, int largestBlock, long nextOffset, Owner owner) {
        this.memory = new AppendMemory(pool, largeBudget, this::tellOfRoom);
        this.largestBlock = largestBlock;
        this.owner = owner;
        this.current = OpenBatch.closed(nextOffset);
    }

    public long append(EntryBlock block) {
        if (!block.isComplete()) {
            throw new IllegalArgumentException("The block has no entry, or one that was begun and not ended.");
        }
        int size = block.size();
        while (true) {
            OpenBatch group = current;
            long claimed = group.claim(size, block.count());
            if (claimed >= 0) {
                group.copy(block, OpenBatch.bytes(claimed));
                owner.wakeWriter();
                return group.base + OpenBatch.count(claimed);
            }
            long answer = size > memory.bufferBytes() - BatchFormat.HEADER ? appendLarge(block) : makeRoom(group, size);
            if (answer != AGAIN) {
                return answer;
            }
        }
    }

    public synchronized long endOffset() {
        return current.end();
    }

    /** Goes on after recovery in a segment with {@code left} bytes of room. */
    public synchronized void start(long left, long capacity) {
        plan.start(left, capacity);
    }

    public void addSpare(Segment spare) {
        synchronized (this) {
            plan.add(spare);
        }
        tellOfRoom();
    }

    /** The spares that were never used. */
    public synchronized ArrayDeque<Segment> spares() {
        return plan.spares();
    }

    /** The next group to write, sealed; null when there is nothing. */
    public synchronized @Nullable OpenBatch take() {
        OpenBatch next = sealed.pollFirst();
        if (next == null && current.hasEntries()) {
            sealCurrent();
            next = sealed.removeFirst();
            openNext(0);
        }
        return next;
    }

    /** Entries that wait in the current group. */
    public int waiting() {
        OpenBatch group = current;
        return group.isSealed() ? 0 : group.count();
    }

    public boolean hasWork() {
        if (current.hasEntries() && !current.isSealed()) {
            return true;
        }
        synchronized (this) {
            return !sealed.isEmpty();
        }
    }

    /** A group without entries that says how far the log is durable; null when something came in or it has no place. */
    public synchronized @Nullable OpenBatch takeMark() {
        if (!sealed.isEmpty() || !letGo() || !plan.placeMark()) {
            return null;
        }
        return OpenBatch.sealed(current.end(), ByteBuffer.allocate(BatchFormat.HEADER), 0);
    }

    /** The writer is done with the group, written or not. */
    public void written(OpenBatch group) {
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
    public synchronized boolean letGo() {
        OpenBatch group = current;
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
    public synchronized void stop() {
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
    public void discard() {
        List<OpenBatch> dropped;
        synchronized (this) {
            dropped = List.copyOf(sealed);
            sealed.clear();
        }
        for (OpenBatch group : dropped) {
            group.batch();
            written(group);
        }
    }

    private synchronized long makeRoom(OpenBatch seen, int size) {
        if (stopped) {
            return DurableLog.CLOSED;
        }
        if (size > largestBlock) {
            return DurableLog.TOO_LARGE;
        }
        OpenBatch group = current;
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
        OpenBatch group = OpenBatch.sealed(current.end(), batch, count);
        queue(group);
        current = OpenBatch.closed(group.end());
        return group.base;
    }

    private long refuse(long answer) {
        refused = true;
        refusedForAMoment |= answer == DurableLog.BUSY;
        return answer;
    }

    private void sealCurrent() {
        OpenBatch group = current;
        group.seal();
        queue(group);
        current = OpenBatch.closed(group.end());
    }

    private void queue(OpenBatch group) {
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
        current = OpenBatch.open(current.end(), chunk, limit);
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
    public void outOfSpace() {
        boolean tell;
        synchronized (this) {
            tell = refusedForAMoment;
        }
        if (tell) {
            tellOfRoom();
        }
    }
}
