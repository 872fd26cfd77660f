package io.penstock.agent.record;

import io.penstock.mqtt.Publish;
import io.penstock.mqtt.UserProperty;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Writes what is a publish's own into a record. One thread. */
final class MqttFields {
    /** All the names that it may write. */
    static final Set<String> NAMES = Set.of(
            "topic",
            "clientid",
            "qos",
            "retain",
            "content_type",
            "user_properties",
            "response_topic",
            "correlation_base64",
            "message_expiry",
            "payload",
            "payload_base64");

    private static final byte[] TOPIC = JsonWriter.name("topic");
    private static final byte[] CLIENT_ID = next("clientid");
    private static final byte[] QOS = next("qos");
    private static final byte[] RETAIN = next("retain");
    private static final byte[] CONTENT_TYPE = next("content_type");
    private static final byte[] USER_PROPERTIES = next("user_properties");
    private static final byte[] RESPONSE_TOPIC = next("response_topic");
    private static final byte[] CORRELATION = next("correlation_base64");
    private static final byte[] EXPIRY = next("message_expiry");
    private static final byte[] PAYLOAD = next("payload");
    private static final byte[] PAYLOAD_BASE64 = next("payload_base64");

    private final RecordBuffer out;
    private final JsonWriter json;

    MqttFields(RecordBuffer out, JsonWriter json) {
        this.out = out;
        this.json = json;
    }

    private static byte[] next(String name) {
        byte[] plain = JsonWriter.name(name);
        byte[] next = new byte[plain.length + 1];
        next[0] = ',';
        System.arraycopy(plain, 0, next, 1, plain.length);
        return next;
    }

    void write(Publish publish, Payload payload) {
        out.put(TOPIC);
        json.string(publish.topic());
        out.put(CLIENT_ID);
        json.string(publish.clientId());
        out.put(QOS);
        json.number(publish.qos());
        out.put(RETAIN);
        json.bool(publish.retain());
        properties(publish);
        payload(payload);
    }

    private void properties(Publish publish) {
        text(CONTENT_TYPE, publish.contentType());
        if (!publish.userProperties().isEmpty()) {
            out.put(USER_PROPERTIES);
            userProperties(publish.userProperties());
        }
        text(RESPONSE_TOPIC, publish.responseTopic());
        Optional<ByteBuffer> correlation = publish.correlationData();
        if (correlation.isPresent()) {
            out.put(CORRELATION);
            json.base64(correlation.get());
        }
        OptionalLong expiry = publish.messageExpiryInterval();
        if (expiry.isPresent()) {
            out.put(EXPIRY);
            json.number(expiry.getAsLong());
        }
    }

    private void text(byte[] name, Optional<String> value) {
        if (value.isPresent()) {
            out.put(name);
            json.string(value.get());
        }
    }

    /** An object from name to value; a name that repeats has an array of its values, in their order. */
    private void userProperties(List<UserProperty> properties) {
        Map<String, List<String>> byName = new LinkedHashMap<>();
        for (UserProperty property : properties) {
            byName.computeIfAbsent(property.name(), name -> new ArrayList<>(1)).add(property.value());
        }
        char before = '{';
        for (Map.Entry<String, List<String>> entry : byName.entrySet()) {
            out.put(before);
            json.string(entry.getKey());
            out.put(':');
            values(entry.getValue());
            before = ',';
        }
        out.put('}');
    }

    private void values(List<String> values) {
        if (values.size() == 1) {
            json.string(values.get(0));
            return;
        }
        char before = '[';
        for (String value : values) {
            out.put(before);
            json.string(value);
            before = ',';
        }
        out.put(']');
    }

    private void payload(Payload payload) {
        int start = out.length();
        out.put(PAYLOAD);
        if (payload.isJsonContainer()) {
            out.put(payload.bytes(), payload.from(), payload.end() - payload.from());
        } else if (!json.string(payload.bytes(), payload.from(), payload.end())) {
            out.truncate(start);
            out.put(PAYLOAD_BASE64);
            json.base64(ByteBuffer.wrap(payload.bytes(), payload.from(), payload.end() - payload.from()));
        }
    }
}
