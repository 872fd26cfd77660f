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
 * The batch under construction: entries that become durable together.
 *
 * <p>Producers claim room and offsets by one compare-and-set on {@code state}, copy without a lock, and count the
 * copied bytes. The writer seals the batch, which fixes its content, and waits for the copies to arrive. A batch object
 * is used once, so a producer that was delayed before its claim finds it sealed and never writes into the room of a
 * later batch.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>No two producers have the same place or the same offset, and offsets are in the order of places: both are in
 *       {@code state}, which only a compare-and-set or the seal changes.
 *   <li>A batch never takes more bytes than its limit.
 *   <li>A sealed batch takes nothing more: it holds what was claimed before the seal.
 *   <li>A batch is written only with complete entries: {@code copied} reaches the claimed bytes only after the last
 *       producer has copied its block, because each adds its part after its copy.
 *   <li>A batch that is sealed because it is empty has no claims, so its buffer can go to another log.
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
    /** The result of {@link #claim} if the batch is sealed. */
    static final long SEALED = Long.MIN_VALUE;

    /** The result of {@link #claim} if the block does not fit. */
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

    /** The segment whose first batch this is, otherwise null; set when the batch is sealed. */
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
        this.copied = BatchFormat.HEADER;
    }

    /** A batch that takes up to {@code limit} bytes, including the header. */
    static OpenBatch open(long base, Chunk chunk, int limit) {
        return new OpenBatch(base, chunk, chunk.shared(), chunk.own(), limit, BatchFormat.HEADER);
    }

    /** A sealed batch without entries. */
    static OpenBatch closed(long base) {
        return new OpenBatch(base, null, NOTHING, NOTHING, 0, SEALED | BatchFormat.HEADER);
    }

    /** A batch that takes nothing more: the room of one large block, with room for the header in front. */
    static OpenBatch sealed(long base, ByteBuffer batch, int count) {
        return new OpenBatch(base, null, batch, batch, batch.limit(), SEALED | (long) count << 32 | batch.limit());
    }

    /**
     * Claims room. Returns the state before the claim, which gives place ({@link #bytes}) and offset ({@link #count});
     * or {@link #SEALED} or {@link #NO_ROOM}.
     */
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

    /** True if a block of {@code size} bytes fits now. */
    boolean hasRoom(int size) {
        long now = state;
        return now >= 0 && size <= limit - bytes(now);
    }

    boolean isOpenAndEmpty() {
        return state == BatchFormat.HEADER;
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

    /** Seals the batch if it is empty. Returns true if it did. */
    boolean sealIfEmpty() {
        return STATE.compareAndSet(this, (long) BatchFormat.HEADER, SEALED | BatchFormat.HEADER);
    }

    /** The bytes of a sealed batch, position 0 to limit. Waits until every producer has copied its part. */
    public ByteBuffer encoded() {
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
