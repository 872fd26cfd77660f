package io.penstock.mqtt.internal.connection;

import io.netty.channel.Channel;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.base.net.ConnectionShares;
import io.penstock.base.net.ConnectionShares.Objection;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The open connections of one server, limited by the server's maximum, by address, and by the maximum of all servers
 * together. Thread-safe.
 */
public final class Connections {
    private final ConnectionShares shares;
    private volatile boolean stopping;
    private final AtomicInteger count = new AtomicInteger();
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();

    public Connections(int max, ConnectionBudget budget) {
        this.shares = new ConnectionShares(max, budget, Connections::makeRoom);
    }

    private static void makeRoom(Channel silent) {
        silent.eventLoop().execute(() -> {
            ConnectionHandler handler = silent.pipeline().get(ConnectionHandler.class);
            if (handler != null) {
                handler.makeRoom();
            }
            silent.close();
        });
    }

    /**
     * Counts the connection. Empty if it is admitted.
     *
     * @param proxied true if the peer is a proxy that will report the client's address
     */
    public Optional<Objection> admit(Channel connection, boolean proxied) {
        return proxied ? shares.admitProxied(connection) : shares.admit(connection);
    }

    /** The proxy reports the connection's client address. Returns why that address may have no further connection. */
    Optional<Objection> comesFrom(Channel connection, InetSocketAddress peer) {
        return shares.comesFrom(connection, peer);
    }

    /** The connection's CONNECT has arrived. */
    void heard(Channel connection) {
        shares.heard(connection);
    }

    public void add(Connection connection) {
        open.add(connection);
        count.incrementAndGet();
    }

    /** Returns true if the connection was present. */
    boolean remove(Connection connection) {
        boolean there = open.remove(connection);
        if (there) {
            count.decrementAndGet();
        }
        return there;
    }

    public Iterable<Connection> all() {
        return open;
    }

    /** From now on each added connection drains at once. */
    public void stop() {
        stopping = true;
    }

    public boolean isStopping() {
        return stopping;
    }

    public int size() {
        return count.get();
    }

    public boolean isEmpty() {
        return open.isEmpty();
    }
}
