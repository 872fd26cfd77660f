package io.penstock.base.net;

import io.netty.channel.Channel;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How many connections several listeners may have open together, so that file descriptors are left for everything
 * else. Where there is no room, the connection of any listener that has said nothing for longest makes room. A few
 * connections beyond the bound stay open for a moment: those that leave, and those that are told that there is no room.
 *
 * <p>Used through {@link ConnectionShares}, one for each listener. Thread-safe; the lock is taken when a connection
 * comes, speaks for the first time and goes.
 */
public final class ConnectionBudget {
    /** Connections beyond the bound that leave or are told so. */
    private static final int BEYOND = 16;

    private final int max;
    private final String remedy;
    /** Every open connection; true if it takes one of the places. */
    private final Map<Channel, Boolean> open = new HashMap<>();
    /** How each connection that has said nothing leaves, in the order in which they came. */
    private final Map<Channel, Consumer<Channel>> silent = new LinkedHashMap<>();

    private int places;

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
        return new ConnectionBudget(Integer.MAX_VALUE - BEYOND, "");
    }

    /** What became of a connection. */
    enum Answer {
        ADMITTED,
        /** It may stay open until its client has been told that there is no room. */
        MAY_BE_TOLD,
        /** There is no descriptor even for that. */
        REFUSED
    }

    /**
     * Counts the connection until it is closed.
     *
     * @param leave closes this connection when it has to make room later; called by the thread that brings another one
     * @param mayDisplace whether a silent connection makes room for this one
     */
    Answer admit(Channel connection, Consumer<Channel> leave, boolean mayDisplace) {
        Map.Entry<Channel, Consumer<Channel>> leaving = null;
        Answer answer;
        synchronized (this) {
            if (open.size() >= max + BEYOND) {
                return Answer.REFUSED;
            }
            if (places >= max && mayDisplace && !silent.isEmpty()) {
                leaving = silent.entrySet().iterator().next();
                leaves(leaving.getKey());
            }
            boolean room = places < max;
            open.put(connection, room);
            if (room) {
                places++;
                silent.put(connection, leave);
            }
            answer = room ? Answer.ADMITTED : Answer.MAY_BE_TOLD;
        }
        connection.closeFuture().addListener(closed -> closed(connection));
        if (leaving != null) {
            leaving.getValue().accept(leaving.getKey());
        }
        return answer;
    }

    /** The connection has said what a peer of its listener says first. */
    synchronized void heard(Channel connection) {
        silent.remove(connection);
    }

    /** The connection is about to close and takes no place more. */
    synchronized void leaves(Channel connection) {
        silent.remove(connection);
        if (open.replace(connection, true, false)) {
            places--;
        }
    }

    private synchronized void closed(Channel connection) {
        leaves(connection);
        open.remove(connection);
    }

    /** Connections that are open. */
    public synchronized int open() {
        return open.size();
    }

    /** The bound. */
    public int max() {
        return max;
    }

    /** How to have more. */
    String remedy() {
        return remedy;
    }

    /** Why a connection is refused, with the remedy; for logs, and for clients where the protocol has words. */
    public String refusal() {
        return "all sources together have " + max + " connections, as many as this process has descriptors for; "
                + remedy;
    }
}
