package io.penstock.mqtt.internal.context;

import io.penstock.mqtt.Authenticator;
import io.penstock.mqtt.MqttLimits;
import io.penstock.mqtt.PublishHandler;
import io.penstock.mqtt.PublishPermission;
import io.penstock.mqtt.SubscribePolicy;
import io.penstock.mqtt.internal.limits.ClientMemory;

/** What all connections of one server share. Each component is thread-safe. */
public record ServerContext(
        MqttLimits limits,
        PublishHandler handler,
        Authenticator authenticator,
        PublishPermission permission,
        SubscribePolicy subscribe,
        Reporter reporter,
        ClientMemory memory) {}
