package io.penstock.agent.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * The clients that are connected to one source, by address. Bounded by the source's own limit of connections, and by
 * {@value #MOST}; further ones are not listed. Names come from clients and are cut. Thread-safe; nothing here blocks.
 */
public final class ConnectedClients {
    static final int MOST = 100_000;
    private static final int LONGEST = 256;

    private final ConcurrentMap<Object, Client> present = new ConcurrentHashMap<>();

    /**
     * A connected client.
     *
     * @param address host and port, or the path of a Unix domain socket
     * @param name that it gave itself; empty if it has none
     * @param user after a login; empty without
     * @param protocol and its version
     * @param sinceNanos {@link System#nanoTime} of the connect
     * @param events that it has sent
     */
    public record Client(String address, String name, String user, String protocol, long sinceNanos, LongAdder events) {
        Client with(String otherName, String otherUser) {
            return new Client(address, otherName, otherUser, protocol, sinceNanos, events);
        }
    }

    /**
     * A client is there; one that was known by this key is replaced.
     *
     * @param key by which the source tells it from others: its address in any form with equals
     */
    public void connected(Object key, String address, String name, String user, String protocol) {
        if (present.size() < MOST) {
            present.put(key, new Client(address, cut(name), cut(user), protocol, System.nanoTime(), new LongAdder()));
        }
    }

    public void disconnected(Object key) {
        present.remove(key);
    }

    /** It sent so many events. */
    public void sent(Object key, int events) {
        Client client = present.get(key);
        if (client != null) {
            client.events().add(events);
        }
    }

    /**
     * As {@link #sent(Object, int)}, of a client that says who it is with its requests.
     *
     * @param request is asked by {@code login} as long as the client has neither name nor user
     */
    public <R> void sent(Object key, int events, R request, Function<R, Login> login) {
        Client client = present.get(key);
        if (client == null) {
            return;
        }
        client.events().add(events);
        if (client.name().isEmpty() && client.user().isEmpty()) {
            Login found = login.apply(request);
            if (!found.equals(Login.NONE)) {
                present.replace(key, client, client.with(cut(found.name()), cut(found.user())));
            }
        }
    }

    /**
     * Who a client is by its request.
     *
     * @param name that it gave itself
     * @param user that it has proved to be
     */
    public record Login(String name, String user) {
        /** Nothing is known. */
        public static final Login NONE = new Login("", "");
    }

    List<Client> all() {
        return new ArrayList<>(present.values());
    }

    private static String cut(String said) {
        return said.length() <= LONGEST ? said : said.substring(0, LONGEST) + "…";
    }
}
