package io.penstock.mqtt;

import java.net.SocketAddress;
import java.util.Optional;

/** Who is at the other end of an admitted connection. */
record Client(String id, Optional<String> userName, ProtocolVersion version, SocketAddress address) {
    boolean speaks5() {
        return version == ProtocolVersion.MQTT_5;
    }
}
