package io.penstock.log4j;

import io.penstock.forward.client.EntryWriter;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.time.Instant;
import org.apache.logging.log4j.core.util.Constants;

/**
 * Encodes events on whatever thread logs them, into memory of that thread, so that an event costs no allocation. Where
 * Log4j must not keep anything in threads ({@code log4j2.enable.threadlocals}, web applications) each event gets memory
 * of its own.
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

    /** The event, encoded; valid until this thread encodes the next. */
    EntryWriter encode(LogEvent event) {
        Memory own = Constants.ENABLE_THREADLOCALS ? memories.get() : fresh();
        // A message whose formatting logs something comes here again before the first is done.
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
