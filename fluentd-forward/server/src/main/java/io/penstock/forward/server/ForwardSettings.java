package io.penstock.forward.server;

import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ConnectionBudget;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

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
     * all, 1,024 unacknowledged chunks, none
     * recognised, 2 minutes for a message, no idle limit, 10 seconds to drain, 30 seconds
     * for the first byte.
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
        return new ForwardSettings(
                listen,
                max,
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

    public ForwardSettings withConnections(ConnectionBudget budget) {
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
                budget,
                otherSignals,
                unixSockets);
    }

    public ForwardSettings withChunks(int bytes, int entries, int depth, int ratio) {
        return new ForwardSettings(
                listen,
                maxConnections,
                bytes,
                entries,
                depth,
                ratio,
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

    /** With a budget of its own. */
    public ForwardSettings withMemoryBytes(long bytes) {
        return withMemory(MemoryBudget.of(bytes).account(1.0));
    }

    public ForwardSettings withMemory(MemoryBudget.Account account) {
        return new ForwardSettings(
                listen,
                maxConnections,
                maxChunkBytes,
                maxEntries,
                maxDepth,
                maxRatio,
                account,
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

    public ForwardSettings withMaxUnacknowledged(int chunks) {
        return new ForwardSettings(
                listen,
                maxConnections,
                maxChunkBytes,
                maxEntries,
                maxDepth,
                maxRatio,
                memory,
                chunks,
                recent,
                messageTimeout,
                idleTimeout,
                drainTimeout,
                silentTimeout,
                connections,
                otherSignals,
                unixSockets);
    }

    public ForwardSettings withRecent(RecentChunks chunks) {
        return new ForwardSettings(
                listen,
                maxConnections,
                maxChunkBytes,
                maxEntries,
                maxDepth,
                maxRatio,
                memory,
                maxUnacknowledged,
                chunks,
                messageTimeout,
                idleTimeout,
                drainTimeout,
                silentTimeout,
                connections,
                otherSignals,
                unixSockets);
    }

    public ForwardSettings withTimeouts(Duration message, Duration idle, Duration drain) {
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
                message,
                idle,
                drain,
                silentTimeout,
                connections,
                otherSignals,
                unixSockets);
    }

    public ForwardSettings withSilentTimeout(Duration silence) {
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
                silence,
                connections,
                otherSignals,
                unixSockets);
    }

    public ForwardSettings withOtherSignals(OtherSignals signals) {
        return with(signals, unixSockets);
    }

    public ForwardSettings withUnixSockets(List<UnixSocket> sockets) {
        return with(otherSignals, sockets);
    }

    private ForwardSettings with(OtherSignals signals, List<UnixSocket> sockets) {
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
                signals,
                sockets);
    }

    private static void require(boolean holds, String name, Object value, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed is " + allowed);
        }
    }
}
