package io.penstock.forward.server;

import io.penstock.base.bytes.GrowingBytes;

/** Values that take the place of a record's own in fields of a {@link FieldSet}. */
@FunctionalInterface
public interface FieldValues {
    /** The record's own values stay. */
    FieldValues NONE = (field, out) -> false;

    /**
     * Writes the JSON value of field {@code field} of the set, or nothing if the record's own stays.
     *
     * @return whether a value was written
     */
    boolean write(int field, GrowingBytes out);
}
