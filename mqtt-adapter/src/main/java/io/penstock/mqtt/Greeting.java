package io.penstock.mqtt;

import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.util.concurrent.EventExecutor;
import io.penstock.mqtt.ClientMemory.Use;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a connection does before its client is admitted: takes CONNECT and has it decided. One event loop. */
final class Greeting {
    private final Holding base;
    private final Holding login;
    private final Supplier<Optional<String>> certificateName;
    private final Outbox outbox;
    private final Shared shared;
    private @Nullable PacketException turnedAway;
    private long stateBytes;
    private @Nullable ProtocolVersion version;
    private @Nullable Admittance admittance;

    /**
     * @param base what the connection holds in memory by being there
     * @param turnedAway what the client is only to be told; null if it may be admitted
     * @param certificateName the name in the client's certificate, once it has spoken
     */
    Greeting(
            Holding base,
            @Nullable PacketException turnedAway,
            Supplier<Optional<String>> certificateName,
            Outbox outbox,
            Shared shared) {
        this.base = base;
        this.login = shared.memory().holding(Use.LOGIN);
        this.turnedAway = turnedAway;
        this.shared = shared;
        this.certificateName = certificateName;
        this.outbox = outbox;
    }

    /** The client is only to be told {@code why}. */
    void turnAway(PacketException why) {
        turnedAway = why;
    }

    /** Checks the CONNECT that the inbox is at: it must be one that Netty may decode. */
    void check(Inbox inbox) {
        FrameCheck check = new FrameCheck();
        ProtocolVersion spoken = check.version(inbox.bytes(), inbox.bodyStart(), inbox.bodyEnd());
        version = spoken;
        outbox.speak(spoken, true, Long.MAX_VALUE);
        check.connect(spoken);
        if (turnedAway != null) {
            throw turnedAway;
        }
        stateBytes = check.stateBytes();
        if (check.loginBytes() <= ClientMemory.SMALL_LOGIN_BYTES) {
            login.moveTo(Use.SMALL_LOGIN);
        }
        if (!login.tryAdd(check.loginBytes())) {
            throw PacketException.of(
                    Rejection.QUOTA_EXCEEDED, 0x97, "CONNECT: there is no memory for it now; try again later");
        }
    }

    /** Has the decoded packet decided; {@code owner} is told, perhaps before this returns. */
    void decide(MqttConnectMessage packet, SocketAddress peer, EventExecutor executor, Admittance.Owner owner) {
        ProtocolVersion spoken = version;
        if (spoken == null) {
            throw new IllegalStateException("decoded before it was checked");
        }
        outbox.speak(spoken, true, Connect.maxPacketSize(packet));
        boolean noAliases = shared.memory().isShort(Use.STATE);
        Connect connect = Connect.read(
                packet, spoken, shared.limits(), noAliases ? 0 : shared.limits().topicAliasMaximum());
        if (!outbox.fitsConnack(connect.granted(shared.limits()))) {
            throw PacketException.of(
                    Rejection.PACKET_TOO_LARGE,
                    0x95,
                    "CONNECT: the CONNACK is larger than the " + connect.maxPacketSize()
                            + " bytes that the client takes [MQTT-3.1.2-24]");
        }
        Login said = connect.login(peer, certificateName.get());
        admittance = new Admittance(connect, said, login, base, stateBytes, executor, shared, owner);
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
        } else {
            login.release();
        }
    }
}
