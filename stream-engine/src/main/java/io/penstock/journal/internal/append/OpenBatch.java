package io.penstock.journal.internal.append;

import io.penstock.journal.EntryBlock;
import io.penstock.journal.internal.append.MemoryPool.Chunk;
import io.penstock.journal.internal.segment.BatchFormat;
import io.penstock.journal.internal.segment.Segment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Entries that become durable together: the batch in the making.
 *
 * <p>Producers claim room and offsets by one compare-and-set on {@code state}, copy without a lock, and count what they
 * have copied; the writer seals the group, which fixes what it holds, and waits for the copies to arrive. A group is
 * used once, so a producer that slept over a claim finds it sealed and never writes into a later group's room.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>No two producers have the same place or the same offset, and offsets follow one another in the order of places:
 *       both stand in {@code state}, which only a compare-and-set or the seal changes.
 *   <li>A group never takes more bytes than its limit.
 *   <li>A sealed group takes nothing more: what it holds is what was claimed before the seal.
 *   <li>A batch never holds half an entry: {@code copied} reaches the bytes claimed only after the last producer has
 *       copied its block, since each adds its part after its copy.
 *   <li>A group that is sealed because it is empty holds no claim, so its buffer can go to another log.
 * </ol>
 *
 * <pre>
 *  state   63        62 .. 32        31 .. 0
 *         +--------+---------------+----------------------+
 *         | sealed | entries       | bytes, header incl.  |
 *         +--------+---------------+----------------------+
 * </pre>
 */
public final class OpenBatch {
    /** What {@link #claim} answers when the group is sealed. */
    static final long SEALED = Long.MIN_VALUE;

    /** What {@link #claim} answers when the block does not fit. */
    static final long NO_ROOM = -1;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private static final VarHandle STATE;
    private static final VarHandle COPIED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(OpenBatch.class, "state", long.class);
            COPIED = lookup.findVarHandle(OpenBatch.class, "copied", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Offset of the first entry. */
    public final long base;

    /** The segment that this group is the first one of; set when it is sealed. */
    @Nullable
    public Segment rollTo;

    final @Nullable Chunk chunk;
    private final ByteBuffer shared;
    private final ByteBuffer own;
    private final int limit;
    private volatile long state;
    private volatile int copied;

    private OpenBatch(long base, @Nullable Chunk chunk, ByteBuffer shared, ByteBuffer own, int limit, long state) {
        this.base = base;
        this.chunk = chunk;
        this.shared = shared;
        this.own = own;
        this.limit = limit;
        this.state = state;
        this.copied = (int) state;
    }

    /** Takes claims up to {@code limit} bytes, header included. */
    static OpenBatch open(long base, Chunk chunk, int limit) {
        return new OpenBatch(base, chunk, chunk.shared(), chunk.own(), limit, BatchFormat.HEADER);
    }

    /** Holds nothing and takes nothing. */
    static OpenBatch closed(long base) {
        return new OpenBatch(base, null, NOTHING, NOTHING, 0, SEALED | BatchFormat.HEADER);
    }

    /** Complete from the start: a block of its own, behind room for the header. */
    static OpenBatch sealed(long base, ByteBuffer batch, int count) {
        return new OpenBatch(base, null, batch, batch, batch.limit(), SEALED | (long) count << 32 | batch.limit());
    }

    /** The state before the claim, from which {@link #bytes} and {@link #count} tell place and offset; or a refusal. */
    long claim(int size, int count) {
        while (true) {
            long before = state;
            if (before < 0) {
                return SEALED;
            }
            if (size > limit - bytes(before)) {
                return NO_ROOM;
            }
            if (STATE.compareAndSet(this, before, before + ((long) count << 32) + size)) {
                return before;
            }
        }
    }

    /** Copies the block to its claimed place. */
    void copy(EntryBlock block, int at) {
        block.copyTo(shared, at);
        COPIED.getAndAdd(this, block.size());
    }

    static int bytes(long state) {
        return (int) state;
    }

    static int count(long state) {
        return (int) (state >>> 32) & Integer.MAX_VALUE;
    }

    boolean isSealed() {
        return state < 0;
    }

    boolean hasEntries() {
        return count(state) > 0;
    }

    public int count() {
        return count(state);
    }

    int bytes() {
        return bytes(state);
    }

    /** Offset after the last entry claimed so far. */
    public long end() {
        return base + count(state);
    }

    void seal() {
        STATE.getAndBitwiseOr(this, SEALED);
    }

    /** Seals it unless it holds something. */
    boolean sealIfEmpty() {
        return STATE.compareAndSet(this, (long) BatchFormat.HEADER, SEALED | BatchFormat.HEADER);
    }

    /** The whole batch of a sealed group, once every producer has copied its part: position 0, limit at the end. */
    public ByteBuffer batch() {
        int bytes = bytes(state);
        for (int spins = 0; copied != bytes; spins++) {
            if (spins < 200) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(1_000);
            }
        }
        return own.clear().limit(bytes);
    }
}
