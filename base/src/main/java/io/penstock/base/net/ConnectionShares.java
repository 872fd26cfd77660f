package io.penstock.base.net;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The connections of one server: so many in all, and no more than half of them of one address, so that one peer cannot take
 * them all. Of IPv6 a network of 64 bits counts as one address. Addresses of this machine have no bound of their own: many
 * programs stand behind them.
 *
 * <p>Where there is no room, the connection that has said nothing for longest makes room: of the same address when that has
 * its share. Thread-safe; the lock is taken when a connection comes, speaks for the first time and goes.
 */
public final class ConnectionShares {
    private static final int IPV6_NETWORK_BYTES = 8;

    private final int max;
    private final int perAddress;
    private final Set<Channel> open = new HashSet<>();
    /** In the order in which they came. */
    private final Set<Channel> silent = new LinkedHashSet<>();

    private final Map<ByteBuffer, Integer> byAddress = new HashMap<>();

    /** @param max in all */
    public ConnectionShares(int max) {
        this.max = max;
        this.perAddress = Math.max(1, max / 2);
    }

    /**
     * Counts the connection until it is closed, if there is room for it.
     *
     * @param makeRoom closes the connection that has to go, which counts no more; called at most once, by this thread
     * @return why there is no room; empty when the connection was admitted
     */
    public Optional<String> admit(Channel connection, Consumer<Channel> makeRoom) {
        Optional<ByteBuffer> address = shared(connection);
        Optional<Channel> leaving = Optional.empty();
        synchronized (this) {
            boolean tooMany = address.map(known -> byAddress.getOrDefault(known, 0))
                    .filter(count -> count >= perAddress)
                    .isPresent();
            if (tooMany || open.size() >= max) {
                leaving = oldestSilent(tooMany ? address : Optional.empty());
                if (leaving.isEmpty()) {
                    return Optional.of(
                            tooMany
                                    ? "this address has " + perAddress + " connections already, half of the " + max
                                            + " of this listener"
                                    : "there are " + max + " connections already");
                }
                remove(leaving.get());
            }
            open.add(connection);
            silent.add(connection);
            address.ifPresent(known -> byAddress.merge(known, 1, Integer::sum));
        }
        connection.closeFuture().addListener(closed -> remove(connection));
        leaving.ifPresent(makeRoom);
        return Optional.empty();
    }

    /** The connection has brought its first bytes. */
    public synchronized void heard(Channel connection) {
        silent.remove(connection);
    }

    private Optional<Channel> oldestSilent(Optional<ByteBuffer> of) {
        for (Iterator<Channel> oldest = silent.iterator(); oldest.hasNext(); ) {
            Channel candidate = oldest.next();
            if (of.isEmpty() || of.equals(shared(candidate))) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    private synchronized void remove(Channel connection) {
        if (open.remove(connection)) {
            silent.remove(connection);
            shared(connection)
                    .ifPresent(
                            known -> byAddress.computeIfPresent(known, (same, count) -> count == 1 ? null : count - 1));
        }
    }

    /** What the bound of an address counts; empty where there is none. */
    private static Optional<ByteBuffer> shared(Channel connection) {
        if (!(connection.remoteAddress() instanceof InetSocketAddress socket)) {
            return Optional.empty();
        }
        InetAddress address = socket.getAddress();
        if (address == null || address.isLoopbackAddress()) {
            return Optional.empty();
        }
        byte[] bytes = address.getAddress();
        return Optional.of(ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, IPV6_NETWORK_BYTES)));
    }
}
