package io.penstock.mqtt.internal.context;

import io.penstock.base.fault.Guard;
import io.penstock.mqtt.Authenticator;
import io.penstock.mqtt.MqttLimits;
import io.penstock.mqtt.PublishHandler;
import io.penstock.mqtt.PublishPermission;
import io.penstock.mqtt.SubscribePolicy;
import io.penstock.mqtt.internal.limits.ClientMemory;
import io.penstock.mqtt.session.SessionStore;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What all connections of one server share. Each component is thread-safe.
 *
 * @param guard of timers: an exception of one harms no other
 * @param store keeps sessions over a restart; empty: sessions end with the process
 */
public record ServerContext(
        MqttLimits limits,
        PublishHandler handler,
        Authenticator authenticator,
        PublishPermission permission,
        Supplier<SubscribePolicy> subscribing,
        Reporter reporter,
        ClientMemory memory,
        Guard guard,
        Optional<SessionStore> store) {
    /** What clients that connect now are told when they subscribe. */
    public SubscribePolicy subscribe() {
        return subscribing.get();
    }
}
