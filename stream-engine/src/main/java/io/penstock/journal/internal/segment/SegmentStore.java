package io.penstock.journal.internal.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The segments that hold entries, by offset. Readers see an immutable array; changes are rare and synchronized. */
public final class SegmentStore {
    private static final Segment[] NONE = {};

    private volatile Segment[] live = NONE;

    /** Adds the newest segment. */
    public synchronized void add(Segment segment) {
        Segment[] next = Arrays.copyOf(live, live.length + 1);
        next[live.length] = segment;
        live = next;
    }

    /** Removes and returns, oldest first, the segments that end at or below {@code offset}, but never the newest. */
    public synchronized List<Segment> removeBefore(long offset) {
        Segment[] now = live;
        int kept = 0;
        while (kept < now.length - 1 && now[kept].end <= offset) {
            kept++;
        }
        List<Segment> removed = new ArrayList<>(kept);
        for (int i = 0; i < kept; i++) {
            now[i].removed = true;
            removed.add(now[i]);
        }
        live = Arrays.copyOfRange(now, kept, now.length);
        return removed;
    }

    /** The segment that holds {@code offset}, or else the first one after it. */
    @Nullable
    public Segment find(long offset) {
        Segment[] now = live;
        int low = 0;
        int high = now.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (now[middle].end <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < now.length ? now[low] : null;
    }

    /** The first segment whose last batch is at or after {@code timestamp}. */
    @Nullable
    public Segment findByTime(long timestamp) {
        for (Segment segment : live) {
            if (segment.lastTimestamp >= timestamp && segment.end > segment.base) {
                return segment;
            }
        }
        return null;
    }

    @Nullable
    public Segment newest() {
        Segment[] now = live;
        return now.length == 0 ? null : now[now.length - 1];
    }

    public Segment[] live() {
        return live;
    }

    public long bytes() {
        long sum = 0;
        for (Segment segment : live) {
            sum += segment.fileBytes;
        }
        return sum;
    }
}
