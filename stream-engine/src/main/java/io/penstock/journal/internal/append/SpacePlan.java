package io.penstock.journal.internal.append;

import io.penstock.journal.internal.segment.BatchFormat;
import io.penstock.journal.internal.segment.Segment;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Assigns batches to segments. Every accepted entry has prepared room, so a full disk refuses appends before they are
 * accepted, never after. Guarded by its {@link Appender}.
 */
final class SpacePlan {
    private final ArrayDeque<Segment> spares = new ArrayDeque<>();
    /** The rest of {@link Segment#room}; negative once a mark has used its own place. */
    private long left;

    private long capacity;

    /** Continues with {@code left} bytes of a segment of {@code capacity} bytes. */
    void start(long left, long capacity) {
        this.left = left;
        this.capacity = capacity;
    }

    void add(Segment spare) {
        spares.addLast(spare);
    }

    /** The largest batch size, including the header, for which there is room. */
    int largest(int wanted) {
        long room = left;
        for (Segment spare : spares) {
            room = Math.max(room, spare.room());
        }
        return (int) Math.min(wanted, room);
    }

    /**
     * Assigns a batch with {@code bytes} of entries, a size that {@link #largest} has allowed. Returns the segment to
     * roll to; null to stay in the present one.
     */
    @Nullable
    Segment place(int bytes) {
        long footprint = BatchFormat.footprint(bytes - BatchFormat.HEADER);
        if (footprint <= left) {
            left -= footprint;
            return null;
        }
        Segment next = spares.removeFirst();
        while (next.room() < footprint) {
            spares.addLast(next);
            next = spares.removeFirst();
        }
        capacity = next.capacity;
        left = next.room() - footprint;
        return next;
    }

    /**
     * Assigns a batch without entries to the present segment. Returns false if it does not fit; directly after a batch
     * with entries it always fits.
     */
    boolean placeMark() {
        boolean fits = left >= 0 && capacity > 0;
        if (fits) {
            left -= BatchFormat.HEADER;
        }
        return fits;
    }

    /** Assigns a batch without entries to the first spare, with which a new segment begins; null without a spare. */
    @Nullable
    Segment placeMarkInNext() {
        Segment next = spares.pollFirst();
        if (next != null) {
            capacity = next.capacity;
            left = next.room() - BatchFormat.footprint(0);
        }
        return next;
    }

    /** True if a segment should be prepared: no spare is ready, and half of the present one is used. */
    boolean isLow() {
        return spares.isEmpty() && left <= capacity / 2;
    }

    ArrayDeque<Segment> spares() {
        return spares;
    }
}
