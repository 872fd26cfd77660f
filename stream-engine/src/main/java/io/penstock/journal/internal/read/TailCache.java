package io.penstock.journal.internal.read;

import io.penstock.journal.internal.segment.Segment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What the logs of one process wrote last, so that it is not read back from disk: one ring of memory for all of them,
 * made with the first batch, overwritten in the order of writing.
 *
 * <p>Writers claim their stretch of the ring by one addition and copy without a lock; a reader copies out and looks
 * afterwards whether a writer has claimed that stretch again.
 *
 * <p>Invariant: a reader sees the whole bytes of the offset that it asked for, or is told to read the disk. It rests on
 * the order of two pairs, each held by a fence: a writer claims before it overwrites, and a reader copies before it
 * looks at the claims. That leaves one gap, which the batch's checksum closes: a writer so slow that another one laps
 * it writes over newer bytes than those it claimed. A reader therefore verifies what it was given, and reads the disk
 * when the checksum does not hold.
 */
public final class TailCache {
    private static final int SLOTS = 128;

    private final int capacity;
    private final AtomicLong head = new AtomicLong();
    private volatile @Nullable ByteBuffer ring;

    public TailCache(int capacity) {
        this.capacity = capacity;
    }

    public Tail tail() {
        return new Tail();
    }

    /** Lets go of the memory; nobody writes any more. */
    public void clear() {
        ring = null;
    }

    private long store(ByteBuffer batch) {
        int length = batch.limit();
        ByteBuffer into = ring();
        long at = head.getAndAdd(length);
        VarHandle.storeStoreFence();
        int index = (int) (at % capacity);
        int first = Math.min(length, capacity - index);
        into.put(index, batch, 0, first);
        into.put(0, batch, first, length - first);
        return at;
    }

    private boolean load(long at, ByteBuffer target, int length) {
        int index = (int) (at % capacity);
        int first = Math.min(length, capacity - index);
        ByteBuffer from = ring();
        target.clear().limit(length);
        target.put(0, from, index, first);
        target.put(first, from, 0, length - first);
        // A volatile read does not keep the plain reads before it in their place.
        VarHandle.loadLoadFence();
        return head.get() - at <= capacity;
    }

    private ByteBuffer ring() {
        ByteBuffer made = ring;
        if (made == null) {
            synchronized (this) {
                made = ring;
                if (made == null) {
                    made = ByteBuffer.allocate(capacity);
                    ring = made;
                }
            }
        }
        return made;
    }

    /** The latest batches of one log. The writer adds, readers look up, under the tail's lock. */
    public final class Tail {
        private long[] first = new long[0];
        private long[] end = first;
        private long[] stored = first;
        private long[] position = first;
        private int[] length = new int[0];
        private Segment[] segment = new Segment[0];
        private long next;

        /** A batch: where on disk, and where in the ring. */
        record Place(Segment segment, long position, long stored, int length) {}

        public void add(Segment in, long at, long firstOffset, int count, ByteBuffer batch) {
            if (batch.limit() > capacity / 4) {
                return;
            }
            long place = store(batch);
            synchronized (this) {
                if (length.length == 0) {
                    first = new long[SLOTS];
                    end = new long[SLOTS];
                    stored = new long[SLOTS];
                    position = new long[SLOTS];
                    length = new int[SLOTS];
                    segment = new Segment[SLOTS];
                }
                int slot = (int) (next++ % SLOTS);
                first[slot] = firstOffset;
                end[slot] = firstOffset + count;
                stored[slot] = place;
                position[slot] = at;
                length[slot] = batch.limit();
                segment[slot] = in;
            }
        }

        /** The batch that holds {@code offset}, if it may still be there. */
        synchronized @Nullable Place find(long offset) {
            int slot = slotOf(offset);
            if (slot < 0 || head.get() - stored[slot] > capacity) {
                return null;
            }
            return new Place(segment[slot], position[slot], stored[slot], length[slot]);
        }

        /** Copies the batch to {@code target}, from 0 to its limit; false when it was overwritten meanwhile. */
        boolean copy(Place place, ByteBuffer target) {
            return load(place.stored(), target, place.length());
        }

        /** Forgets everything: the log is idle or closed. */
        public synchronized void clear() {
            first = new long[0];
            length = new int[0];
            segment = new Segment[0];
            next = 0;
        }

        private int slotOf(long offset) {
            long low = next - Math.min(next, length.length);
            long high = next;
            while (low < high) {
                long middle = (low + high) >>> 1;
                int slot = (int) (middle % SLOTS);
                if (end[slot] <= offset) {
                    low = middle + 1;
                } else if (first[slot] > offset) {
                    high = middle;
                } else {
                    return slot;
                }
            }
            return -1;
        }
    }
}
