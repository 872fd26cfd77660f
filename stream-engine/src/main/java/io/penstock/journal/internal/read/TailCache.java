package io.penstock.journal.internal.read;

import io.penstock.journal.internal.segment.Segment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The latest batches of all logs of a process, so that readers do not read them from disk: one ring of memory,
 * allocated with the first batch and overwritten in the order of writing.
 *
 * <p>Writers claim a range of the ring by one addition and copy without a lock. A reader copies out and then checks
 * whether a writer has claimed that range again.
 *
 * <p>Invariant: a reader gets the complete bytes of the requested offset, or is told to read the disk. This rests on
 * the order of two pairs, each held by a fence: a writer claims before it overwrites, and a reader copies before it
 * checks the claims. One gap remains, which the batch's checksum closes: a writer that is so slow that another one laps
 * it writes over newer bytes than those it claimed. So a reader verifies the batch, and reads the disk if the checksum
 * is wrong.
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

    /** Frees the memory. No writer may be active. */
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
        // A volatile read alone does not keep the earlier plain reads before it.
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

    /** The latest batches of one log. The writer adds and readers look up, both under this object's lock. */
    public final class Tail {
        private long[] first = new long[0];
        private long[] end = first;
        private long[] stored = first;
        private long[] position = first;
        private int[] length = new int[0];
        private Segment[] segment = new Segment[0];
        private long next;

        /** The position of a batch on disk and in the ring. */
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

        /** The batch that holds {@code offset}, if the ring may still have it. */
        synchronized @Nullable Place find(long offset) {
            int slot = slotOf(offset);
            if (slot < 0 || head.get() - stored[slot] > capacity) {
                return null;
            }
            return new Place(segment[slot], position[slot], stored[slot], length[slot]);
        }

        /** Copies the batch to {@code target}, from 0 to its limit. Returns false if it was overwritten. */
        boolean copy(Place place, ByteBuffer target) {
            return load(place.stored(), target, place.length());
        }

        /** Forgets all batches, because the log is idle or closed. */
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
