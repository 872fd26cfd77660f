package io.penstock.mqtt;

import java.util.Optional;

/**
 * Decides who may publish where. Called on event loops, several at once, once per topic while a client repeats it; must
 * not block. What is not permitted is refused with 0x87 in MQTT 5 with QoS 1 and 2. MQTT 3 knows no such answer and an
 * acknowledgement would lie, so that the connection is closed [MQTT-3.3.5-2 of 3.1.1]; with QoS 0 the publish is
 * dropped and counted. A client whose will is not permitted is not admitted.
 */
@FunctionalInterface
public interface PublishPermission {
    boolean mayPublish(String clientId, Optional<String> userName, String topic);

    /** Everybody may publish everywhere. */
    static PublishPermission all() {
        return (clientId, userName, topic) -> true;
    }
}
