package io.penstock.mqtt.internal.connect;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.Waiter;
import io.penstock.base.text.CauseText;
import io.penstock.base.text.OneLine;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.Authenticator;
import io.penstock.mqtt.Login;
import io.penstock.mqtt.ProtocolVersion;
import io.penstock.mqtt.Rejection;
import io.penstock.mqtt.internal.context.ServerContext;
import io.penstock.mqtt.internal.limits.ClientMemory;
import io.penstock.mqtt.internal.limits.ClientMemory.Use;
import io.penstock.mqtt.internal.limits.Holding;
import io.penstock.mqtt.internal.session.Session;
import io.penstock.mqtt.internal.session.SessionClaim;
import io.penstock.mqtt.internal.session.Sessions;
import io.penstock.mqtt.internal.wire.Client;
import io.penstock.mqtt.internal.wire.ConnectPacket;
import io.penstock.mqtt.internal.wire.FrameCheck;
import io.penstock.mqtt.internal.wire.Inbox;
import io.penstock.mqtt.internal.wire.KeptWill;
import io.penstock.mqtt.internal.wire.Outbox;
import io.penstock.mqtt.internal.wire.PacketException;
import io.penstock.mqtt.internal.wire.Will;
import io.penstock.mqtt.internal.wire.WillMessage;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The part of a connection before the client is admitted: checks CONNECT, asks the authenticator, claims the client
 * identifier. Until then the connection processes no other packet.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class ConnectPhase implements SessionClaim.Holder {
    /** Receives the admitted client, on the event loop. */
    public interface Admission {
        /** @param state accounts for the memory of will and user name */
        void admitted(
                Client client, Connect connect, Holding state, SessionClaim claim, Session session, boolean present);
    }

    private static final byte[] NO_DETAILS = {};

    private final Holding base;
    /** Accounts for the CONNECT; released when the decision is made, also if the connection ends before. */
    private final Holding loginMemory;

    private final Supplier<Optional<String>> certificateName;
    private final Outbox outbox;
    private final EventExecutor executor;
    private final ServerContext context;
    private final Sessions sessions;
    private final Admission admission;
    private final Consumer<PacketException> reject;
    private @Nullable PacketException turnedAway;
    /** Memory of will and user name. */
    private long stateBytes;

    private @Nullable ProtocolVersion version;

    // The fields below belong to the decision on one CONNECT.
    private boolean begun;
    private boolean abandoned;
    private @Nullable Holding state;
    /** Waits until the session is written down; null if it need not be. */
    private @Nullable Waiter durable;

    /** Until the client is admitted. */
    private @Nullable SessionClaim claim;

    private Optional<String> userName = Optional.empty();
    /** Null once the client is admitted, so that the password and other unneeded data do not stay in memory. */
    private @Nullable Connect connect;

    private @Nullable Login login;

    /**
     * @param base memory of the connection itself
     * @param turnedAway the refusal that the client will get; null if the client may be admitted
     * @param certificateName the name in the client's certificate; called after the TLS handshake
     * @param reject ends the connection of a client that is refused or, later, taken over
     */
    public ConnectPhase(
            Holding base,
            @Nullable PacketException turnedAway,
            Supplier<Optional<String>> certificateName,
            Outbox outbox,
            EventExecutor executor,
            Sessions sessions,
            Admission admission,
            Consumer<PacketException> reject) {
        this.base = base;
        this.loginMemory = sessions.context().memory().holding(Use.LOGIN);
        this.turnedAway = turnedAway;
        this.certificateName = certificateName;
        this.outbox = outbox;
        this.executor = executor;
        this.sessions = sessions;
        this.context = sessions.context();
        this.admission = admission;
        this.reject = reject;
    }

    /** Decides that the client will only be told {@code why}. */
    public void turnAway(PacketException why) {
        turnedAway = why;
    }

    /** Checks and reads the CONNECT at the front of the inbox, and consumes it. */
    public ConnectPacket take(Inbox inbox) {
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
            loginMemory.moveTo(Use.SMALL_LOGIN);
        }
        if (!loginMemory.tryAdd(check.loginBytes())) {
            throw PacketException.of(
                    Rejection.QUOTA_EXCEEDED, 0x97, "CONNECT: there is no memory for it now; try again later");
        }
        ConnectPacket packet = ConnectPacket.read(inbox.bytes(), inbox.bodyStart(), inbox.bodyEnd(), spoken);
        inbox.consume();
        return packet;
    }

    /** Starts the decision on the packet; its result may come before this returns. */
    public void decide(ConnectPacket packet, SocketAddress peer) {
        // Applies to a refusal as well.
        outbox.speak(packet.version(), true, packet.properties().maxPacketSize());
        boolean noAliases = context.memory().isShort(Use.STATE);
        Connect read = Connect.of(
                packet,
                context.limits(),
                noAliases ? 0 : context.limits().names().topicAliasMaximum());
        if (!outbox.fitsConnack(read.granted(context.limits()))) {
            throw PacketException.of(
                    Rejection.PACKET_TOO_LARGE,
                    0x95,
                    "CONNECT: the CONNACK is larger than the " + read.maxPacketSize()
                            + " bytes that the client takes [MQTT-3.1.2-24]");
        }
        Login said = read.login(peer, certificateName.get());
        begun = true;
        state = context.memory().holding(Use.STATE);
        connect = read;
        login = said;
        try {
            context.authenticator().authenticate(said).whenComplete(this::answered);
        } catch (RuntimeException bug) {
            answered(null, bug);
        }
    }

    private void answered(Authenticator.@Nullable Result result, @Nullable Throwable failure) {
        if (executor.inEventLoop()) {
            decided(result, failure);
        } else {
            try {
                executor.execute(() -> decided(result, failure));
            } catch (RejectedExecutionException stopped) {
                loginMemory.release(); // The connection's loop has shut down.
            }
        }
    }

    private void decided(Authenticator.@Nullable Result result, @Nullable Throwable failure) {
        loginMemory.release();
        Connect asked = connect;
        if (abandoned || asked == null) {
            return;
        }
        if (result == null) {
            String cause = failure == null ? "it gave no answer" : CauseText.orUnknown(failure);
            refuse(Rejection.NOT_AUTHORIZED, 0x88, "CONNECT: the authentication failed: " + cause);
        } else if (result instanceof Authenticator.Result.BadCredentials) {
            refuse(Rejection.BAD_CREDENTIALS, 0x86, "CONNECT: wrong user name or password" + user());
        } else if (result instanceof Authenticator.Result.NotAuthorized not) {
            refuse(Rejection.NOT_AUTHORIZED, 0x87, "CONNECT: " + not.text());
        } else if (result instanceof Authenticator.Result.Unavailable unavailable) {
            refuse(Rejection.QUOTA_EXCEEDED, 0x88, "CONNECT: " + unavailable.text());
        } else if (result instanceof Authenticator.Result.Admitted admitted) {
            userName = admitted.userName();
            claim(asked);
        }
    }

    private void claim(Connect asked) {
        if (!mayHaveItsWill(asked)) {
            refuse(Rejection.NOT_AUTHORIZED, 0x87, "CONNECT: the client may not publish to its will topic");
            return;
        }
        Holding kept = Objects.requireNonNull(state);
        if (!kept.tryAdd(stateBytes - ClientMemory.FREE_STATE) || !base.tryMoveTo(Use.CONNECTION)) {
            kept.release();
            refuse(Rejection.QUOTA_EXCEEDED, 0x97, "CONNECT: there is no memory for another client like this one");
            return;
        }
        claim = new SessionClaim(asked.clientId(), asked.packet().cleanStart(), this, executor, sessions);
        claim.begin();
    }

    private boolean mayHaveItsWill(Connect asked) {
        WillMessage will = asked.packet().will();
        return will == null || context.permission().mayPublish(asked.clientId(), userName, will.topic());
    }

    /** The identifier and the name that the client logs in with, for the log. */
    private String user() {
        return login == null
                ? ""
                : ", client id '" + OneLine.of(login.clientId()) + "'"
                        + login.userName()
                                .map(name -> ", user '" + OneLine.of(name) + "'")
                                .orElse(", without a user name");
    }

    private void refuse(Rejection rejection, int code, String text) {
        reject.accept(PacketException.of(rejection, code, text));
    }

    @Override
    public void admitted(SessionClaim by, Session session, boolean present) {
        Connect asked = Objects.requireNonNull(connect);
        SocketAddress peer = Objects.requireNonNull(login).remoteAddress();
        long expiryBefore = session.expirySeconds();
        session.expireAfter(asked.sessionExpiry().value());
        Client client = new Client(asked.clientId(), userName, asked.version(), peer);
        Optional<Session.Written> written =
                session.connected(asked.clientId(), context.store(), executor, details(client, asked));
        if (written.isEmpty()) {
            // A refused CONNECT changes no session and begins none.
            session.expireAfter(present ? expiryBefore : 0);
            context.reporter().events().sessionNotKept();
            refuse(
                    Rejection.QUOTA_EXCEEDED,
                    0x97,
                    "CONNECT: there is no room on disk for the session; try again later");
        } else if (written.get().isDurable()) {
            admit(client, by, session, present);
        } else {
            Session.Written due = written.get();
            Waiter waiter = new Waiter(executor, () -> written(due, client, by, session, present));
            durable = waiter;
            due.where().await(due.offset(), waiter);
        }
    }

    /** What is needed of the connection if the process dies. */
    private Supplier<byte[]> details(Client client, Connect asked) {
        WillMessage will = asked.packet().will();
        Holding memory = Objects.requireNonNull(state);
        return will == null ? () -> NO_DETAILS : () -> KeptWill.write(new Will(client, will, memory));
    }

    private void written(Session.Written due, Client client, SessionClaim by, Session session, boolean present) {
        if (due.isDurable()) {
            admit(client, by, session, present);
        } else {
            refuse(Rejection.STORE_FAILED, 0x88, "CONNECT: the session cannot be written down");
        }
    }

    private void admit(Client client, SessionClaim by, Session session, boolean present) {
        Connect admitted = Objects.requireNonNull(connect);
        connect = null;
        login = null;
        claim = null; // From now on it is the admitted client's.
        admission.admitted(client, admitted, Objects.requireNonNull(state), by, session, present);
    }

    @Override
    public void takenOver() {
        refuse(Rejection.TAKEN_OVER, 0x8E, "another connection uses the same client identifier");
    }

    /** Tells the client why it is refused, if its protocol version has a way. */
    public void tellRefusal(PacketException why) {
        if (version != null || why.rejection() == Rejection.UNSUPPORTED_VERSION) {
            outbox.connackRefusal(why.reasonCode(), why.text());
        }
    }

    /** The connection has ended. */
    public void abandon() {
        if (!begun) {
            loginMemory.release();
            return;
        }
        abandoned = true;
        if (login != null) {
            login.abandon();
        }
        if (connect != null && state != null) {
            state.release(); // Otherwise the admitted client owns it.
        }
        if (durable != null) {
            durable.cancel();
        }
        if (claim != null) {
            claim.abandon();
        }
    }
}
