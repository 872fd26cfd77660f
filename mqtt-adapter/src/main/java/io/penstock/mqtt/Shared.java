package io.penstock.mqtt;

/** What all connections of one server have in common. Each component is thread-safe. */
record Shared(
        MqttLimits limits,
        PublishHandler handler,
        Authenticator authenticator,
        PublishPermission permission,
        Reporter reporter,
        Sessions sessions,
        Connections connections,
        ClientMemory memory,
        Waits waits) {}
