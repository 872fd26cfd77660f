package io.penstock.mqtt.internal.session;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.OwnerCheck;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.internal.limits.ClientMemory;
import io.penstock.mqtt.internal.limits.Holding;
import io.penstock.mqtt.internal.wire.KeptWill;
import io.penstock.mqtt.internal.wire.Will;
import io.penstock.mqtt.session.SessionStore;
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
    private boolean sessionEnds;
    private @Nullable Will will;
    private @Nullable Future<?> willTimer;
    private @Nullable Future<?> expiryTimer;

    /** @param holder null: no connection has it */
    public SessionClaim(
            String clientId, boolean cleanStart, @Nullable Holder holder, EventExecutor executor, Sessions sessions) {
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
                sessionEnds = endsWithItsConnection(passed);
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
        if (passed != null) {
            passed.handOn();
        }
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

    /** Its identifiers are free for the next connection [MQTT-4.1.0-2], [MQTT-3.1.2-6 of 3.1.1]. */
    private static boolean endsWithItsConnection(@Nullable Session session) {
        return session == null || session.expirySeconds() == 0;
    }

    private void arrived(@Nullable Session inherited) {
        assert OwnerCheck.isOn(executor);
        boolean present = inherited != null && !cleanStart && !endsWithItsConnection(inherited);
        Session.Written after = Session.Written.NOTHING;
        if (inherited != null) {
            inherited.adopt(executor);
            after = present ? after : inherited.end();
        }
        if (next != null) {
            if (holder != null) {
                holder.takenOver();
            }
            pass(present ? inherited : null, next);
        } else if (holder != null) {
            Session begun = present && inherited != null
                    ? inherited
                    : new Session(sessions.context().memory(), after);
            session = begun;
            state = State.HELD;
            holder.admitted(this, begun, present);
        } else {
            session = present ? inherited : null;
            keepOrEnd(0);
        }
    }

    /** The connection has ended before the session arrived. */
    public void abandon() {
        assert OwnerCheck.isOn(executor);
        holder = null;
        if (state == State.HELD) {
            end(null); // The session has arrived, and what was written of it is not durable yet.
        }
    }

    /** A session of an earlier run, as if its connection had ended now or, if it had none, when it did. On its loop. */
    static void restore(SessionStore.Recovered recovered, EventExecutor executor, Sessions sessions) {
        SessionClaim claim = new SessionClaim(recovered.name(), false, null, executor, sessions);
        Holding memory = sessions.context().memory().holding(ClientMemory.Use.KEPT);
        claim.session = Session.restored(recovered, executor, sessions.context().memory());
        claim.will =
                KeptWill.read(recovered.name(), recovered.details(), memory).orElse(null);
        sessions.claim(claim);
        if (!memory.tryAdd(recovered.details().length)) {
            claim.publishWill(); // no memory to keep the will
        }
        claim.keepOrEnd(recovered.since().toSeconds());
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
            keepOrEnd(0);
        } else {
            // A call of yieldTo is pending and passes the session on.
            settleWill(next.cleanStart || sessionEnds || will != null && will.delaySeconds() == 0);
        }
    }

    /** @param since how many seconds ago the connection ended */
    private void keepOrEnd(long since) {
        Session held = session;
        long left = held == null ? 0 : held.expirySeconds() - since;
        if (held == null || left <= 0 || !sessions.keep(held, clientId)) {
            over();
            return;
        }
        state = State.KEPT;
        if (since == 0) {
            held.disconnected(will != null);
        }
        long delay = will == null ? 0 : will.delaySeconds() - since;
        if (will != null && (delay <= 0 || !will.memory().tryMoveTo(ClientMemory.Use.KEPT))) {
            publishWill(); // also if there is no memory to keep the will for its delay
        }
        expiryTimer = executor.schedule(this::expired, left, TimeUnit.SECONDS);
        if (will != null) {
            willTimer = executor.schedule(this::publishWill, delay, TimeUnit.SECONDS);
        }
    }

    private void expired() {
        if (state == State.KEPT) {
            sessions.unkeep();
            stopTimers();
            over();
        }
    }

    /** Ends a kept session because the server stops, unless the session survives that. */
    void serverStops() {
        if (state == State.KEPT && session != null && session.isKept()) {
            sessions.unkeep();
            stopTimers();
            if (will != null) {
                will.memory().release();
                will = null;
            }
            session.leave();
            session = null;
            state = State.GONE;
        } else {
            expired();
        }
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
            new WillDelivery(due, () -> session, executor, sessions.context()).run();
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
