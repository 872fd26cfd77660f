package io.penstock.agent.record;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.penstock.agent.mqtt.MqttEvent;
import io.penstock.agent.route.Source;
import io.penstock.base.bytes.GrowingBytes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/** An encoder at a fixed moment with predictable ids, and the texts that it writes. */
final class Encoding {
    static final String TIME = "2026-01-02T03:04:05.000000678Z";
    static final FieldNames NO_FIELDS = new FieldNames(Optional.empty(), Optional.empty(), Optional.empty());

    final RecordEncoder encoder =
            new RecordEncoder(() -> Instant.parse(TIME), new RecordIds(1), Source.MQTT.ownFields());
    final GrowingBytes out = new GrowingBytes(64, RecordEncoder.MAX_BYTES);

    static Payload payload(byte[] bytes) {
        Payload payload = new Payload();
        payload.set(Unpooled.wrappedBuffer(bytes));
        return payload;
    }

    static Payload payload(String text) {
        return payload(text.getBytes(StandardCharsets.UTF_8));
    }

    String mqtt(FakePublish publish, FieldNames fields) {
        encode(publish, fields);
        return record();
    }

    /** Of what a bridge brings. */
    String bridged(String bridge, FakePublish publish, FieldNames fields) {
        out.clear();
        new RecordEncoder(() -> Instant.parse(TIME), new RecordIds(1), Source.BRIDGE.ownFields())
                .own(MqttEvent.ofBridge(bridge).of(publish), fields, out);
        return record();
    }

    /** Leaves the record in {@link #out}. */
    void encode(FakePublish publish, FieldNames fields) {
        out.clear();
        encoder.own(MqttEvent.ofClients().of(publish), fields, out);
    }

    void raw(Payload payload) {
        out.clear();
        encoder.raw(payload, out);
    }

    String object(String json, FieldNames fields, String id) {
        out.clear();
        encoder.object(payload(json), fields, id, null, out);
        return record();
    }

    String text(String text, FieldNames fields, String id) {
        out.clear();
        assertTrue(encoder.text(payload(text), fields, id, out));
        return record();
    }

    String record() {
        assertFalse(out.overflowed());
        return out.toString();
    }
}
