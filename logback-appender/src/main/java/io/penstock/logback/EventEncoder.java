package io.penstock.logback;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.penstock.forward.client.EntryWriter;

/** Turns an event into the fields of a record. Immutable; any thread. */
interface EventEncoder {
    /** Writes the record's names and values. */
    void encode(ILoggingEvent event, EntryWriter record);
}
