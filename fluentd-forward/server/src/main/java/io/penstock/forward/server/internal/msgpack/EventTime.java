package io.penstock.forward.server.internal.msgpack;

import io.penstock.base.bytes.Rfc3339;

/**
 * The time of an entry, in each form that senders use (forward protocol v1, "EventTime Ext Format"): the extension type
 * 0 of 8 bytes, seconds as an integer, seconds as a float. Nil, zero and what no calendar can name mean "not known" and
 * become the time of arrival, as Fluentd does for nil and zero. Mutable, reused by its owner.
 */
public final class EventTime {
    public static final int TYPE = 0;
    public static final int BYTES = 8;
    public static final int NANOS_PER_SECOND = 1_000_000_000;

    /**
     * In Fluent Bit's own format these seconds mark the begin and the end of a group of events: no events themselves.
     */
    private static final long GROUP_START = 0xffff_ffffL;

    private static final long GROUP_END = 0xffff_fffeL;

    public long seconds;
    public int nanos;
    public boolean known;

    /**
     * Reads the time at the cursor and moves past it.
     *
     * @return false when it is none
     */
    public boolean read(byte[] bytes, MsgpackCursor cursor) throws BadChunkException {
        int start = cursor.at();
        int type = cursor.type();
        cursor.skip();
        if (type == Msgpack.FIXEXT8 && bytes[start + 1] == TYPE) {
            eventTime(bytes, start + 2);
        } else if (type == Msgpack.EXT8 && bytes[start + 1] == BYTES && bytes[start + 2] == TYPE) {
            eventTime(bytes, start + 3);
        } else if (type == Msgpack.UINT64) {
            long bits = Msgpack.integer(bytes, start);
            set(bits < 0 ? Long.MAX_VALUE : bits, 0);
        } else if (Msgpack.isInteger(type)) {
            set(Msgpack.integer(bytes, start), 0);
        } else if (type == Msgpack.FLOAT32) {
            fraction(Float.intBitsToFloat((int) Msgpack.unsigned(bytes, start + 1, 4)));
        } else if (type == Msgpack.FLOAT64) {
            fraction(Double.longBitsToDouble(Msgpack.unsigned(bytes, start + 1, 8)));
        } else if (type == Msgpack.NIL) {
            known = false;
        } else {
            known = false;
            return false;
        }
        return true;
    }

    /** Whether the time is one of the two that mark a group of events in Fluent Bit's format. */
    public boolean marksGroup() {
        return nanos == 0 && (seconds == GROUP_START || seconds == GROUP_END);
    }

    private void eventTime(byte[] bytes, int at) {
        long nano = Msgpack.unsigned(bytes, at + 4, 4);
        // Some senders count the nanoseconds past a second.
        set(Msgpack.unsigned(bytes, at, 4) + nano / NANOS_PER_SECOND, (int) (nano % NANOS_PER_SECOND));
    }

    private void fraction(double value) {
        if (Math.abs(value) < Rfc3339.LAST) {
            double whole = Math.floor(value);
            long nano = Math.round((value - whole) * NANOS_PER_SECOND);
            set((long) whole + nano / NANOS_PER_SECOND, (int) (nano % NANOS_PER_SECOND));
        } else {
            known = false;
        }
    }

    private void set(long epochSeconds, int nanoOfSecond) {
        seconds = epochSeconds;
        nanos = nanoOfSecond;
        known = (epochSeconds != 0 || nanoOfSecond != 0) && Rfc3339.canName(epochSeconds);
    }
}
