package io.penstock.mqtt.bridge;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.mqtt.session.KeptSession;
import io.penstock.mqtt.session.SessionStore;
import io.penstock.mqtt.session.SessionStore.Owner;
import io.penstock.mqtt.session.SessionStore.Recovered;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of all bridges of a process, by client identifier: what a store has of earlier runs, and what a bridge
 * leaves when it stops and another one may take up. Thread-safe.
 */
public final class BridgeSessions {
    private final @Nullable SessionStore store;
    private final Map<String, Recovered> idle = new HashMap<>();

    private BridgeSessions(@Nullable SessionStore store) {
        this.store = store;
        if (store != null) {
            store.recovered(Owner.BRIDGE).forEach(this::keep);
        }
    }

    /** Those of a store, which gives its recovered sessions of bridges once: one instance per process. */
    public static BridgeSessions of(SessionStore store) {
        return new BridgeSessions(store);
    }

    /** They end with their bridges. A QoS 2 publish may then come twice after a restart. */
    public static BridgeSessions inMemory() {
        return new BridgeSessions(null);
    }

    /** For the bridge's own use: the session of this identifier, which the caller adopts. */
    public synchronized Optional<Recovered> take(String clientId) {
        return Optional.ofNullable(idle.remove(clientId));
    }

    /** For the bridge's own use: a session that its loop has handed on, for the next bridge of this identifier. */
    public synchronized void keep(Recovered left) {
        Recovered older = idle.put(left.name(), left);
        if (older != null) {
            older.session().drop();
        }
    }

    /** For the bridge's own use: as {@link SessionStore#begin}. */
    public Optional<KeptSession> begin(String clientId, EventExecutor loop, SessionStore.Content content) {
        return store == null ? Optional.empty() : store.begin(Owner.BRIDGE, clientId, loop, content);
    }

    /** True if sessions survive the process. */
    public boolean areKept() {
        return store != null;
    }

    /** Forgets the sessions that no bridge has and that have none of these identifiers: their bridges are gone. */
    public synchronized void dropOthers(Collection<String> clientIds) {
        List<String> gone = new ArrayList<>(idle.keySet());
        gone.removeAll(clientIds);
        for (String clientId : gone) {
            Recovered dropped = idle.remove(clientId);
            if (dropped != null) {
                dropped.session().drop();
            }
        }
    }
}
