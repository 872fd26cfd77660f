package io.penstock.mqtt.internal.connect;

import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.util.concurrent.EventExecutor;
import io.penstock.mqtt.Login;
import io.penstock.mqtt.ProtocolVersion;
import io.penstock.mqtt.Rejection;
import io.penstock.mqtt.internal.context.ServerContext;
import io.penstock.mqtt.internal.limits.ClientMemory;
import io.penstock.mqtt.internal.limits.ClientMemory.Use;
import io.penstock.mqtt.internal.limits.Holding;
import io.penstock.mqtt.internal.session.Sessions;
import io.penstock.mqtt.internal.wire.FrameCheck;
import io.penstock.mqtt.internal.wire.Inbox;
import io.penstock.mqtt.internal.wire.Outbox;
import io.penstock.mqtt.internal.wire.PacketException;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The part of a connection before the client is admitted: receives CONNECT and gets the decision. One event loop. */
public final class ConnectPhase {
    private final Holding base;
    private final Holding login;
    private final Supplier<Optional<String>> certificateName;
    private final Outbox outbox;
    private final ServerContext context;
    private final Sessions sessions;
    private @Nullable PacketException turnedAway;
    private long stateBytes;
    private @Nullable ProtocolVersion version;
    private @Nullable ConnectProcedure procedure;

    /**
     * @param base memory of the connection itself
     * @param turnedAway the refusal that the client will get; null if the client may be admitted
     * @param certificateName the name in the client's certificate; called after the TLS handshake
     */
    public ConnectPhase(
            Holding base,
            @Nullable PacketException turnedAway,
            Supplier<Optional<String>> certificateName,
            Outbox outbox,
            Sessions sessions) {
        this.base = base;
        this.login = sessions.context().memory().holding(Use.LOGIN);
        this.turnedAway = turnedAway;
        this.sessions = sessions;
        this.context = sessions.context();
        this.certificateName = certificateName;
        this.outbox = outbox;
    }

    /** Decides that the client will only be told {@code why}. */
    public void turnAway(PacketException why) {
        turnedAway = why;
    }

    /** Checks the CONNECT at the front of the inbox before Netty decodes it. */
    public void check(Inbox inbox) {
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

    /** Starts the decision on the decoded packet; {@code owner} is called, possibly before this returns. */
    public void decide(
            MqttConnectMessage packet, SocketAddress peer, EventExecutor executor, ConnectProcedure.Owner owner) {
        ProtocolVersion spoken = version;
        if (spoken == null) {
            throw new IllegalStateException("decoded before it was checked");
        }
        outbox.speak(spoken, true, Connect.maxPacketSize(packet));
        boolean noAliases = context.memory().isShort(Use.STATE);
        Connect connect = Connect.read(
                packet,
                spoken,
                context.limits(),
                noAliases ? 0 : context.limits().topicAliasMaximum());
        if (!outbox.fitsConnack(connect.granted(context.limits()))) {
            throw PacketException.of(
                    Rejection.PACKET_TOO_LARGE,
                    0x95,
                    "CONNECT: the CONNACK is larger than the " + connect.maxPacketSize()
                            + " bytes that the client takes [MQTT-3.1.2-24]");
        }
        Login said = connect.login(peer, certificateName.get());
        procedure = new ConnectProcedure(connect, said, login, base, stateBytes, executor, sessions, owner);
        procedure.begin();
    }

    /** Tells the client why it is refused, if its protocol version has a way. */
    public void refuse(PacketException why) {
        if (version != null || why.rejection() == Rejection.UNSUPPORTED_VERSION) {
            outbox.connackRefusal(why.reasonCode(), why.text());
        }
    }

    /** The connection has ended. */
    public void abandon() {
        if (procedure != null) {
            procedure.abandon();
        } else {
            login.release();
        }
    }
}
