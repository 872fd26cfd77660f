package io.penstock.journal.internal.segment;

import io.penstock.journal.EntryBlock;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Where to look in a segment for an offset, a time, or a key. The segment is divided into granules of whole batches, of
 * {@value #GRANULE} bytes, or of one batch if that is larger. For each granule the index has its position and the keys
 * that occur in it. So a reader of one key skips the granules without it. The index takes about 2 % of the segment.
 *
 * <p>One writer adds while readers look up; both under the index's own lock, once per batch or granule. The last
 * granule is still open: it may hold any key. The latest batch may be missing in the index, so the last granule may be
 * longer than the index says.
 *
 * <p>In the footer:
 *
 * <pre>
 *  granules g, keys k                                       2 x 4 bytes
 *  g x (first offset - base, position, first of its keys)   3 x 4 bytes
 *  g x timestamp of its first batch                         8 bytes
 *  k x key, rising within a granule                         4 bytes
 * </pre>
 */
public final class SegmentIndex {
    public static final int GRANULE = 16 << 10;

    private final long base;
    private int granules;
    private int[] offsets = new int[4];
    private int[] positions = new int[4];
    private int[] keyStarts = new int[5];
    private long[] timestamps = new long[4];
    private int[] keys = new int[4];
    private int keyCount;
    /** Keys of the last granule so far, in order of arrival, with repetitions. */
    private int[] open = new int[8];

    private int openCount;
    private boolean finished;

    public SegmentIndex(long base) {
        this.base = base;
    }

    /** Adds a batch whose entries {@code memory} holds from {@code from} to {@code to}. */
    public synchronized void add(long position, long firstOffset, long timestamp, ByteBuffer memory, int from, int to) {
        if (granules == 0 || position - positions[granules - 1] >= GRANULE) {
            settle();
            openGranule(Math.toIntExact(position), Math.toIntExact(firstOffset - base), timestamp);
        }
        for (int at = from; at < to; at += EntryBlock.ENTRY_OVERHEAD + memory.getInt(at + Integer.BYTES)) {
            int key = memory.getInt(at);
            if (openCount == 0 || open[openCount - 1] != key) {
                addKey(key);
            }
        }
    }

    /** The granule that holds {@code offset}, or the last one before it. */
    public synchronized int granuleOf(long offset) {
        int at = Arrays.binarySearch(offsets, 0, granules, (int) Math.min(Integer.MAX_VALUE, offset - base));
        return Math.max(0, at >= 0 ? at : -at - 2);
    }

    /** The first granule at or after {@code granule} that may hold {@code key}, or -1. */
    public synchronized int nextWith(int key, int granule) {
        if (granules == 0 && !finished) {
            return 0;
        }
        for (int g = granule; g < granules; g++) {
            if (g == granules - 1 && !finished) {
                return g;
            }
            if (Arrays.binarySearch(keys, keyStarts[g], keyStarts[g + 1], key) >= 0) {
                return g;
            }
        }
        return -1;
    }

    /** The last granule whose first batch is older than {@code timestamp}, or the first. */
    public synchronized int granuleBefore(long timestamp) {
        int low = 0;
        int high = granules;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (timestamps[middle] < timestamp) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return Math.max(0, low - 1);
    }

    public synchronized boolean isEmpty() {
        return granules == 0;
    }

    public synchronized long offset(int granule) {
        return base + offsets[granule];
    }

    public synchronized long position(int granule) {
        return positions[granule];
    }

    /** Approximate memory in bytes. */
    public synchronized int weight() {
        return 128
                + (offsets.length + positions.length + keyStarts.length + keys.length) * Integer.BYTES
                + timestamps.length * Long.BYTES;
    }

    /** Closes the last granule and encodes the index; nothing may be added afterwards. */
    public synchronized ByteBuffer encode() {
        settle();
        finished = true;
        ByteBuffer out = ByteBuffer.allocate(8 + granules * 20 + keyCount * Integer.BYTES);
        out.putInt(granules).putInt(keyCount);
        for (int g = 0; g < granules; g++) {
            out.putInt(offsets[g]).putInt(positions[g]).putInt(keyStarts[g]);
        }
        for (int g = 0; g < granules; g++) {
            out.putLong(timestamps[g]);
        }
        for (int k = 0; k < keyCount; k++) {
            out.putInt(keys[k]);
        }
        return out.flip();
    }

    /** Decodes the result of {@link #encode}, whose checksum the caller has verified. */
    static SegmentIndex decode(long base, ByteBuffer in) {
        SegmentIndex index = new SegmentIndex(base);
        int granules = in.getInt();
        index.granules = granules;
        index.keyCount = in.getInt();
        index.offsets = new int[granules];
        index.positions = new int[granules];
        index.keyStarts = new int[granules + 1];
        index.timestamps = new long[granules];
        index.keys = new int[index.keyCount];
        for (int g = 0; g < granules; g++) {
            index.offsets[g] = in.getInt();
            index.positions[g] = in.getInt();
            index.keyStarts[g] = in.getInt();
        }
        index.keyStarts[granules] = index.keyCount;
        for (int g = 0; g < granules; g++) {
            index.timestamps[g] = in.getLong();
        }
        for (int k = 0; k < index.keyCount; k++) {
            index.keys[k] = in.getInt();
        }
        index.open = new int[0];
        index.finished = true;
        return index;
    }

    private void openGranule(int position, int offset, long timestamp) {
        if (granules == positions.length) {
            int length = 2 * granules;
            offsets = Arrays.copyOf(offsets, length);
            positions = Arrays.copyOf(positions, length);
            timestamps = Arrays.copyOf(timestamps, length);
            keyStarts = Arrays.copyOf(keyStarts, length + 1);
        }
        offsets[granules] = offset;
        positions[granules] = position;
        timestamps[granules] = timestamp;
        keyStarts[granules] = keyCount;
        granules++;
        keyStarts[granules] = keyCount;
    }

    private void addKey(int key) {
        if (openCount == open.length) {
            openCount = distinct(open, openCount);
            if (openCount > open.length / 2) {
                open = Arrays.copyOf(open, 2 * open.length);
            }
        }
        open[openCount++] = key;
    }

    /** Moves the sorted keys of the last granule to their final place. */
    private void settle() {
        int distinct = distinct(open, openCount);
        if (keys.length - keyCount < distinct) {
            keys = Arrays.copyOf(keys, Math.max(2 * keys.length, keyCount + distinct));
        }
        System.arraycopy(open, 0, keys, keyCount, distinct);
        keyCount += distinct;
        keyStarts[granules] = keyCount;
        openCount = 0;
    }

    private static int distinct(int[] values, int count) {
        Arrays.sort(values, 0, count);
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (kept == 0 || values[kept - 1] != values[i]) {
                values[kept++] = values[i];
            }
        }
        return kept;
    }
}
