package io.penstock.agent.route;

import io.penstock.agent.record.JsonPath;
import io.penstock.base.bytes.GrowingBytes;

/**
 * What a route may ask of an event: to find its destination, and for the templates of stream and partition key. What
 * the event's source does not know is empty.
 */
public interface KeyFields {
    default String clientId() {
        return "";
    }

    default String topic() {
        return "";
    }

    default String tag() {
        return "";
    }

    default String logger() {
        return "";
    }

    /** The name of the bridge that took the event from a broker. */
    default String bridge() {
        return "";
    }

    /** {@link #bridge} and {@link #topic} with a slash between them. */
    default String bridgedTopic() {
        return bridge() + "/" + topic();
    }

    /** The OpenTelemetry resource's {@code service.name}. */
    default String service() {
        return "";
    }

    /** The stream that the client names, valid as a {@link StreamName}. */
    default String stream() {
        return "";
    }

    /** The partition key of a record that came as one. */
    default String recordKey() {
        return "";
    }

    /** The name of the authenticated user. */
    default String user() {
        return "";
    }

    /**
     * Appends the text of a JSON field of the event: a string's characters, a number or boolean as it stands.
     *
     * @return false, and nothing appended, when there is none
     */
    default boolean jsonField(JsonPath path, GrowingBytes into) {
        return false;
    }

    /** Of records for {@code stream} from {@code user}, who is nobody if empty. */
    static KeyFields posted(String stream, String user) {
        return new Names("", "", "", stream, user);
    }

    /** Of events under {@code tag}. */
    static KeyFields tagged(String tag, String user) {
        return new Names(tag, "", "", "", user);
    }

    /** Of events of {@code logger}. */
    static KeyFields loggedBy(String logger) {
        return new Names("", logger, "", "", "");
    }

    /** Of log records of {@code service}. */
    static KeyFields emittedBy(String service, String user) {
        return new Names("", "", service, "", user);
    }

    /** For a look at the routes before there is an event. */
    record Names(String tag, String logger, String service, String stream, String user) implements KeyFields {}
}
