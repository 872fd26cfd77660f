package io.penstock.log4j;

import io.penstock.forward.client.EntryWriter;
import org.apache.logging.log4j.core.LogEvent;

/** Turns an event into the fields of a record. Stateless but for its configuration: any thread. */
interface EventEncoder {
    /**
     * Writes names and values.
     *
     * @param scratch for text under construction; empty at the call
     */
    void encode(LogEvent event, EntryWriter record, StringBuilder scratch);
}
