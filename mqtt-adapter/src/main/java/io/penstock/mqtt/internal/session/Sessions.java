package io.penstock.mqtt.internal.session;

import io.netty.util.concurrent.Future;
import io.penstock.mqtt.internal.context.ServerContext;
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

    /** Ends every kept session, each on its event loop, and waits, so that delayed wills are published at shutdown. */
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
