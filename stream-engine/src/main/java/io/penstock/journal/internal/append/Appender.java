package io.penstock.journal.internal.append;

import io.penstock.journal.Claim;
import io.penstock.journal.DurableLog;
import io.penstock.journal.EntryBlock;
import io.penstock.journal.internal.append.MemoryPool.Chunk;
import io.penstock.journal.internal.segment.BatchFormat;
import io.penstock.journal.internal.segment.Segment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Accepts appends.
 *
 * <p>Threads: any thread calls {@link #append}, which usually touches only the open batch. Everything else, and an
 * append that finds the open batch sealed or full, runs under this object's monitor, which is never held during I/O or
 * a call to the listener. The writer calls {@link #take} and {@link #written}; the maintenance calls {@link #addSpare}.
 */
public final class Appender {
    /** What the appender needs of the rest of the log. */
    public interface Owner {
        /** There is a batch to write. */
        void wakeWriter();

        /** The appender needs a segment with room for a batch of {@code bytes}; 0 for any. */
        void wantSpare(long bytes);

        /** True if the last requested segment failed for lack of space. */
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
    /** An append was refused with {@link DurableLog#BUSY}. A full disk turns that into {@link DurableLog#FULL}. */
    private boolean refusedForAMoment;

    private boolean stopped;

    public Appender(MemoryPool pool, LargeBudget largeBudget, int largestBlock, long nextOffset, Owner owner) {
        this.memory = new AppendMemory(pool, largeBudget, this::tellOfRoom);
        this.largestBlock = largestBlock;
        this.owner = owner;
        this.current = OpenBatch.closed(nextOffset);
    }

    public long append(EntryBlock block) {
        requireComplete(block);
        int size = block.size();
        while (true) {
            OpenBatch batch = current;
            long claimed = batch.claim(size, block.count());
            if (claimed >= 0) {
                batch.copy(block, OpenBatch.bytes(claimed));
                owner.wakeWriter();
                return batch.base + OpenBatch.count(claimed);
            }
            long answer = isLarge(size) ? appendLarge(block) : makeRoom(batch, size);
            if (answer != AGAIN) {
                return answer;
            }
        }
    }

    private static void requireComplete(EntryBlock block) {
        if (!block.isComplete()) {
            throw new IllegalArgumentException("The block has no entry, or one that was begun and not ended.");
        }
    }

    /** As {@link DurableLog#claim}. */
    public Claim claim(EntryBlock block) {
        requireComplete(block);
        int size = block.size();
        if (isLarge(size)) {
            return claimLarge(block);
        }
        while (true) {
            OpenBatch batch = current;
            long claimed = batch.claim(size, block.count());
            if (claimed >= 0) {
                return new ClaimedRoom(
                        batch, OpenBatch.bytes(claimed), batch.base + OpenBatch.count(claimed), owner::wakeWriter);
            }
            long answer = makeRoom(batch, size);
            if (answer != AGAIN) {
                return Claim.refused(answer);
            }
        }
    }

    private boolean isLarge(int size) {
        return size > memory.bufferBytes() - BatchFormat.HEADER;
    }

    /** As {@link DurableLog#mayTake}. */
    public boolean mayTake(int size) {
        return !isLarge(size) && current.hasRoom(size) || memoryMayTake(size);
    }

    private synchronized boolean memoryMayTake(int size) {
        boolean busy = isLarge(size)
                ? memory.isLargeOut()
                : memory.isExhausted() && !current.hasRoom(size) && !current.isOpenAndEmpty();
        if (!busy || stopped || owner.outOfSpace()) {
            return true; // an append says more than "busy" then
        }
        refuse(DurableLog.BUSY);
        return false;
    }

    public synchronized long endOffset() {
        return current.end();
    }

    /** Continues after recovery in a segment that has {@code left} bytes of room. */
    public synchronized void start(long left, long capacity) {
        plan.start(left, capacity);
    }

    public void addSpare(Segment spare) {
        synchronized (this) {
            plan.add(spare);
        }
        tellOfRoom();
    }

    /** The spare segments that were not used. */
    public synchronized ArrayDeque<Segment> spares() {
        return plan.spares();
    }

    /** The next batch to write, sealed; null if there is none. */
    public synchronized @Nullable OpenBatch take() {
        OpenBatch next = sealed.pollFirst();
        if (next == null && current.hasEntries()) {
            sealCurrent();
            next = sealed.removeFirst();
            openNext(0);
        }
        return next;
    }

    /** The number of entries in the open batch. */
    public int waiting() {
        OpenBatch batch = current;
        return batch.isSealed() ? 0 : batch.count();
    }

    public boolean hasWork() {
        if (current.hasEntries() && !current.isSealed()) {
            return true;
        }
        synchronized (this) {
            return !sealed.isEmpty();
        }
    }

    /** A batch without entries that records the durable end; null if there are new entries or it has no room. */
    public synchronized @Nullable OpenBatch takeMark() {
        if (!sealed.isEmpty() || !letGo() || !plan.placeMark()) {
            return null;
        }
        return OpenBatch.sealed(current.end(), ByteBuffer.allocate(BatchFormat.HEADER), 0);
    }

    /**
     * A batch without entries that begins the next prepared segment; null if there are new entries or no such segment.
     */
    public synchronized @Nullable OpenBatch takeBeginning() {
        if (!sealed.isEmpty() || !letGo()) {
            return null;
        }
        Segment next = plan.placeMarkInNext();
        if (next == null) {
            return null;
        }
        OpenBatch mark = OpenBatch.sealed(current.end(), ByteBuffer.allocate(BatchFormat.HEADER), 0);
        mark.rollTo = next;
        return mark;
    }

    /** True if the next segment is prepared, and {@code fits}. */
    public synchronized boolean isNextSpare(Predicate<Segment> fits) {
        Segment next = plan.spares().peekFirst();
        return next != null && fits.test(next);
    }

    /** Gives all prepared segments away. */
    public synchronized List<Segment> takeSpares() {
        List<Segment> taken = List.copyOf(plan.spares());
        plan.spares().clear();
        return taken;
    }

    /** The writer no longer needs the batch, whether it was written or not. */
    public void written(OpenBatch batch) {
        synchronized (this) {
            Chunk chunk = batch.chunk;
            if (chunk != null) {
                memory.giveBack(chunk);
            } else if (batch.hasEntries()) {
                memory.giveBackLarge(batch.bytes());
            }
            if (refused && !stopped && current.isSealed()) {
                openNext(0);
            }
        }
        tellOfRoom();
    }

    /** Releases the idle buffer. Returns false if it is not idle. */
    public synchronized boolean letGo() {
        OpenBatch batch = current;
        if (batch.isSealed()) {
            return true;
        }
        if (!batch.sealIfEmpty()) {
            return false;
        }
        memory.giveBack(batch.chunk);
        return true;
    }

    /** Refuses all further appends. Accepted entries can still be taken. */
    public synchronized void stop() {
        stopped = true;
        if (!letGo()) {
            sealCurrent();
        }
        memory.stop();
    }

    /**
     * Drops the accepted entries that were not taken, after {@link #stop} because the log has failed. Drops all of them
     * in one step, because a writer that takes one more batch must not find a gap before it.
     */
    public void discard() {
        List<OpenBatch> dropped;
        synchronized (this) {
            dropped = List.copyOf(sealed);
            sealed.clear();
        }
        for (OpenBatch batch : dropped) {
            batch.encoded(); // waits for the copies
            written(batch);
        }
    }

    private synchronized long makeRoom(OpenBatch seen, int size) {
        if (stopped) {
            return DurableLog.CLOSED;
        }
        if (size > largestBlock) {
            return DurableLog.TOO_LARGE;
        }
        OpenBatch batch = current;
        if (batch != seen) {
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
        Claim claim = claimLarge(block);
        if (claim.first() >= 0) {
            claim.fill(block);
        }
        return claim.first();
    }

    private Claim claimLarge(EntryBlock block) {
        int bytes = BatchFormat.HEADER + block.size();
        synchronized (this) {
            if (stopped) {
                return Claim.refused(DurableLog.CLOSED);
            }
            if (block.size() > largestBlock) {
                return Claim.refused(DurableLog.TOO_LARGE);
            }
            if (!memory.takeLarge(bytes)) {
                return Claim.refused(refuse(DurableLog.BUSY));
            }
        }
        return queueLarge(allocate(bytes), block.count());
    }

    private ByteBuffer allocate(int bytes) {
        try {
            return ByteBuffer.allocate(bytes);
        } catch (OutOfMemoryError none) {
            synchronized (this) {
                memory.giveBackLarge(bytes);
            }
            throw none;
        }
    }

    private synchronized Claim queueLarge(ByteBuffer memoryOfBatch, int count) {
        int bytes = memoryOfBatch.limit();
        if (!stopped && !letGo()) {
            sealCurrent();
            owner.wakeWriter();
        }
        if (stopped || plan.largest(bytes) < bytes) {
            memory.giveBackLarge(bytes);
            if (stopped) {
                return Claim.refused(DurableLog.CLOSED);
            }
            owner.wantSpare(BatchFormat.footprint(bytes));
            return Claim.refused(refuse(owner.outOfSpace() ? DurableLog.FULL : DurableLog.BUSY));
        }
        OpenBatch batch = OpenBatch.sealed(current.end(), memoryOfBatch, count);
        queue(batch);
        current = OpenBatch.closed(batch.end());
        return new ClaimedRoom(batch, BatchFormat.HEADER, batch.base, owner::wakeWriter);
    }

    private long refuse(long answer) {
        refused = true;
        refusedForAMoment |= answer == DurableLog.BUSY;
        return answer;
    }

    private void sealCurrent() {
        OpenBatch batch = current;
        batch.seal();
        queue(batch);
        current = OpenBatch.closed(batch.end());
    }

    private void queue(OpenBatch batch) {
        batch.rollTo = plan.place(batch.bytes());
        sealed.addLast(batch);
        if (plan.isLow()) {
            owner.wantSpare(0);
        }
    }

    /** Opens a batch with room for {@code size} bytes of entries, if there is memory and a prepared segment for it. */
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

    /** Calls {@link Owner#room} if an append was refused: memory or disk has become free. */
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
     * There is no disk for another segment: calls {@link Owner#room}, so that an append that was refused for a moment
     * is tried again and gets {@link DurableLog#FULL}.
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
