package io.penstock.mqtt;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The open connections of one server, counted against their bound. Thread-safe. */
final class Connections {
    private final int max;
    private volatile boolean stopping;
    private final AtomicInteger count = new AtomicInteger();
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();

    Connections(int max) {
        this.max = max;
    }

    void add(Connection connection) {
        open.add(connection);
        count.incrementAndGet();
    }

    /** Whether the next is beyond the bound and may only be told so. */
    boolean full() {
        return count.get() >= max;
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
