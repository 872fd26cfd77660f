package io.penstock.agent.mqtt;

import io.penstock.agent.ingest.Event;
import io.penstock.agent.record.JsonPath;
import io.penstock.agent.record.OwnFields;
import io.penstock.agent.record.Payload;
import io.penstock.agent.record.PayloadForm;
import io.penstock.agent.record.RecordEncoder;
import io.penstock.agent.record.RecordFormat;
import io.penstock.agent.route.Destination;
import io.penstock.agent.route.Source;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.bytes.JsonText;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.Publish;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A publish as an event: what is its own in a record, and what a partition key may be made of. One instance serves the
 * publishes of an event loop, one after the other. But for rare MQTT 5 properties it allocates nothing.
 */
@OwnedBy(ThreadRole.HOLDER)
public final class MqttEvent implements Event, OwnFields {
    private static final byte[] TOPIC = JsonText.name("topic");
    private static final byte[] CLIENT_ID = next("clientid");
    private static final byte[] USER = next("user");
    private static final byte[] BRIDGE = next("bridge");
    private static final byte[] QOS = next("qos");
    private static final byte[] RETAIN = next("retain");
    private static final byte[] CONTENT_TYPE = next("content_type");
    private static final byte[] USER_PROPERTIES = next("user_properties");
    private static final byte[] RESPONSE_TOPIC = next("response_topic");
    private static final byte[] CORRELATION = next("correlation_base64");
    private static final byte[] EXPIRY = next("message_expiry");
    private static final byte[] PAYLOAD = next("payload");
    private static final byte[] PAYLOAD_BASE64 = next("payload_base64");

    private final Payload payload = new Payload();
    private final Source source;
    private final String bridge;
    private @Nullable Publish present;
    private boolean scalarsAreJson;
    private String lastTopic = "";
    private String lastBridgedTopic = "";

    private MqttEvent(Source source, String bridge) {
        this.source = source;
        this.bridge = bridge;
    }

    /** For what clients publish here. */
    public static MqttEvent ofClients() {
        return new MqttEvent(Source.MQTT, "");
    }

    /** For what the bridge of this name takes from its broker. */
    public static MqttEvent ofBridge(String name) {
        return new MqttEvent(Source.BRIDGE, name);
    }

    Source source() {
        return source;
    }

    /** Looks at {@code publish} until {@link #release}; returns itself. */
    public MqttEvent of(Publish publish) {
        present = publish;
        payload.set(publish.payload());
        return this;
    }

    @Override
    public void release() {
        present = null;
        payload.release();
    }

    @Override
    public boolean encode(Destination destination, RecordEncoder encoder, GrowingBytes out) {
        if (destination.format() == RecordFormat.RAW) {
            encoder.raw(payload, out);
        } else {
            scalarsAreJson = destination.payload() == PayloadForm.JSON;
            encoder.own(this, destination.fields(), out);
        }
        return true;
    }

    /** Of a bridge's event, the id is the agent's own and tells nothing. */
    @Override
    public String clientId() {
        return source == Source.BRIDGE ? "" : publish().clientId();
    }

    @Override
    public String bridge() {
        return bridge;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the topic is the same instance while it repeats
    public String bridgedTopic() {
        String topic = topic();
        if (topic != lastTopic || lastBridgedTopic.isEmpty()) {
            lastTopic = topic;
            lastBridgedTopic = bridge + "/" + topic;
        }
        return lastBridgedTopic;
    }

    @Override
    public String topic() {
        return publish().topic();
    }

    @Override
    public String user() {
        return source == Source.BRIDGE ? "" : publish().userName().orElse("");
    }

    @Override
    public boolean jsonField(JsonPath path, GrowingBytes into) {
        return payload.field(path, into);
    }

    private Publish publish() {
        Publish publish = present;
        if (publish == null) {
            throw new IllegalStateException("there is no publish to look at");
        }
        return publish;
    }

    private static byte[] next(String name) {
        byte[] plain = JsonText.name(name);
        byte[] next = new byte[plain.length + 1];
        next[0] = ',';
        System.arraycopy(plain, 0, next, 1, plain.length);
        return next;
    }

    @Override
    public void write(GrowingBytes out) {
        Publish publish = publish();
        out.put(TOPIC);
        JsonText.string(publish.topic(), out);
        if (source == Source.BRIDGE) {
            out.put(BRIDGE);
            JsonText.string(bridge, out);
        } else {
            out.put(CLIENT_ID);
            JsonText.string(publish.clientId(), out);
            text(USER, publish.userName(), out);
        }
        out.put(QOS);
        out.number(publish.qos());
        out.put(RETAIN);
        JsonText.bool(publish.retain(), out);
        properties(publish, out);
        payload(out);
    }

    private static void properties(Publish publish, GrowingBytes out) {
        text(CONTENT_TYPE, publish.contentType(), out);
        if (!publish.userProperties().isEmpty()) {
            out.put(USER_PROPERTIES);
            userProperties(publish.userProperties(), out);
        }
        text(RESPONSE_TOPIC, publish.responseTopic(), out);
        Optional<ByteBuffer> correlation = publish.correlationData();
        if (correlation.isPresent()) {
            out.put(CORRELATION);
            JsonText.base64(correlation.get(), out);
        }
        OptionalLong expiry = publish.messageExpiryInterval();
        if (expiry.isPresent()) {
            out.put(EXPIRY);
            out.number(expiry.getAsLong());
        }
    }

    private static void text(byte[] name, Optional<String> value, GrowingBytes out) {
        if (value.isPresent()) {
            out.put(name);
            JsonText.string(value.get(), out);
        }
    }

    /** An object from name to value; a name that repeats has an array of its values, in their order. */
    private static void userProperties(List<Publish.UserProperty> properties, GrowingBytes out) {
        Map<String, List<String>> byName = new LinkedHashMap<>();
        for (Publish.UserProperty property : properties) {
            byName.computeIfAbsent(property.name(), name -> new ArrayList<>(1)).add(property.value());
        }
        char before = '{';
        for (Map.Entry<String, List<String>> entry : byName.entrySet()) {
            out.put(before);
            JsonText.string(entry.getKey(), out);
            out.put(':');
            values(entry.getValue(), out);
            before = ',';
        }
        out.put('}');
    }

    private static void values(List<String> values, GrowingBytes out) {
        if (values.size() == 1) {
            JsonText.string(values.get(0), out);
            return;
        }
        char before = '[';
        for (String value : values) {
            out.put(before);
            JsonText.string(value, out);
            before = ',';
        }
        out.put(']');
    }

    private void payload(GrowingBytes out) {
        int start = out.length();
        out.put(PAYLOAD);
        byte[] bytes = payload.bytes();
        int from = payload.from();
        int end = payload.end();
        if (scalarsAreJson ? payload.isJson() : payload.isJsonContainer()) {
            out.put(bytes, from, end - from);
        } else if (!JsonText.validString(bytes, from, end, out)) {
            out.truncate(start);
            out.put(PAYLOAD_BASE64);
            JsonText.base64(bytes, from, end - from, out);
        }
    }
}
