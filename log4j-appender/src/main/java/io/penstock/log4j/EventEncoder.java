package io.penstock.log4j;

import io.penstock.forward.client.EntryWriter;
import org.apache.logging.log4j.core.LogEvent;

/** Turns an event into the fields of a record. Immutable; any thread. */
interface EventEncoder {
    /**
     * Writes the record's names and values.
     *
     * @param scratch an empty buffer for text under construction
     */
    void encode(LogEvent event, EntryWriter record, StringBuilder scratch);
}
