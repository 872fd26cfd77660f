package io.penstock.mqtt.internal.limits;

import io.penstock.base.memory.MemoryBudget;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Accounts for the memory that the clients of one server hold. Everything counts against one account, and each {@link
 * Use} against a share of it: idle clients leave enough for sending ones, and clients that have not logged in leave
 * enough for those that have. Thread-safe.
 */
public final class ClientMemory {
    /** A use of memory, and the share of the account that it may have. */
    public enum Use {
        /** Connections whose client is not admitted. */
        ARRIVAL(0.125),
        /** Connections of admitted clients. */
        CONNECTION(0.40),
        /** Connections that will only be told that there is no memory for them. */
        TURNED_AWAY(0.015625),
        /** CONNECTs, from their first bytes until the decision. */
        LOGIN(0.10),
        /** CONNECTs of usual size, which large ones must not displace. */
        SMALL_LOGIN(0.03125),
        /**
         * What the server remembers of admitted clients: wills, user names, topics, identifiers, pending
         * acknowledgements.
         */
        STATE(0.125),
        /** Sessions without a connection, with their wills. */
        KEPT(0.08),
        /** Incomplete and waiting packets, and bytes that wait for a client to read them. */
        PACKETS(1);

        private final double share;

        Use(double share) {
            this.share = share;
        }
    }

    /** Heap of a connection: its channel and pipeline, timers, session, last topic. */
    public static final int CONNECTION = 5 << 10;

    /** Memory of a TLS engine and its buffers. */
    public static final int TLS = 24 << 10;

    /** Memory of the HTTP and WebSocket codecs, or of a PROXY protocol header. */
    public static final int FRAMING = 6 << 10;

    /**
     * Bytes of packets per connection that are not counted, so that each connection can process packets of this size.
     * They are outside of the heap.
     */
    public static final int FREE_PACKETS = 4 << 10;

    /** A CONNECT up to this memory size has usual size. */
    public static final int SMALL_LOGIN_BYTES = 3 << 10;

    /** Bytes of one client's will and user name that are not counted, so that small ones are never refused. */
    public static final int FREE_STATE = 1024;

    private final MemoryBudget.Account account;
    private final AtomicLong[] used = new AtomicLong[Use.values().length];
    private final long[] most = new long[used.length];
    private final AtomicReference<Object> exception = new AtomicReference<>();

    /** @param mostPackets upper bound for {@link Use#PACKETS} */
    public ClientMemory(MemoryBudget.Account account, long mostPackets) {
        this.account = account;
        for (Use use : Use.values()) {
            used[use.ordinal()] = new AtomicLong();
            most[use.ordinal()] = (long) (account.limit() * use.share);
        }
        most[Use.PACKETS.ordinal()] = Math.min(most[Use.PACKETS.ordinal()], mostPackets);
    }

    /** A new, empty holding. */
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

    /** Counts bytes that are already in memory. */
    void take(Use use, long bytes) {
        used[use.ordinal()].addAndGet(bytes);
        account.take(bytes);
    }

    void release(Use use, long bytes) {
        used[use.ordinal()].addAndGet(-bytes);
        account.release(bytes);
    }

    /** True if no more memory should be taken for this use. */
    public boolean isSpent(Use use) {
        return isShareSpent(use) || account.isSpent();
    }

    /** True if this use has reached its own share, whatever other uses have. */
    public boolean isShareSpent(Use use) {
        return used(use) >= most[use.ordinal()];
    }

    /** True if half of this use's share is taken. */
    public boolean isShort(Use use) {
        return used(use) >= most[use.ordinal()] / 2 || account.isSpent();
    }

    /**
     * True if {@code user} may read the rest of its packet although the packets' share is spent. One user at a time
     * may, until it has {@link #settled}; so users with incomplete packets do not all wait for each other.
     */
    public boolean isExcepted(Object user) {
        return exception.get() == user || exception.compareAndSet(null, user);
    }

    /** {@code user} holds no memory any more. */
    public void settled(Object user) {
        if (exception.get() == user) {
            exception.set(null);
        }
    }

    /** Bytes taken for this use. */
    long used(Use use) {
        return used[use.ordinal()].get();
    }
}
