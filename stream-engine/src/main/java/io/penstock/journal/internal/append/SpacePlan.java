package io.penstock.journal.internal.append;

import io.penstock.journal.internal.segment.BatchFormat;
import io.penstock.journal.internal.segment.Segment;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Which segment the next groups go to: what is accepted always has prepared room, so that a full disk is met before an
 * append is, never after. Guarded by its {@link Appender}.
 */
final class SpacePlan {
    private final ArrayDeque<Segment> spares = new ArrayDeque<>();
    /** As {@link Segment#room}; negative once a mark has taken its place. */
    private long left;

    private long capacity;

    /** Goes on with {@code left} bytes of a segment of {@code capacity} bytes. */
    void start(long left, long capacity) {
        this.left = left;
        this.capacity = capacity;
    }

    void add(Segment spare) {
        spares.addLast(spare);
    }

    /** The largest batch, header included, that has a place. */
    int largest(int wanted) {
        long room = left;
        for (Segment spare : spares) {
            room = Math.max(room, spare.room());
        }
        return (int) Math.min(wanted, room);
    }

    /**
     * Assigns a batch with entries of {@code bytes} that {@link #largest} allowed: the segment to roll to, or null to
     * stay.
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
     * Assigns a batch without entries to where the last one went, if it fits: after one with entries it always does.
     */
    boolean placeMark() {
        boolean fits = left >= 0 && capacity > 0;
        if (fits) {
            left -= BatchFormat.HEADER;
        }
        return fits;
    }

    /** Whether it is time to prepare a segment: none is ready, and half of this one is used. */
    boolean isLow() {
        return spares.isEmpty() && left <= capacity / 2;
    }

    ArrayDeque<Segment> spares() {
        return spares;
    }
}
