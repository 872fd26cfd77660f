package io.penstock.log4j;

import io.penstock.forward.client.EntryWriter;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.time.Instant;
import org.apache.logging.log4j.core.util.Constants;

/**
 * Encodes events on the logging thread into memory that the thread keeps, so that an event costs no allocation. In web
 * applications, where Log4j must not keep data in threads ({@code log4j2.enable.threadlocals}), each event gets new
 * memory.
 */
final class EventEncoders {
    private static final int KEPT_CHARACTERS = 16 * 1024;

    private final EventEncoder encoder;
    private final int maxBytes;
    private final ThreadLocal<Memory> memories;

    EventEncoders(EventEncoder encoder, int maxBytes) {
        this.encoder = encoder;
        this.maxBytes = maxBytes;
        this.memories = ThreadLocal.withInitial(this::fresh);
    }

    private static final class Memory {
        final EntryWriter entry;
        StringBuilder scratch = new StringBuilder(256);
        boolean inUse;

        Memory(int maxBytes) {
            entry = new EntryWriter(maxBytes);
        }
    }

    /** Encodes the event. The result is valid until this thread encodes the next event. */
    EntryWriter encode(LogEvent event) {
        Memory own = Constants.ENABLE_THREADLOCALS ? memories.get() : fresh();
        // Formatting a message may log: then this thread comes here again while its memory is in use.
        Memory memory = own.inUse ? fresh() : own;
        memory.inUse = true;
        try {
            Instant time = event.getInstant();
            memory.scratch.setLength(0);
            memory.entry.begin(time.getEpochSecond(), time.getNanoOfSecond());
            encoder.encode(event, memory.entry, memory.scratch);
            memory.entry.end();
            return memory.entry;
        } finally {
            memory.inUse = false;
            if (memory.scratch.capacity() > KEPT_CHARACTERS) {
                memory.scratch = new StringBuilder(256);
            }
        }
    }

    private Memory fresh() {
        return new Memory(maxBytes);
    }
}
