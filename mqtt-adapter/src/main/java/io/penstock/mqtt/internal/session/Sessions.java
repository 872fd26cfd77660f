package io.penstock.mqtt.internal.session;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.penstock.mqtt.internal.context.ServerContext;
import io.penstock.mqtt.session.SessionStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The holders of client identifiers: at most one {@link SessionClaim} each [MQTT-3.1.4-3]. Thread-safe; a session
 * itself is touched on its claim's event loop only. Bounded by the connections plus the kept sessions.
 */
public final class Sessions {
    private static final int END_SECONDS = 2;
    private static final int RESTORE_SECONDS = 60;

    private final ConcurrentMap<String, SessionClaim> claims = new ConcurrentHashMap<>();
    private final AtomicInteger kept = new AtomicInteger();
    private final int maxKept;
    private final ServerContext context;

    public Sessions(ServerContext context) {
        this.maxKept = context.limits().sessions().maxKeptSessions();
        this.context = context;
    }

    /** The server of these sessions. */
    public ServerContext context() {
        return context;
    }

    /** Makes {@code claim} the holder. Returns the previous holder, from which the session must be requested. */
    @Nullable
    SessionClaim claim(SessionClaim claim) {
        return claims.put(claim.clientId(), claim);
    }

    /** Removes {@code claim} unless a later claim has its identifier. */
    void forget(SessionClaim claim) {
        claims.remove(claim.clientId(), claim);
    }

    /** Counts a kept session without a connection. Returns false at the bound, or without memory for it. */
    boolean keep(Session session, String clientId) {
        if (kept.incrementAndGet() > maxKept || !session.keep(clientId)) {
            kept.decrementAndGet();
            context.reporter().events().sessionNotKept();
            return false;
        }
        context.reporter().events().keptSessions(1);
        return true;
    }

    void unkeep() {
        kept.decrementAndGet();
        context.reporter().events().keptSessions(-1);
    }

    /**
     * Takes over the sessions of the store's earlier runs, each on one of the loops; waits until that is done. Before
     * the first client connects.
     */
    public void restore(EventLoopGroup loops) {
        List<Future<?>> restored = new ArrayList<>();
        context.store()
                .ifPresent(store -> store.recovered(SessionStore.Owner.LISTENER).forEach(each -> {
                    EventExecutor loop = loops.next();
                    restored.add(loop.submit(() -> SessionClaim.restore(each, loop, this)));
                }));
        for (Future<?> each : restored) {
            each.awaitUninterruptibly(RESTORE_SECONDS, TimeUnit.SECONDS);
        }
    }

    /**
     * The server stops: ends every kept session that does not survive this, each on its event loop, and waits, so that
     * their delayed wills are published.
     */
    public void endAll() {
        List<Future<?>> ends = new ArrayList<>();
        for (SessionClaim claim : claims.values()) {
            ends.add(claim.executor().submit(claim::serverStops));
        }
        for (Future<?> end : ends) {
            end.awaitUninterruptibly(END_SECONDS, TimeUnit.SECONDS);
        }
    }
}
