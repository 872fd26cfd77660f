package io.penstock.engine;

import io.micrometer.core.instrument.MeterRegistry;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.base.time.TimeSource;
import io.penstock.engine.api.CallMemory;
import io.penstock.engine.stream.StreamMeta;
import io.penstock.journal.LogSystem;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The settings of an engine. Immutable; begin with {@link #persistent} or {@link #ephemeral} and change what should
 * differ.
 *
 * @param data the folder that holds the streams; empty for a temporary one that is deleted at close
 * @param listen where the API listens; port 0 for any free one
 * @param region of ARNs
 * @param account of ARNs, twelve digits
 * @param retention of new streams, 24 hours to 365 days in whole hours
 * @param maxStreams streams in all; creating more is refused with LimitExceededException
 * @param maxShards open shards in all
 * @param durability when a put is answered
 * @param enforceLimits true to limit shards and calls as the service does
 * @param transition how long a stream is CREATING, UPDATING or DELETING
 * @param reserveBytes free disk space that must be left; puts beyond are refused with 503
 * @param hosts names under which the API may be called, besides IP addresses and localhost
 * @param origins web origins that may call the API
 * @param tls whether the same port speaks TLS too
 * @param time the clocks of the machine; ignored if {@code logs} are given, which have a clock
 * @param listener receives failures
 * @param logs the log system to use, left open at close; empty for the engine's own
 * @param connections counts the connections to the API, together with others if it is shared
 * @param meters the registry for the engine's counters; empty for none
 * @param memory limits what calls may hold; empty for the engine's own budget of 60 % of the heap
 */
public record EngineSettings(
        Optional<Path> data,
        InetSocketAddress listen,
        String region,
        String account,
        Duration retention,
        int maxStreams,
        int maxShards,
        Durability durability,
        boolean enforceLimits,
        Duration transition,
        long reserveBytes,
        List<String> hosts,
        List<String> origins,
        Tls tls,
        TimeSource time,
        EngineListener listener,
        Optional<LogSystem> logs,
        ConnectionBudget connections,
        Optional<MeterRegistry> meters,
        Optional<CallMemory> memory) {
    /** The usual port of local Kinesis servers. */
    public static final int DEFAULT_PORT = 4567;

    public EngineSettings {
        hosts = List.copyOf(hosts);
        origins = List.copyOf(origins);
        if (!account.matches("\\d{12}")) {
            throw new IllegalArgumentException("account must have twelve digits, not '" + account + "'");
        }
        long hours = retention.toHours();
        if (hours < 24 || hours > 8760 || !retention.equals(Duration.ofHours(hours))) {
            throw new IllegalArgumentException(
                    "retention must be whole hours from 24h to 8760h (365 days), not " + retention);
        }
        if (maxStreams < 1 || maxShards < 1) {
            throw new IllegalArgumentException("maxStreams and maxShards must be at least 1");
        }
        if (transition.isNegative() || transition.toMillis() > StreamMeta.LONGEST_TRANSITION) {
            throw new IllegalArgumentException("transition must be 0 to 10 minutes, not " + transition);
        }
    }

    /** Streams in a folder, which is created if missing; on the loopback address and the default port. */
    public static EngineSettings persistent(Path data) {
        return defaults(Optional.of(data), DEFAULT_PORT);
    }

    /** For tests: a temporary folder, any free port, no transitions. */
    public static EngineSettings ephemeral() {
        return defaults(Optional.empty(), 0)
                .withTransition(Duration.ZERO)
                .withReserveBytes(0)
                .withTls(new Tls.Off());
    }

    private static EngineSettings defaults(Optional<Path> data, int port) {
        return new EngineSettings(
                data,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                "us-east-1",
                "000000000000",
                Duration.ofHours(24),
                1000,
                20_000,
                Durability.FSYNC,
                false,
                Duration.ofMillis(100),
                1L << 30,
                List.of(),
                List.of(),
                new Tls.Generated(List.of()),
                TimeSource.system(),
                EngineListener.NONE,
                Optional.empty(),
                ConnectionBudget.unlimited(),
                Optional.empty(),
                Optional.empty());
    }

    public EngineSettings withListen(InetSocketAddress value) {
        return changed(draft -> draft.listen = value);
    }

    public EngineSettings withRegion(String value) {
        return changed(draft -> draft.region = value);
    }

    public EngineSettings withAccount(String value) {
        return changed(draft -> draft.account = value);
    }

    public EngineSettings withRetention(Duration value) {
        return changed(draft -> draft.retention = value);
    }

    public EngineSettings withMaxStreams(int value) {
        return changed(draft -> draft.maxStreams = value);
    }

    public EngineSettings withMaxShards(int value) {
        return changed(draft -> draft.maxShards = value);
    }

    public EngineSettings withDurability(Durability value) {
        return changed(draft -> draft.durability = value);
    }

    public EngineSettings withEnforceLimits(boolean value) {
        return changed(draft -> draft.enforceLimits = value);
    }

    public EngineSettings withTransition(Duration value) {
        return changed(draft -> draft.transition = value);
    }

    public EngineSettings withReserveBytes(long value) {
        return changed(draft -> draft.reserveBytes = value);
    }

    public EngineSettings withHosts(List<String> value) {
        return changed(draft -> draft.hosts = value);
    }

    public EngineSettings withOrigins(List<String> value) {
        return changed(draft -> draft.origins = value);
    }

    public EngineSettings withTls(Tls value) {
        return changed(draft -> draft.tls = value);
    }

    public EngineSettings withTime(TimeSource value) {
        return changed(draft -> draft.time = value);
    }

    /** For tests that move time: ages advance with the clock and never fall; dates follow it in both directions. */
    public EngineSettings withClock(InstantSource value) {
        return withTime(TimeSource.following(value));
    }

    public EngineSettings withListener(EngineListener value) {
        return changed(draft -> draft.listener = value);
    }

    public EngineSettings withLogs(LogSystem value) {
        return changed(draft -> draft.logs = Optional.of(value));
    }

    public EngineSettings withConnections(ConnectionBudget value) {
        return changed(draft -> draft.connections = value);
    }

    public EngineSettings withMeters(MeterRegistry value) {
        return changed(draft -> draft.meters = Optional.of(value));
    }

    public EngineSettings withMemory(CallMemory value) {
        return changed(draft -> draft.memory = Optional.of(value));
    }

    private EngineSettings changed(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.settings();
    }

    /** Mutable copy of the settings. */
    private static final class Draft {
        private Optional<Path> data;
        private InetSocketAddress listen;
        private String region;
        private String account;
        private Duration retention;
        private int maxStreams;
        private int maxShards;
        private Durability durability;
        private boolean enforceLimits;
        private Duration transition;
        private long reserveBytes;
        private List<String> hosts;
        private List<String> origins;
        private Tls tls;
        private TimeSource time;
        private EngineListener listener;
        private Optional<LogSystem> logs;
        private ConnectionBudget connections;
        private Optional<MeterRegistry> meters;
        private Optional<CallMemory> memory;

        Draft(EngineSettings from) {
            data = from.data;
            listen = from.listen;
            region = from.region;
            account = from.account;
            retention = from.retention;
            maxStreams = from.maxStreams;
            maxShards = from.maxShards;
            durability = from.durability;
            enforceLimits = from.enforceLimits;
            transition = from.transition;
            reserveBytes = from.reserveBytes;
            hosts = from.hosts;
            origins = from.origins;
            tls = from.tls;
            time = from.time;
            listener = from.listener;
            logs = from.logs;
            connections = from.connections;
            meters = from.meters;
            memory = from.memory;
        }

        EngineSettings settings() {
            return new EngineSettings(
                    data,
                    listen,
                    region,
                    account,
                    retention,
                    maxStreams,
                    maxShards,
                    durability,
                    enforceLimits,
                    transition,
                    reserveBytes,
                    hosts,
                    origins,
                    tls,
                    time,
                    listener,
                    logs,
                    connections,
                    meters,
                    memory);
        }
    }
}
