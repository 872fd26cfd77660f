package io.penstock.forward.server.internal.connection;

import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ConnectionShares;
import io.penstock.base.text.RateLimitedLog;
import io.penstock.forward.server.ChunkHandler;
import io.penstock.forward.server.ForwardEvents;
import io.penstock.forward.server.ForwardSecurity;
import io.penstock.forward.server.ForwardSettings;
import io.penstock.forward.server.Peer;
import io.penstock.forward.server.RecentChunks;
import io.penstock.forward.server.Refusal;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the connections of one server share. Thread-safe. */
public final class ServerContext {
    private static final Logger LOG = LoggerFactory.getLogger("io.penstock.forward.server.ForwardServer");
    private static final int MAX_HOSTS = 1_000;

    private final ForwardSettings settings;
    private volatile ForwardSecurity security;
    private final ChunkHandler handler;
    private final ForwardEvents events;
    private final InstantSource clock;
    private final RateLimitedLog refusals = RateLimitedLog.of(LOG);
    private final Set<String> hostsWithoutAck = new HashSet<>();
    private final Set<String> hostsWithSignals = new HashSet<>();
    private final ConnectionShares shares;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

    public ServerContext(
            ForwardSettings settings,
            ForwardSecurity security,
            ChunkHandler handler,
            ForwardEvents events,
            InstantSource clock) {
        this.settings = settings;
        this.security = security;
        this.handler = handler;
        this.events = events;
        this.clock = clock;
        this.shares = new ConnectionShares(
                settings.maxConnections(), settings.connections(), ConnectionInitializer::makeRoom);
    }

    public ForwardSettings settings() {
        return settings;
    }

    /** For connections from now on. */
    public void security(ForwardSecurity changed) {
        security = changed;
    }

    ForwardSecurity security() {
        return security;
    }

    ChunkHandler handler() {
        return handler;
    }

    ForwardEvents events() {
        return events;
    }

    InstantSource clock() {
        return clock;
    }

    public MemoryBudget.Account memory() {
        return settings.memory();
    }

    RecentChunks recent() {
        return settings.recent();
    }

    public Set<Connection> connections() {
        return connections;
    }

    ConnectionShares shares() {
        return shares;
    }

    void opened(Connection connection, Peer peer) {
        connections.add(connection);
        events.connected(peer);
    }

    void closed(Connection connection, Peer peer) {
        if (connections.remove(connection)) {
            events.disconnected(peer);
        }
    }

    /** A chunk was taken whose sender keeps no copy until it is stored. */
    void takenWithoutAck(Peer peer) {
        events.withoutAck(peer);
        if (isFirst(hostsWithoutAck, peer.host())) {
            LOG.warn(
                    "forward: {} asks for no acknowledgements: what is under way when its connection or this agent ends is lost."
                            + " Set require_ack_response true there; with an upstream Fluent Bit reads it in each [NODE] only",
                    peer.host());
        }
    }

    /** A chunk that holds no logs is acknowledged and thrown away. */
    void droppedSignal(Peer peer, String signal) {
        events.droppedSignal(peer, signal);
        if (isFirst(hostsWithSignals, peer.host() + " " + signal)) {
            LOG.warn(
                    "forward: {} sends {}, which are acknowledged and thrown away, because forward.other-signals is drop."
                            + " Let it send only logs here",
                    peer.host(),
                    signal);
        }
    }

    /** True once for each address, for {@value #MAX_HOSTS} addresses at most. */
    private static boolean isFirst(Set<String> told, String host) {
        synchronized (told) {
            return told.size() < MAX_HOSTS && told.add(host);
        }
    }

    /** The lines of one address and reason grow rarer while they repeat. */
    void refused(Peer peer, Refusal refusal, long offset, String detail) {
        events.refused(peer, refusal, offset, detail);
        refusals.warn(
                refusal.label() + " " + peer.host(),
                "forward: closing " + peer + ": " + refusal.label() + " at byte " + offset + ": " + detail);
    }
}
