package io.penstock.mqtt;

import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.util.concurrent.EventExecutor;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a connection does before its client is admitted: takes CONNECT and has it decided. One event loop. */
final class Greeting {
    private final boolean crowdedOut;
    private final Supplier<Optional<String>> certificateName;
    private final Outbox outbox;
    private @Nullable ProtocolVersion version;
    private @Nullable Admittance admittance;

    /**
     * @param crowdedOut the connection is beyond the bound and is only to be told so
     * @param certificateName the name in the client's certificate, once it has spoken
     */
    Greeting(boolean crowdedOut, Supplier<Optional<String>> certificateName, Outbox outbox) {
        this.crowdedOut = crowdedOut;
        this.certificateName = certificateName;
        this.outbox = outbox;
    }

    /** Checks the CONNECT that the inbox is at: it must be one that Netty may decode. */
    void check(Inbox inbox) {
        FrameCheck check = new FrameCheck();
        ProtocolVersion spoken = check.version(inbox.bytes(), inbox.bodyStart(), inbox.bodyEnd());
        version = spoken;
        outbox.speak(spoken, true, Long.MAX_VALUE);
        check.connect(spoken);
        if (crowdedOut) {
            throw PacketException.of(
                    Rejection.TOO_MANY_CONNECTIONS, 0x89, "all connections that the server allows are taken");
        }
    }

    /** Has the decoded packet decided; {@code owner} is told, perhaps before this returns. */
    void decide(
            MqttConnectMessage packet,
            SocketAddress peer,
            EventExecutor executor,
            Shared shared,
            Admittance.Owner owner) {
        ProtocolVersion spoken = version;
        if (spoken == null) {
            throw new IllegalStateException("decoded before it was checked");
        }
        outbox.speak(spoken, true, Connect.maxPacketSize(packet));
        Connect connect = Connect.read(packet, spoken, shared.limits());
        if (!outbox.fitsConnack(connect.granted(shared.limits()))) {
            throw PacketException.of(
                    Rejection.PACKET_TOO_LARGE,
                    0x95,
                    "CONNECT: the CONNACK is larger than the " + connect.maxPacketSize()
                            + " bytes that the client takes [MQTT-3.1.2-24]");
        }
        Login login = connect.login(peer, certificateName.get());
        admittance = new Admittance(connect, login, executor, shared, owner);
        admittance.begin();
    }

    /** Tells the client why it is not admitted, as far as its protocol allows. */
    void refuse(PacketException why) {
        if (version != null || why.rejection() == Rejection.UNSUPPORTED_VERSION) {
            outbox.connackRefusal(why.reasonCode(), why.text());
        }
    }

    /** The connection is gone. */
    void abandon() {
        if (admittance != null) {
            admittance.abandon();
        }
    }
}
