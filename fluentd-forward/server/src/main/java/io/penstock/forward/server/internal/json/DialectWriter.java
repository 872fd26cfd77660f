package io.penstock.forward.server.internal.json;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.bytes.Rfc3339;

/** What differs between programs that write the same record as JSON. Stateless. */
sealed interface DialectWriter permits PlainJson, FluentBitJson, FluentdJson {
    /**
     * Writes a JSON string; what is no UTF-8 in it becomes U+FFFD.
     *
     * @return how many sequences had to be replaced
     */
    int string(byte[] utf8, int from, int count, GrowingBytes out);

    /** Writes a number; {@code null} for NaN and the infinities, which JSON has no number for. */
    void number(double value, GrowingBytes out);

    /** Writes a number of single precision, which most programs know as a double. */
    default void number(float value, GrowingBytes out) {
        number((double) value, out);
    }

    /** Writes a number that is all of a record, where some programs do not write JSON. */
    default void numberAlone(double value, GrowingBytes out) {
        number(value, out);
    }

    /** As {@link #numberAlone(double, GrowingBytes)} for single precision. */
    default void numberAlone(float value, GrowingBytes out) {
        number(value, out);
    }

    /** Whether binary is written as text; otherwise in base64. */
    default boolean binaryIsText() {
        return true;
    }

    /** Writes a point in time that stands within a record. */
    default void time(long epochSeconds, int nanos, GrowingBytes out) {
        out.put('"');
        Rfc3339.append(epochSeconds, nanos, out);
        out.put('"');
    }
}
