package io.penstock.mqtt;

import io.netty.channel.Channel;
import io.penstock.base.net.ConnectionBudget;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The open connections of one server, counted against their bound and that of all servers together. Thread-safe. */
final class Connections {
    private final int max;
    private final ConnectionBudget budget;
    private volatile boolean stopping;
    private final AtomicInteger count = new AtomicInteger();
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();

    Connections(int max, ConnectionBudget budget) {
        this.max = max;
        this.budget = budget;
    }

    /** Counts the connection among those of all servers; false when there is no room even to tell its client so. */
    boolean admit(Channel connection) {
        return budget.admit(connection);
    }

    /** Why the bound of all servers refuses a connection. */
    String refusal() {
        return budget.refusal();
    }

    void add(Connection connection) {
        open.add(connection);
        count.incrementAndGet();
    }

    /** Whether the next is beyond the bound and may only be told so. */
    boolean full() {
        return count.get() >= max || budget.isOver();
    }

    /** Whether so many are beyond the bound that the next is not even told. */
    boolean crowded() {
        return count.get() > max + Math.max(16, max / 16);
    }

    /** Whether it was there. */
    boolean remove(Connection connection) {
        boolean there = open.remove(connection);
        if (there) {
            count.decrementAndGet();
        }
        return there;
    }

    Iterable<Connection> all() {
        return open;
    }

    /** From here on whoever is added drains at once. */
    void stop() {
        stopping = true;
    }

    boolean isStopping() {
        return stopping;
    }

    int size() {
        return count.get();
    }

    boolean isEmpty() {
        return open.isEmpty();
    }
}
