package io.penstock.agent.route;

import io.penstock.agent.record.RecordFormat;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;

/** What events come from, as the first word of {@code match:} names it. */
public enum Source {
    MQTT(
            "mqtt",
            Placeholder.TOPIC,
            EnumSet.of(Placeholder.CLIENT_ID, Placeholder.TOPIC, Placeholder.USER, Placeholder.FIELD)),
    FORWARD("forward", Placeholder.TAG, EnumSet.of(Placeholder.TAG, Placeholder.USER, Placeholder.FIELD)),
    LOG4J("log4j", Placeholder.LOGGER, EnumSet.of(Placeholder.LOGGER, Placeholder.FIELD)),
    HTTP("http", Placeholder.STREAM, EnumSet.of(Placeholder.STREAM, Placeholder.USER, Placeholder.FIELD)),
    OTLP("otlp", Placeholder.SERVICE, EnumSet.of(Placeholder.SERVICE, Placeholder.USER, Placeholder.FIELD)),
    KINESIS("kinesis", Placeholder.STREAM, EnumSet.of(Placeholder.STREAM, Placeholder.KEY, Placeholder.FIELD)),
    BRIDGE(
            "bridge",
            KeyFields::bridgedTopic,
            EnumSet.of(Placeholder.BRIDGE, Placeholder.TOPIC),
            EnumSet.of(Placeholder.BRIDGE, Placeholder.TOPIC, Placeholder.FIELD));

    private static final Set<String> OF_MQTT = Set.of(
            "topic",
            "clientid",
            "user",
            "qos",
            "retain",
            "content_type",
            "user_properties",
            "response_topic",
            "correlation_base64",
            "message_expiry",
            "payload",
            "payload_base64");

    private static final Set<String> OF_BRIDGE = Set.of(
            "topic",
            "bridge",
            "qos",
            "retain",
            "content_type",
            "user_properties",
            "response_topic",
            "correlation_base64",
            "message_expiry",
            "payload",
            "payload_base64");

    private static final Set<String> OF_OTLP = Set.of(
            "resource",
            "scope",
            "timeUnixNano",
            "observedTimeUnixNano",
            "severityNumber",
            "severityText",
            "eventName",
            "body",
            "attributes",
            "droppedAttributesCount",
            "flags",
            "traceId",
            "spanId");

    private final String word;
    private final Function<KeyFields, String> name;
    private final Set<Placeholder> ofName;
    private final Set<Placeholder> placeholders;

    /**
     * @param name what of its events a pattern is matched against
     * @param placeholders what its events can be asked for
     */
    Source(String word, Placeholder name, Set<Placeholder> placeholders) {
        this(word, name::of, EnumSet.of(name), placeholders);
    }

    /** @param ofName placeholders that stand for the name or a part of it */
    Source(String word, Function<KeyFields, String> name, Set<Placeholder> ofName, Set<Placeholder> placeholders) {
        this.word = word;
        this.name = name;
        this.ofName = ofName;
        this.placeholders = Collections.unmodifiableSet(placeholders);
    }

    /** The word in {@code match:}; but for sources whose events name theirs, also the stream without routes. */
    public String word() {
        return word;
    }

    /** What of {@code event} a pattern is matched against. */
    String nameOf(KeyFields event) {
        return name.apply(event);
    }

    /** The names of fields that its events may write themselves; empty where a client chooses them. */
    public Set<String> ownFields() {
        return switch (this) {
            case MQTT -> OF_MQTT;
            case BRIDGE -> OF_BRIDGE;
            case OTLP -> OF_OTLP;
            case FORWARD, LOG4J, HTTP, KINESIS -> Set.of();
        };
    }

    /** Whether {@code placeholder} stands for {@link #nameOf}, or for a part of it. */
    boolean isName(Placeholder placeholder) {
        return ofName.contains(placeholder);
    }

    /** Whether its clients name the stream of each event. */
    boolean namesStreams() {
        return ofName.contains(Placeholder.STREAM);
    }

    Set<Placeholder> placeholders() {
        return placeholders;
    }

    /** The format where none is configured. */
    public RecordFormat defaultFormat() {
        return this == KINESIS ? RecordFormat.RAW : RecordFormat.JSON;
    }

    /** The partition key where none is configured. */
    public KeyTemplate defaultKey() {
        return switch (this) {
            case MQTT -> KeyTemplate.CLIENT_ID;
            case BRIDGE -> KeyTemplate.TOPIC;
            case KINESIS -> KeyTemplate.RECORD_KEY;
            default -> KeyTemplate.RANDOM;
        };
    }
}
