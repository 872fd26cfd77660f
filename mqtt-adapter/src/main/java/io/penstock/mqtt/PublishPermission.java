package io.penstock.mqtt;

import java.util.Optional;

/**
 * Decides which clients may publish to which topics. Called on event loops, by several at once, and once per topic
 * while a client repeats it; must not block. A forbidden publish with QoS 1 or 2 is refused with 0x87 in MQTT 5. MQTT 3
 * has no such answer and an acknowledgement would be wrong, so the connection is closed [MQTT-3.3.5-2 of 3.1.1]. With
 * QoS 0 the publish is dropped and counted. A client with a forbidden will is not admitted.
 */
@FunctionalInterface
public interface PublishPermission {
    boolean mayPublish(String clientId, Optional<String> userName, String topic);

    /**
     * What was decided while this is the same object still holds. Another one after the decisions have changed: topics
     * that clients repeat are then asked for again.
     */
    default Object version() {
        return this;
    }

    /** Permits every client every topic. */
    static PublishPermission all() {
        return (clientId, userName, topic) -> true;
    }
}
