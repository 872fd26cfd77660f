package io.penstock.base.bytes;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;

/**
 * Writes points in time as {@link Rfc3339} does. The text of a second is made once, because many events that follow
 * each other share it.
 */
@OwnedBy(ThreadRole.HOLDER)
public final class TimestampText {
    private final GrowingBytes text = new GrowingBytes(Rfc3339.LENGTH, Rfc3339.LENGTH);
    private long second = Long.MIN_VALUE;

    /** Adds the text without quotes; the second is one that {@link Rfc3339#canName} accepts. */
    public void append(long epochSecond, int nanos, GrowingBytes out) {
        if (epochSecond != second) {
            text.clear();
            Rfc3339.append(epochSecond, 0, text);
            second = epochSecond;
        }
        out.put(text.array(), 0, Rfc3339.BEFORE_NANOS);
        out.digits(nanos, 9);
        out.put('Z');
    }
}
