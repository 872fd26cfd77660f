package io.penstock.mqtt;

import io.netty.util.concurrent.EventExecutor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From a good CONNECT to the session: asks the authenticator, then claims the client identifier. The connection takes no
 * packet meanwhile. The connection's event loop only.
 */
final class Admittance implements Tenure.Holder {
    /** What becomes of it; on the event loop. */
    interface Owner {
        void admitted(Client client, Connect connect, Tenure tenure, Session session, boolean present);

        void refused(PacketException why);

        void takenOver();
    }

    private final Connect connect;
    private final Login login;
    private final EventExecutor executor;
    private final Shared shared;
    private final Owner owner;
    private @Nullable Tenure tenure;
    private Optional<String> userName = Optional.empty();
    private boolean abandoned;

    Admittance(Connect connect, Login login, EventExecutor executor, Shared shared, Owner owner) {
        this.connect = connect;
        this.login = login;
        this.executor = executor;
        this.shared = shared;
        this.owner = owner;
    }

    void begin() {
        shared.authenticator().authenticate(login).whenComplete((admission, failure) -> {
            if (executor.inEventLoop()) {
                decided(admission, failure);
            } else {
                executor.execute(() -> decided(admission, failure));
            }
        });
    }

    private void decided(@Nullable Admission admission, @Nullable Throwable failure) {
        if (abandoned) {
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
            if (!mayHaveItsWill()) {
                refuse(Rejection.NOT_AUTHORIZED, 0x87, "CONNECT: the client may not publish to its will topic");
                return;
            }
            tenure = new Tenure(connect.clientId(), connect.cleanStart(), this, executor, shared);
            tenure.begin();
        }
    }

    private boolean mayHaveItsWill() {
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
        if (tenure != null) {
            tenure.abandon();
        }
    }

    @Override
    public void admitted(Tenure by, Session session, boolean present) {
        session.expireAfter(connect.expirySeconds());
        Client client = new Client(connect.clientId(), userName, connect.version(), login.remoteAddress());
        owner.admitted(client, connect, by, session, present);
    }

    @Override
    public void takenOver() {
        owner.takenOver();
    }
}
