package io.penstock.mqtt;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.mqtt.ClientMemory.Use;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * From a good CONNECT to the session: asks the authenticator, then claims the client identifier. The connection takes
 * no packet meanwhile. The connection's event loop only.
 */
final class Admittance implements Tenure.Holder {
    /** What becomes of it; on the event loop. */
    interface Owner {
        /** @param state holds the will and the user name in memory */
        void admitted(Client client, Connect connect, Holding state, Tenure tenure, Session session, boolean present);

        void refused(PacketException why);

        void takenOver();
    }

    private final Holding loginMemory;
    private final Holding base;
    private final Holding state;
    private final long stateBytes;
    private final EventExecutor executor;
    private final Shared shared;
    private final Owner owner;
    private @Nullable Tenure tenure;
    private Optional<String> userName = Optional.empty();
    private boolean abandoned;
    /** Null once the client is admitted: passwords and what else is not needed must not stay as long as it does. */
    private @Nullable Connect connect;

    private @Nullable Login login;

    /**
     * @param loginMemory holds the CONNECT in memory; released when it is decided, also if the connection ends before
     * @param base holds the connection in memory
     * @param stateBytes what will and user name take
     */
    Admittance(
            Connect connect,
            Login login,
            Holding loginMemory,
            Holding base,
            long stateBytes,
            EventExecutor executor,
            Shared shared,
            Owner owner) {
        this.loginMemory = loginMemory;
        this.base = base;
        this.stateBytes = stateBytes;
        this.state = shared.memory().holding(Use.STATE);
        this.connect = connect;
        this.login = login;
        this.executor = executor;
        this.shared = shared;
        this.owner = owner;
    }

    void begin() {
        try {
            shared.authenticator().authenticate(Objects.requireNonNull(login)).whenComplete(this::answered);
        } catch (RuntimeException bug) {
            answered(null, bug);
        }
    }

    private void answered(@Nullable Admission admission, @Nullable Throwable failure) {
        if (executor.inEventLoop()) {
            decided(admission, failure);
        } else {
            try {
                executor.execute(() -> decided(admission, failure));
            } catch (RejectedExecutionException stopped) {
                loginMemory.release(); // The connection went with its loop.
            }
        }
    }

    private void decided(@Nullable Admission admission, @Nullable Throwable failure) {
        loginMemory.release();
        Connect connect = this.connect;
        if (abandoned || connect == null) {
            return;
        }
        if (admission == null) {
            String cause = failure == null ? "it gave no answer" : failure.toString();
            refuse(Rejection.NOT_AUTHORIZED, 0x88, "CONNECT: the authentication failed: " + cause);
        } else if (admission instanceof Admission.BadCredentials) {
            refuse(Rejection.BAD_CREDENTIALS, 0x86, "CONNECT: wrong user name or password");
        } else if (admission instanceof Admission.NotAuthorized not) {
            refuse(Rejection.NOT_AUTHORIZED, 0x87, "CONNECT: " + not.text());
        } else if (admission instanceof Admission.Unavailable unavailable) {
            refuse(Rejection.QUOTA_EXCEEDED, 0x88, "CONNECT: " + unavailable.text());
        } else if (admission instanceof Admission.Admitted admitted) {
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
            tenure = new Tenure(connect.clientId(), connect.cleanStart(), this, executor, shared);
            tenure.begin();
        }
    }

    private boolean mayHaveItsWill(Connect connect) {
        return !connect.packet().variableHeader().isWillFlag()
                || shared.permission()
                        .mayPublish(
                                connect.clientId(),
                                userName,
                                connect.packet().payload().willTopic());
    }

    private void refuse(Rejection rejection, int code, String text) {
        owner.refused(PacketException.of(rejection, code, text));
    }

    /** The connection is gone. */
    void abandon() {
        abandoned = true;
        if (login != null) {
            login.abandon();
        }
        if (connect != null) {
            state.release(); // Otherwise the member has it.
        }
        if (tenure != null) {
            tenure.abandon();
        }
    }

    @Override
    public void admitted(Tenure by, Session session, boolean present) {
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
