package io.penstock.forward.server;

import io.penstock.base.bytes.GrowingBytes;

/** One event: when it was, and its record, to be written as JSON. Valid until its source steps on. */
public interface ForwardRecord {
    /** The event's time: seconds since 1970 UTC, within the years 1 to 9999. */
    long seconds();

    /** The event's time: nanoseconds of the second. */
    int nanos();

    /** In which dialect JSON is written from here on; {@link JsonDialect#PLAIN} unless told. */
    void dialect(JsonDialect dialect);

    /**
     * Writes the event's record as a JSON object without the closing brace, so that the caller may add fields.
     *
     * @param inPlace what takes the place of the record's own values of {@code names}
     * @return which of {@code names} the record has already: bit i for name i
     */
    long writeFields(GrowingBytes out, FieldSet names, FieldValues inPlace);

    /** Writes the event's record as a JSON object. */
    void write(GrowingBytes out);

    /**
     * Writes the value of the record's field {@code name}: text as it is, without quotes and escapes, anything else as
     * JSON.
     *
     * @return whether it has that field; if not, nothing is written
     */
    boolean writeValue(String name, GrowingBytes out);

    /**
     * Writes the value of the record's field {@code name} as JSON.
     *
     * @return whether it has that field; if not, nothing is written
     */
    boolean writeJsonValue(String name, GrowingBytes out);
}
