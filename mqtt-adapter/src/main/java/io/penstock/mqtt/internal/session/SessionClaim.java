package io.penstock.mqtt.internal.session;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.OwnerCheck;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.internal.limits.ClientMemory;
import io.penstock.mqtt.internal.wire.Will;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The claim of one connection to a client identifier and its session: from CONNECT, past the connection's end while the
 * session is kept, until the session expires or the next connection claims it.
 *
 * <p>A takeover works by messages. The new claim registers in {@link Sessions}, which orders claims, and sends its
 * predecessor a request on the predecessor's loop. The predecessor closes its connection and sends the session to the
 * new claim's loop. A claim that is itself superseded while it waits passes the session on when it arrives. So there is
 * no lock, and a session always has exactly one owner.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class SessionClaim {
    /** What a claim needs of its connection. On the connection's event loop. */
    public interface Holder {
        /** The session has arrived. */
        void admitted(SessionClaim by, Session session, boolean present);

        /** Another connection has claimed the client identifier: close. */
        void takenOver();
    }

    private enum State {
        WAITING,
        HELD,
        KEPT,
        GONE
    }

    private final String clientId;
    private final boolean cleanStart;
    private final EventExecutor executor;
    private final Sessions sessions;
    private State state = State.WAITING;
    private @Nullable Holder holder;
    private @Nullable Session session;
    private @Nullable SessionClaim next;
    private @Nullable Will will;
    private @Nullable Future<?> willTimer;
    private @Nullable Future<?> expiryTimer;

    public SessionClaim(String clientId, boolean cleanStart, Holder holder, EventExecutor executor, Sessions sessions) {
        this.clientId = clientId;
        this.cleanStart = cleanStart;
        this.holder = holder;
        this.executor = executor;
        this.sessions = sessions;
    }

    String clientId() {
        return clientId;
    }

    EventExecutor executor() {
        return executor;
    }

    /** Claims the identifier. The holder is called when the session has arrived, possibly before this returns. */
    public void begin() {
        assert OwnerCheck.isOn(executor);
        SessionClaim before = sessions.claim(this);
        if (before == null) {
            arrived(null);
        } else {
            before.executor.execute(() -> before.yieldTo(this));
        }
    }

    private void yieldTo(SessionClaim claimant) {
        assert OwnerCheck.isOn(executor);
        switch (state) {
            case WAITING -> next = claimant;
            case HELD -> {
                Session passed = session;
                next = claimant;
                if (holder != null) {
                    holder.takenOver();
                }
                pass(passed, claimant);
            }
            case KEPT -> {
                sessions.unkeep();
                if (session != null) {
                    session.resume(clientId);
                }
                stopTimers();
                settleWill(claimant.cleanStart);
                pass(session, claimant);
            }
            case GONE -> pass(null, claimant);
        }
    }

    private void pass(@Nullable Session passed, SessionClaim claimant) {
        state = State.GONE;
        session = null;
        assert passed == null || passed.handOn();
        claimant.executor.execute(() -> claimant.arrived(passed));
    }

    /** A new connection to the session discards a delayed will, unless it starts a new session. */
    private void settleWill(boolean sessionEnds) {
        if (will != null && sessionEnds) {
            publishWill();
        } else if (will != null) {
            will.memory().release();
        }
        will = null;
    }

    private void arrived(@Nullable Session inherited) {
        assert OwnerCheck.isOn(executor);
        boolean present = inherited != null && !cleanStart;
        if (inherited != null && !present) {
            inherited.end();
        }
        if (next != null) {
            if (holder != null) {
                holder.takenOver();
            }
            pass(present ? inherited : null, next);
        } else if (holder != null) {
            session = inherited == null || cleanStart
                    ? new Session(sessions.context().memory())
                    : inherited;
            state = State.HELD;
            holder.admitted(this, session, present);
        } else {
            session = present ? inherited : null;
            keepOrEnd();
        }
    }

    /** The connection has ended before the session arrived. */
    public void abandon() {
        assert OwnerCheck.isOn(executor);
        holder = null;
    }

    /**
     * The connection of an admitted client has ended. The session is kept for its own expiry time.
     *
     * @param lastWill the will to publish after its delay; null for none
     */
    public void end(@Nullable Will lastWill) {
        assert OwnerCheck.isOn(executor);
        holder = null;
        will = lastWill;
        if (next == null) {
            if (will != null && will.delaySeconds() == 0) {
                publishWill();
            }
            keepOrEnd();
        } else {
            // A call of yieldTo is pending and passes the session on.
            settleWill(next.cleanStart || will != null && will.delaySeconds() == 0);
        }
    }

    private void keepOrEnd() {
        long expirySeconds = session == null ? 0 : session.expirySeconds();
        if (session == null || expirySeconds == 0 || !sessions.keep(session, clientId)) {
            over();
            return;
        }
        if (will != null && !will.memory().tryMoveTo(ClientMemory.Use.KEPT)) {
            publishWill(); // no memory to keep the will for its delay
        }
        state = State.KEPT;
        expiryTimer = executor.schedule(this::expired, expirySeconds, TimeUnit.SECONDS);
        if (will != null) {
            willTimer = executor.schedule(this::publishWill, will.delaySeconds(), TimeUnit.SECONDS);
        }
    }

    private void expired() {
        if (state == State.KEPT) {
            sessions.unkeep();
            stopTimers();
            over();
        }
    }

    /** Ends a kept session because the server stops. */
    void serverStops() {
        expired();
    }

    private void over() {
        publishWill();
        state = State.GONE;
        if (session != null) {
            session.end();
            session = null;
        }
        sessions.forget(this);
    }

    private void publishWill() {
        Will due = will;
        will = null;
        if (due != null) {
            new WillDelivery(due, executor, sessions.context()).run();
        }
    }

    private void stopTimers() {
        if (willTimer != null) {
            willTimer.cancel(false);
        }
        if (expiryTimer != null) {
            expiryTimer.cancel(false);
        }
    }
}
