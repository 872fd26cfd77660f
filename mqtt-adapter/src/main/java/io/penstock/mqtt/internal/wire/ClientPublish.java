package io.penstock.mqtt.internal.wire;

import io.penstock.mqtt.ProtocolVersion;
import io.penstock.mqtt.Publish;
import java.net.SocketAddress;
import java.util.Optional;

/** A publish of an admitted client. */
interface ClientPublish extends Publish {
    Client client();

    @Override
    default String clientId() {
        return client().id();
    }

    @Override
    default Optional<String> userName() {
        return client().userName();
    }

    @Override
    default ProtocolVersion protocolVersion() {
        return client().version();
    }

    @Override
    default SocketAddress remoteAddress() {
        return client().address();
    }
}
