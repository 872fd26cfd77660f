package io.penstock.base.net;

import io.netty.channel.Channel;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Limits the open connections of several listeners together, so that file descriptors are left for everything else.
 * When there is no room, the longest silent connection of any listener is closed to make room. A few connections beyond
 * the bound stay open for a moment: those being closed, and those whose client is being told that there is no room.
 *
 * <p>Used through {@link ConnectionShares}, one for each listener. Thread-safe; the lock is taken when a connection
 * opens, sends its first packet, and closes.
 */
public final class ConnectionBudget {
    /** Connections beyond the bound that are being closed or refused. */
    private static final int BEYOND = 16;

    private final int max;
    private final String remedy;
    /** Every open connection; true if it counts against the bound. */
    private final Map<Channel, Boolean> open = new HashMap<>();
    /** Silent connections in order of arrival, each with the action that closes it. */
    private final Map<Channel, Consumer<Channel>> silent = new LinkedHashMap<>();

    private int places;

    private ConnectionBudget(int max, String remedy) {
        this.max = max;
        this.remedy = remedy;
    }

    /** @param remedy for messages: how to raise the bound */
    public static ConnectionBudget of(int max, String remedy) {
        if (max < 1) {
            throw new IllegalArgumentException("no connection at all: " + max);
        }
        return new ConnectionBudget(max, remedy);
    }

    /** For listeners that have only bounds of their own. */
    public static ConnectionBudget unlimited() {
        return new ConnectionBudget(Integer.MAX_VALUE - BEYOND, "");
    }

    /** The result of {@link #admit}. */
    enum Answer {
        ADMITTED,
        /** The connection may stay open until its client has been told that there is no room. */
        MAY_BE_TOLD,
        /** No descriptor is left, not even to tell the client. */
        REFUSED
    }

    /**
     * Counts the connection until it closes.
     *
     * @param leave closes this connection when it has to make room later; called by the thread that admits another one
     * @param mayDisplace true if a silent connection makes room for this one
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

    /** The connection has sent the first packet of its protocol, so it is no longer silent. */
    synchronized void heard(Channel connection) {
        silent.remove(connection);
    }

    /** The connection is about to close and no longer counts against the bound. */
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

    /** How to raise the bound, for messages. */
    String remedy() {
        return remedy;
    }

    /** Why a connection is refused, with the remedy. For logs, and for clients whose protocol can carry a text. */
    public String refusal() {
        return "all sources together have " + max + " connections, as many as this process has descriptors for; "
                + remedy;
    }
}
