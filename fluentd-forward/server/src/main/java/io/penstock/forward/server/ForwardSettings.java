package io.penstock.forward.server;

import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ConnectionBudget;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a server listens on and how much it takes.
 *
 * @param listen the addresses to bind; port 0 binds any free port
 * @param maxConnections open at once; further ones are closed at once
 * @param maxChunkBytes the largest message, and the largest that its compressed entries may unpack to
 * @param maxEntries the most entries of one chunk
 * @param maxDepth how deep a record's maps and arrays may be nested
 * @param maxRatio how many times their size compressed entries may unpack to, once that is more than 4 MiB
 * @param memory what all connections together may hold of messages that are not yet taken, inflated ones included
 * @param maxUnacknowledged how many chunks of one connection may wait for their acknowledgement before it is read no
 *     further
 * @param recent the chunks that are recognised when they are sent again, if their ids are such that no new chunk can
 *     have them
 * @param messageTimeout how long one message may take to arrive, from its first byte to its last
 * @param idleTimeout how long a connection may bring nothing between messages; zero for ever
 * @param drainTimeout how long {@link ForwardServer#close} waits for what is owed
 * @param silentTimeout how long a new connection may say nothing at all
 * @param connections counts the connections together with those of other servers
 * @param otherSignals what becomes of chunks that hold no logs
 * @param unixSockets Unix domain sockets to listen on too
 */
public record ForwardSettings(
        List<InetSocketAddress> listen,
        int maxConnections,
        int maxChunkBytes,
        int maxEntries,
        int maxDepth,
        int maxRatio,
        MemoryBudget.Account memory,
        int maxUnacknowledged,
        RecentChunks recent,
        Duration messageTimeout,
        Duration idleTimeout,
        Duration drainTimeout,
        Duration silentTimeout,
        ConnectionBudget connections,
        OtherSignals otherSignals,
        List<UnixSocket> unixSockets) {

    private static final int SMALLEST_CHUNK = 1024;
    private static final int LARGEST_CHUNK = 512 * 1024 * 1024;

    public ForwardSettings {
        listen = List.copyOf(listen);
        unixSockets = List.copyOf(unixSockets);
        require(maxConnections > 0, "maxConnections", maxConnections, "at least 1");
        require(
                maxChunkBytes >= SMALLEST_CHUNK && maxChunkBytes <= LARGEST_CHUNK,
                "maxChunkBytes",
                maxChunkBytes,
                SMALLEST_CHUNK + " to " + LARGEST_CHUNK);
        require(maxEntries > 0, "maxEntries", maxEntries, "at least 1");
        require(maxDepth > 0 && maxDepth <= 256, "maxDepth", maxDepth, "1 to 256");
        require(maxRatio > 0, "maxRatio", maxRatio, "at least 1");
        require(maxUnacknowledged > 0, "maxUnacknowledged", maxUnacknowledged, "at least 1");
        require(messageTimeout.toMillis() > 0, "messageTimeout", messageTimeout, "at least 1 ms");
        require(!idleTimeout.isNegative(), "idleTimeout", idleTimeout, "not negative");
        require(silentTimeout.toMillis() > 0, "silentTimeout", silentTimeout, "at least 1 ms");
        require(!drainTimeout.isNegative(), "drainTimeout", drainTimeout, "not negative");
    }

    /**
     * The defaults: 1,024 connections, chunks of 32 MiB with 1,000,000 entries nested 64 deep, ratio 250, 128 MiB in
     * all, 1,024 unacknowledged chunks, none recognised, 2 minutes for a message, no idle limit, 10 seconds to drain,
     * 30 seconds for the first byte.
     */
    public static ForwardSettings on(InetSocketAddress... listen) {
        return new ForwardSettings(
                List.of(listen),
                1024,
                32 * 1024 * 1024,
                1_000_000,
                64,
                250,
                MemoryBudget.of(128L * 1024 * 1024).account(1.0),
                1024,
                new RecentChunks(0),
                Duration.ofMinutes(2),
                Duration.ZERO,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                ConnectionBudget.unlimited(),
                OtherSignals.REFUSE,
                List.of());
    }

    public ForwardSettings withMaxConnections(int max) {
        return with(to -> to.maxConnections = max);
    }

    public ForwardSettings withConnections(ConnectionBudget budget) {
        return with(to -> to.connections = budget);
    }

    public ForwardSettings withChunks(int bytes, int entries, int depth, int ratio) {
        return with(to -> {
            to.maxChunkBytes = bytes;
            to.maxEntries = entries;
            to.maxDepth = depth;
            to.maxRatio = ratio;
        });
    }

    /** With a budget of its own. */
    public ForwardSettings withMemoryBytes(long bytes) {
        return withMemory(MemoryBudget.of(bytes).account(1.0));
    }

    public ForwardSettings withMemory(MemoryBudget.Account account) {
        return with(to -> to.memory = account);
    }

    public ForwardSettings withMaxUnacknowledged(int chunks) {
        return with(to -> to.maxUnacknowledged = chunks);
    }

    public ForwardSettings withRecent(RecentChunks chunks) {
        return with(to -> to.recent = chunks);
    }

    public ForwardSettings withTimeouts(Duration message, Duration idle, Duration drain) {
        return with(to -> {
            to.messageTimeout = message;
            to.idleTimeout = idle;
            to.drainTimeout = drain;
        });
    }

    public ForwardSettings withSilentTimeout(Duration silence) {
        return with(to -> to.silentTimeout = silence);
    }

    public ForwardSettings withOtherSignals(OtherSignals signals) {
        return with(to -> to.otherSignals = signals);
    }

    public ForwardSettings withUnixSockets(List<UnixSocket> sockets) {
        return with(to -> to.unixSockets = sockets);
    }

    private ForwardSettings with(Consumer<Builder> change) {
        Builder to = new Builder(this);
        change.accept(to);
        return to.build();
    }

    private static void require(boolean holds, String name, Object value, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed is " + allowed);
        }
    }

    /** Settings while one of them changes. */
    private static final class Builder {
        List<InetSocketAddress> listen;
        int maxConnections;
        int maxChunkBytes;
        int maxEntries;
        int maxDepth;
        int maxRatio;
        MemoryBudget.Account memory;
        int maxUnacknowledged;
        RecentChunks recent;
        Duration messageTimeout;
        Duration idleTimeout;
        Duration drainTimeout;
        Duration silentTimeout;
        ConnectionBudget connections;
        OtherSignals otherSignals;
        List<UnixSocket> unixSockets;

        Builder(ForwardSettings from) {
            listen = from.listen;
            maxConnections = from.maxConnections;
            maxChunkBytes = from.maxChunkBytes;
            maxEntries = from.maxEntries;
            maxDepth = from.maxDepth;
            maxRatio = from.maxRatio;
            memory = from.memory;
            maxUnacknowledged = from.maxUnacknowledged;
            recent = from.recent;
            messageTimeout = from.messageTimeout;
            idleTimeout = from.idleTimeout;
            drainTimeout = from.drainTimeout;
            silentTimeout = from.silentTimeout;
            connections = from.connections;
            otherSignals = from.otherSignals;
            unixSockets = from.unixSockets;
        }

        ForwardSettings build() {
            return new ForwardSettings(
                    listen,
                    maxConnections,
                    maxChunkBytes,
                    maxEntries,
                    maxDepth,
                    maxRatio,
                    memory,
                    maxUnacknowledged,
                    recent,
                    messageTimeout,
                    idleTimeout,
                    drainTimeout,
                    silentTimeout,
                    connections,
                    otherSignals,
                    unixSockets);
        }
    }
}
