package io.penstock.agent.route;

import io.penstock.agent.record.JsonPath;
import io.penstock.base.bytes.GrowingBytes;

/** What a {@link KeyTemplate} may ask of an event. What the event's source does not know is empty. */
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

    /** The {@code service.name} of OpenTelemetry. */
    default String service() {
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
}
