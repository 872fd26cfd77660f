package io.penstock.base.net;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Limits the connections of one listener: its own maximum, and what the {@link ConnectionBudget} of all listeners
 * allows. One address gets at most half of the smaller of the two, so that one peer cannot take them all. An IPv6
 * network of 64 bits counts as one address. Local addresses have no bound of their own, because many programs share
 * them. Nor has a proxy: its connections count for the client address that {@link #comesFrom} reports.
 *
 * <p>When there is no room, the longest silent connection is closed to make room; if the address has used up its share,
 * one of that address. Thread-safe; the lock is taken when a connection opens, sends its first packet, and closes.
 */
public final class ConnectionShares {
    private static final int IPV6_NETWORK_BYTES = 8;
    /**
     * Lower bound of the number of connections beyond the maximum that may be told that there is no room. The usual
     * number is a sixteenth of the maximum.
     */
    private static final int LEAST_TOLD = 16;

    private final int max;
    private final int perAddress;
    private final ConnectionBudget budget;
    private final Consumer<Channel> leave;
    private final Map<Channel, Optional<Share>> open = new HashMap<>();
    /** In order of arrival. */
    private final Set<Channel> silent = new LinkedHashSet<>();

    private final Map<ByteBuffer, Share> shares = new HashMap<>();
    private final AtomicInteger told = new AtomicInteger();

    /**
     * @param max connections of this listener
     * @param budget of this listener and others
     * @param leave tells and closes a connection that has to make room; called by the thread that admits another one
     */
    public ConnectionShares(int max, ConnectionBudget budget, Consumer<Channel> leave) {
        this.max = max;
        this.perAddress = Math.max(1, Math.min(max, budget.max()) / 2);
        this.budget = budget;
        this.leave = leave;
    }

    /**
     * Why a connection is not admitted.
     *
     * @param mayBeTold true if the connection may stay open until its client has been told; otherwise it must be closed
     *     at once
     */
    public record Objection(String why, boolean mayBeTold) {}

    /** Counts the connection until it closes. Empty if it was admitted. */
    public Optional<Objection> admit(Channel connection) {
        return admit(connection, connection.remoteAddress());
    }

    /** As {@link #admit(Channel)}, for a connection from a proxy, whose own address has no bound. */
    public Optional<Objection> admitProxied(Channel connection) {
        return admit(connection, null);
    }

    private Optional<Objection> admit(Channel connection, @Nullable SocketAddress peer) {
        Room room = enter(connection, peer);
        if (room.objection.isPresent()) {
            ConnectionBudget.Answer open = budget.admit(connection, leave, false);
            return room.objection.map(why -> object(connection, why, open));
        }
        if (room.leaving != null) {
            budget.leaves(room.leaving);
            leave.accept(room.leaving);
        }
        ConnectionBudget.Answer answer = budget.admit(connection, this::displaced, true);
        if (answer == ConnectionBudget.Answer.ADMITTED) {
            connection.closeFuture().addListener(closed -> remove(connection));
            return Optional.empty();
        }
        remove(connection);
        return Optional.of(object(connection, budget.refusal(), answer));
    }

    private Objection object(Channel connection, String why, ConnectionBudget.Answer answer) {
        return new Objection(why, answer != ConnectionBudget.Answer.REFUSED && mayBeTold(connection));
    }

    private boolean mayBeTold(Channel connection) {
        if (told.incrementAndGet() > Math.max(LEAST_TOLD, max / LEAST_TOLD)) {
            told.decrementAndGet();
            return false;
        }
        connection.closeFuture().addListener(closed -> told.decrementAndGet());
        return true;
    }

    /**
     * Counts an admitted connection for the client address that the proxy reports.
     *
     * @return why that address may have no further connection; empty if it may
     */
    public Optional<Objection> comesFrom(Channel connection, InetSocketAddress peer) {
        Room room;
        synchronized (this) {
            if (!open.containsKey(connection)) {
                return Optional.empty();
            }
            boolean wasSilent = silent.contains(connection);
            remove(connection);
            room = enter(connection, peer);
            if (!wasSilent) {
                speaks(connection);
            }
        }
        if (room.leaving != null) {
            budget.leaves(room.leaving);
            leave.accept(room.leaving);
        }
        return room.objection.map(why -> new Objection(why, mayBeTold(connection)));
    }

    /** The connection has sent the first packet of its protocol, so it is no longer silent. */
    public void heard(Channel connection) {
        speaks(connection);
        budget.heard(connection);
    }

    private synchronized void speaks(Channel connection) {
        silent.remove(connection);
        Optional<Share> share = open.get(connection);
        if (share != null) {
            share.ifPresent(known -> known.silent.remove(connection));
        }
    }

    /** Whether there is room, and which connection makes room. */
    private record Room(
            Optional<String> objection, @Nullable Channel leaving) {}

    private synchronized Room enter(Channel connection, @Nullable SocketAddress peer) {
        Optional<Share> share = network(peer).map(known -> shares.computeIfAbsent(known, Share::new));
        boolean tooMany = share.filter(known -> known.count >= perAddress).isPresent();
        Channel leaving = null;
        if (tooMany || open.size() >= max) {
            Set<Channel> candidates = tooMany ? share.get().silent : silent;
            if (candidates.isEmpty()) {
                share.ifPresent(this::forgetEmpty);
                return new Room(Optional.of(tooMany ? ofOneAddress() : ofAll()), null);
            }
            leaving = candidates.iterator().next();
            remove(leaving);
        }
        open.put(connection, share);
        silent.add(connection);
        share.ifPresent(known -> {
            shares.put(known.network, known);
            known.count++;
            known.silent.add(connection);
        });
        return new Room(Optional.empty(), leaving);
    }

    private String ofOneAddress() {
        String already = "this address has " + perAddress + " connections already, half of the ";
        return budget.max() < max
                ? already + budget.max() + " of all sources together; " + budget.remedy()
                : already + max + " of this listener";
    }

    private String ofAll() {
        return "there are " + max + " connections already";
    }

    /** A connection of another listener needs the descriptor. */
    private void displaced(Channel connection) {
        remove(connection);
        leave.accept(connection);
    }

    private synchronized void remove(Channel connection) {
        Optional<Share> share = open.remove(connection);
        silent.remove(connection);
        if (share != null) {
            share.ifPresent(known -> {
                known.count--;
                known.silent.remove(connection);
                forgetEmpty(known);
            });
        }
    }

    private void forgetEmpty(Share share) {
        if (share.count == 0) {
            shares.remove(share.network);
        }
    }

    /** The address or network that the bound of an address counts; empty for addresses without a bound. */
    private static Optional<ByteBuffer> network(@Nullable SocketAddress peer) {
        if (!(peer instanceof InetSocketAddress socket)) {
            return Optional.empty();
        }
        InetAddress address = socket.getAddress();
        if (address == null || address.isLoopbackAddress()) {
            return Optional.empty();
        }
        byte[] bytes = address.getAddress();
        return Optional.of(ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, IPV6_NETWORK_BYTES)));
    }

    /** The connections of one address. */
    private static final class Share {
        private final ByteBuffer network;
        private final Set<Channel> silent = new LinkedHashSet<>();
        private int count;

        Share(ByteBuffer network) {
            this.network = network;
        }
    }
}
