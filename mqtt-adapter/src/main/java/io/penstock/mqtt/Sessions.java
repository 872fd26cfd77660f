package io.penstock.mqtt;

import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Who holds which client identifier: at most one {@link Tenure} each [MQTT-3.1.4-3]. Thread-safe; a session itself is
 * touched on its tenure's event loop only. Bounded by the connections plus the kept sessions.
 */
final class Sessions {
    private static final int END_SECONDS = 2;

    private final ConcurrentMap<String, Tenure> tenures = new ConcurrentHashMap<>();
    private final AtomicInteger kept = new AtomicInteger();
    private final int maxKept;
    private final MqttEvents events;

    Sessions(int maxKept, MqttEvents events) {
        this.maxKept = maxKept;
        this.events = events;
    }

    /** Makes {@code tenure} the holder and answers the one before, which is to be asked for the session. */
    @Nullable
    Tenure claim(Tenure tenure) {
        return tenures.put(tenure.clientId(), tenure);
    }

    /** Forgets {@code tenure} if nobody has claimed its identifier since. */
    void forget(Tenure tenure) {
        tenures.remove(tenure.clientId(), tenure);
    }

    /** Keeps one more session without a connection; false at the bound, or without memory for it. */
    boolean keep(Session session, String clientId) {
        if (kept.incrementAndGet() > maxKept || !session.keep(clientId)) {
            kept.decrementAndGet();
            events.sessionNotKept();
            return false;
        }
        events.keptSessions(1);
        return true;
    }

    void unkeep() {
        kept.decrementAndGet();
        events.keptSessions(-1);
    }

    /** Ends every kept session, each on its event loop, and waits: delayed wills are not forgotten at shutdown. */
    void endAll() {
        List<Future<?>> ends = new ArrayList<>();
        for (Tenure tenure : tenures.values()) {
            ends.add(tenure.executor().submit(tenure::serverStops));
        }
        for (Future<?> end : ends) {
            end.awaitUninterruptibly(END_SECONDS, TimeUnit.SECONDS);
        }
    }
}
