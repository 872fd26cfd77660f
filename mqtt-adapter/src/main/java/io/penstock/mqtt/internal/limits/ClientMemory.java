package io.penstock.mqtt.internal.limits;

import io.penstock.base.memory.MemoryBudget;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What the clients of one server hold in memory. Everything counts against one account, and each {@link Use} against a
 * share of it, so that clients which only hold something leave enough for those that send, and clients that have not
 * logged in leave enough for those that have. Thread-safe.
 */
public final class ClientMemory {
    /** What memory is held for, and the share of the account that all of it may have. */
    public enum Use {
        /** Connections whose client is not admitted. */
        ARRIVAL(0.125),
        /** Connections of admitted clients. */
        CONNECTION(0.40),
        /** Connections that are only to be told that there is no memory for them. */
        TURNED_AWAY(0.015625),
        /** CONNECTs, from their first bytes until they are decided. */
        LOGIN(0.10),
        /** Those of usual size, which large ones must not keep out. */
        SMALL_LOGIN(0.03125),
        /** What admitted clients have the server remember: wills, user names, topics, identifiers, what is owed. */
        STATE(0.125),
        /** Sessions without a connection, with their wills. */
        KEPT(0.08),
        /** Packets that are unfinished or wait, and what waits for a client to read it. */
        PACKETS(1);

        private final double share;

        Use(double share) {
            this.share = share;
        }
    }

    /** What a connection costs in the heap by being there: its channel and pipeline, timers, session, last topic. */
    public static final int CONNECTION = 5 * 1024;

    /** What a TLS engine and its buffers cost. */
    public static final int TLS = 24 * 1024;

    /** What the HTTP and WebSocket codecs, or a PROXY protocol header, cost. */
    public static final int FRAMING = 6 * 1024;

    /**
     * Bytes of packets of one connection that do not count, so that each connection can go on with packets up to this
     * size. They lie outside of the heap.
     */
    public static final int FREE_PACKETS = 4 * 1024;

    /** A CONNECT that takes up to so many bytes is of usual size. */
    public static final int SMALL_LOGIN_BYTES = 3 * 1024;

    /** Bytes of one client's will and user name that do not count, so that small ones are never refused. */
    public static final int FREE_STATE = 1024;

    private final MemoryBudget.Account account;
    private final AtomicLong[] used = new AtomicLong[Use.values().length];
    private final long[] most = new long[used.length];
    private final AtomicReference<Object> exception = new AtomicReference<>();

    /** @param mostPackets what {@link Use#PACKETS} may have at most */
    public ClientMemory(MemoryBudget.Account account, long mostPackets) {
        this.account = account;
        for (Use use : Use.values()) {
            used[use.ordinal()] = new AtomicLong();
            most[use.ordinal()] = (long) (account.limit() * use.share);
        }
        most[Use.PACKETS.ordinal()] = Math.min(most[Use.PACKETS.ordinal()], mostPackets);
    }

    /** A holder of nothing yet. */
    public Holding holding(Use use) {
        return new Holding(this, use);
    }

    boolean tryTake(Use use, long bytes) {
        AtomicLong mine = used[use.ordinal()];
        if (mine.addAndGet(bytes) > most[use.ordinal()] || !account.tryTake(bytes)) {
            mine.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /** Takes what is in memory already. */
    void take(Use use, long bytes) {
        used[use.ordinal()].addAndGet(bytes);
        account.take(bytes);
    }

    void release(Use use, long bytes) {
        used[use.ordinal()].addAndGet(-bytes);
        account.release(bytes);
    }

    /** Whether nothing more should be held for this use. */
    public boolean isSpent(Use use) {
        return isShareSpent(use) || account.isSpent();
    }

    /** Whether this use's own share is taken, whatever the others have. */
    public boolean isShareSpent(Use use) {
        return used(use) >= most[use.ordinal()];
    }

    /** Whether half of this use's share is taken. */
    public boolean isShort(Use use) {
        return used(use) >= most[use.ordinal()] / 2 || account.isSpent();
    }

    /**
     * Whether {@code user} may read on for the rest of its packet although the packets' share is spent: one user at a
     * time may, until it has {@link #settled}, so that they do not all wait for each other.
     */
    public boolean isExcepted(Object user) {
        return exception.get() == user || exception.compareAndSet(null, user);
    }

    /** {@code user} holds nothing any more. */
    public void settled(Object user) {
        if (exception.get() == user) {
            exception.set(null);
        }
    }

    /** Bytes held for this use. */
    long used(Use use) {
        return used[use.ordinal()].get();
    }
}
