package io.penstock.mqtt.internal.wire;

import io.penstock.mqtt.ProtocolVersion;
import java.net.SocketAddress;
import java.util.Optional;

/** The client of an admitted connection. */
public record Client(String id, Optional<String> userName, ProtocolVersion version, SocketAddress address) {
    public boolean speaks5() {
        return version == ProtocolVersion.MQTT_5;
    }
}
