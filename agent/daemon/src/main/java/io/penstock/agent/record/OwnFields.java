package io.penstock.agent.record;

import io.penstock.base.bytes.GrowingBytes;

/** What a source knows of its event, as fields of the record. */
@FunctionalInterface
public interface OwnFields {
    /** Writes at least one field, with commas between them. */
    void write(GrowingBytes out);
}
