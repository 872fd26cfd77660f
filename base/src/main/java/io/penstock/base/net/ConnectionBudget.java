package io.penstock.base.net;

import io.netty.channel.Channel;
import io.penstock.base.text.RateLimitedLog;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.LoggerFactory;

/**
 * How many connections several listeners may have open together, so that file descriptors are left for everything else.
 * A few connections beyond the bound are let in so that they can be told that there is no room. Thread-safe.
 */
public final class ConnectionBudget {
    /** Connections beyond the bound that may only be told so. */
    private static final int TOLD = 16;

    private final int max;
    private final String remedy;
    private final RateLimitedLog log = RateLimitedLog.of(LoggerFactory.getLogger(ConnectionBudget.class));
    private final AtomicInteger open = new AtomicInteger();

    private ConnectionBudget(int max, String remedy) {
        this.max = max;
        this.remedy = remedy;
    }

    /** @param remedy how to have more, for messages */
    public static ConnectionBudget of(int max, String remedy) {
        if (max < 1) {
            throw new IllegalArgumentException("no connection at all: " + max);
        }
        return new ConnectionBudget(max, remedy);
    }

    /** Of listeners with bounds of their own only. */
    public static ConnectionBudget unlimited() {
        return new ConnectionBudget(Integer.MAX_VALUE - TOLD, "");
    }

    /**
     * Counts the connection until it is closed. False when there is no room even to tell its client so: the caller closes
     * it and does nothing else with it.
     */
    public boolean admit(Channel connection) {
        int now = open.incrementAndGet();
        if (now > max) {
            log.warn("over", "A connection of " + connection.remoteAddress() + " is refused: " + refusal());
        }
        if (now > max + TOLD) {
            open.decrementAndGet();
            return false;
        }
        connection.closeFuture().addListener(gone -> open.decrementAndGet());
        return true;
    }

    /** Whether the connection that was admitted last is beyond the bound and may only be told so. */
    public boolean isOver() {
        return open.get() > max;
    }

    /** Connections that are open. */
    public int open() {
        return open.get();
    }

    /** The bound. */
    public int max() {
        return max;
    }

    /** Why a connection is refused, with the remedy; for logs, and for clients where the protocol has words. */
    public String refusal() {
        return "all sources together have " + max + " connections, as many as this process has descriptors for; "
                + remedy;
    }
}
