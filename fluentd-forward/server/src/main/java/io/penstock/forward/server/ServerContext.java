package io.penstock.forward.server;

import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ConnectionShares;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the connections of one server share. Thread-safe. */
final class ServerContext {
    private final ForwardSettings settings;
    private final ForwardSecurity security;
    private final ChunkHandler handler;
    private final ForwardEvents events;
    private final InstantSource clock;
    private final RecentChunks recent;
    private final RefusalLog log = new RefusalLog();
    private final UnsafeSenders unsafeSenders = new UnsafeSenders();
    private final ConnectionShares shares;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

    ServerContext(
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
        this.shares = new ConnectionShares(settings.maxConnections(), settings.connections(), Acceptor::makeRoom);
        this.recent = new RecentChunks(settings.recentChunks());
    }

    ForwardSettings settings() {
        return settings;
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

    MemoryBudget.Account memory() {
        return settings.memory();
    }

    RecentChunks recent() {
        return recent;
    }

    Set<Connection> connections() {
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
        unsafeSenders.sent(peer);
    }

    void refused(Peer peer, Refusal refusal, long offset, String detail) {
        events.refused(peer, refusal, offset, detail);
        log.refused(peer, refusal, offset, detail);
    }
}
