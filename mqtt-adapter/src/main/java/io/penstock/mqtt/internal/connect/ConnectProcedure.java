package io.penstock.mqtt.internal.connect;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.mqtt.AuthResult;
import io.penstock.mqtt.Login;
import io.penstock.mqtt.Rejection;
import io.penstock.mqtt.internal.context.ServerContext;
import io.penstock.mqtt.internal.limits.ClientMemory;
import io.penstock.mqtt.internal.limits.ClientMemory.Use;
import io.penstock.mqtt.internal.limits.Holding;
import io.penstock.mqtt.internal.session.Session;
import io.penstock.mqtt.internal.session.SessionClaim;
import io.penstock.mqtt.internal.session.Sessions;
import io.penstock.mqtt.internal.wire.Client;
import io.penstock.mqtt.internal.wire.PacketException;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * From a valid CONNECT to the session: asks the authenticator, then claims the client identifier. Until then the
 * connection processes no packet. The connection's event loop only.
 */
public final class ConnectProcedure implements SessionClaim.Holder {
    /** Receives the result, on the event loop. */
    public interface Owner {
        /** @param state accounts for the memory of will and user name */
        void admitted(
                Client client, Connect connect, Holding state, SessionClaim claim, Session session, boolean present);

        void refused(PacketException why);

        void takenOver();
    }

    private final Holding loginMemory;
    private final Holding base;
    private final Holding state;
    private final long stateBytes;
    private final EventExecutor executor;
    private final ServerContext context;
    private final Sessions sessions;
    private final Owner owner;
    private @Nullable SessionClaim claim;
    private Optional<String> userName = Optional.empty();
    private boolean abandoned;
    /** Null once the client is admitted, so that the password and other unneeded data do not stay in memory. */
    private @Nullable Connect connect;

    private @Nullable Login login;

    /**
     * @param loginMemory accounts for the CONNECT; released when the decision is made, also if the connection ends
     *     before
     * @param base accounts for the connection itself
     * @param stateBytes memory of will and user name
     */
    ConnectProcedure(
            Connect connect,
            Login login,
            Holding loginMemory,
            Holding base,
            long stateBytes,
            EventExecutor executor,
            Sessions sessions,
            Owner owner) {
        this.loginMemory = loginMemory;
        this.base = base;
        this.stateBytes = stateBytes;
        this.state = sessions.context().memory().holding(Use.STATE);
        this.connect = connect;
        this.login = login;
        this.executor = executor;
        this.sessions = sessions;
        this.context = sessions.context();
        this.owner = owner;
    }

    void begin() {
        try {
            context.authenticator().authenticate(Objects.requireNonNull(login)).whenComplete(this::answered);
        } catch (RuntimeException bug) {
            answered(null, bug);
        }
    }

    private void answered(@Nullable AuthResult result, @Nullable Throwable failure) {
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

    private void decided(@Nullable AuthResult result, @Nullable Throwable failure) {
        loginMemory.release();
        Connect connect = this.connect;
        if (abandoned || connect == null) {
            return;
        }
        if (result == null) {
            String cause = failure == null ? "it gave no answer" : failure.toString();
            refuse(Rejection.NOT_AUTHORIZED, 0x88, "CONNECT: the authentication failed: " + cause);
        } else if (result instanceof AuthResult.BadCredentials) {
            refuse(Rejection.BAD_CREDENTIALS, 0x86, "CONNECT: wrong user name or password");
        } else if (result instanceof AuthResult.NotAuthorized not) {
            refuse(Rejection.NOT_AUTHORIZED, 0x87, "CONNECT: " + not.text());
        } else if (result instanceof AuthResult.Unavailable unavailable) {
            refuse(Rejection.QUOTA_EXCEEDED, 0x88, "CONNECT: " + unavailable.text());
        } else if (result instanceof AuthResult.Admitted admitted) {
            userName = admitted.userName();
            if (!mayHaveItsWill(connect)) {
                refuse(Rejection.NOT_AUTHORIZED, 0x87, "CONNECT: the client may not publish to its will topic");
                return;
            }
            if (!state.tryAdd(stateBytes - ClientMemory.FREE_STATE) || !base.tryMoveTo(Use.CONNECTION)) {
                state.release();
                refuse(Rejection.QUOTA_EXCEEDED, 0x97, "CONNECT: there is no memory for another client like this one");
                return;
            }
            claim = new SessionClaim(connect.clientId(), connect.cleanStart(), this, executor, sessions);
            claim.begin();
        }
    }

    private boolean mayHaveItsWill(Connect connect) {
        return !connect.packet().variableHeader().isWillFlag()
                || context.permission()
                        .mayPublish(
                                connect.clientId(),
                                userName,
                                connect.packet().payload().willTopic());
    }

    private void refuse(Rejection rejection, int code, String text) {
        owner.refused(PacketException.of(rejection, code, text));
    }

    /** The connection has ended. */
    void abandon() {
        abandoned = true;
        if (login != null) {
            login.abandon();
        }
        if (connect != null) {
            state.release(); // Otherwise the admitted client owns it.
        }
        if (claim != null) {
            claim.abandon();
        }
    }

    @Override
    public void admitted(SessionClaim by, Session session, boolean present) {
        Connect admitted = Objects.requireNonNull(connect);
        SocketAddress peer = Objects.requireNonNull(login).remoteAddress();
        connect = null;
        login = null;
        session.expireAfter(admitted.expirySeconds());
        Client client = new Client(admitted.clientId(), userName, admitted.version(), peer);
        owner.admitted(client, admitted, state, by, session, present);
    }

    @Override
    public void takenOver() {
        owner.takenOver();
    }
}
