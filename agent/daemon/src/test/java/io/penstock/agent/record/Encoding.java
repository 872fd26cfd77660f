package io.penstock.agent.record;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/** An encoder at a fixed moment with predictable ids, and the texts that it writes. */
final class Encoding {
    static final String TIME = "2026-01-02T03:04:05.000000678Z";
    static final FieldNames NO_FIELDS = new FieldNames(Optional.empty(), Optional.empty(), Optional.empty());

    final RecordEncoder encoder = new RecordEncoder(() -> Instant.parse(TIME), new RecordIds(1));

    static Payload payload(byte[] bytes) {
        Payload payload = new Payload();
        payload.set(Unpooled.wrappedBuffer(bytes));
        return payload;
    }

    static Payload payload(String text) {
        return payload(text.getBytes(StandardCharsets.UTF_8));
    }

    String mqtt(FakePublish publish, FieldNames fields) {
        Payload payload = new Payload();
        payload.set(publish.payload());
        encoder.mqtt(publish, payload, fields);
        return record();
    }

    String object(String json, FieldNames fields, String id) {
        encoder.object(payload(json), fields, id);
        return record();
    }

    String text(String text, FieldNames fields, String id) {
        assertTrue(encoder.text(payload(text), fields, id));
        return record();
    }

    String record() {
        RecordBuffer record = encoder.record();
        assertFalse(record.overflowed());
        return new String(record.array(), 0, record.length(), StandardCharsets.UTF_8);
    }
}
