package io.penstock.forward.server.internal.connection;

import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ConnectionShares;
import io.penstock.forward.server.ChunkHandler;
import io.penstock.forward.server.ForwardEvents;
import io.penstock.forward.server.ForwardSecurity;
import io.penstock.forward.server.ForwardSettings;
import io.penstock.forward.server.Peer;
import io.penstock.forward.server.Refusal;
import io.penstock.forward.server.internal.message.RecentChunks;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the connections of one server share. Thread-safe. */
public final class ServerContext {
    private final ForwardSettings settings;
    private final ForwardSecurity security;
    private final ChunkHandler handler;
    private final ForwardEvents events;
    private final InstantSource clock;
    private final RecentChunks recent;
    private final RefusalLog log = new RefusalLog();
    private final SendersWithoutAck sendersWithoutAck = new SendersWithoutAck();
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
        this.recent = new RecentChunks(settings.recentChunks());
    }

    public ForwardSettings settings() {
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

    public MemoryBudget.Account memory() {
        return settings.memory();
    }

    RecentChunks recent() {
        return recent;
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
        sendersWithoutAck.sent(peer);
    }

    void refused(Peer peer, Refusal refusal, long offset, String detail) {
        events.refused(peer, refusal, offset, detail);
        log.refused(peer, refusal, offset, detail);
    }
}
