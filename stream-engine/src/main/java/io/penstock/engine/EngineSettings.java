package io.penstock.engine;

import io.micrometer.core.instrument.MeterRegistry;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.base.time.TimeSource;
import io.penstock.engine.api.CallMemory;
import io.penstock.engine.auth.ClientKey;
import io.penstock.engine.stream.StreamMeta;
import io.penstock.journal.LogSystem;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The settings of an engine. Immutable; begin with {@link #persistent} or {@link #ephemeral} and change what should
 * differ.
 */
public record EngineSettings(Network network, Service service, Storage storage, Surroundings surroundings) {
    /** The usual port of local Kinesis servers. */
    public static final int DEFAULT_PORT = 4567;

    /**
     * Where the API is reached.
     *
     * @param listen where the API listens; port 0 for any free one
     * @param hosts names under which the API may be called, besides IP addresses and localhost
     * @param origins web origins that may call the API
     * @param tls whether the same port speaks TLS too
     * @param signed whose calls are taken; empty for anyone's, whose signatures are not looked at
     */
    public record Network(
            InetSocketAddress listen, List<String> hosts, List<String> origins, Tls tls, Optional<Signed> signed) {
        public Network {
            hosts = List.copyOf(hosts);
            origins = List.copyOf(origins);
        }
    }

    /**
     * Calls are taken that are signed (Signature Version 4) with one of these keys.
     *
     * @param credentialsFile in the form of the AWS shared credentials file; read again when it changes
     * @param own a key of the program around the engine
     */
    public record Signed(Path credentialsFile, Optional<ClientKey> own) {}

    /**
     * How the service behaves.
     *
     * @param region of calls that are not signed for another one, and of streams that the engine makes itself
     * @param account of calls whose access key id names no other one; twelve digits
     * @param retention of new streams, 24 hours to 365 days in whole hours
     * @param maxStreams streams in one account and region; creating more is refused with LimitExceededException
     * @param maxShards open shards in one account and region
     * @param enforceLimits true to limit shards and calls as the service does
     * @param transition how long a stream is CREATING, UPDATING or DELETING
     */
    public record Service(
            String region,
            String account,
            Duration retention,
            int maxStreams,
            int maxShards,
            boolean enforceLimits,
            Duration transition) {
        public Service {
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

        int retentionHours() {
            return (int) retention.toHours();
        }
    }

    /**
     * Where records are kept.
     *
     * @param data the folder that holds the streams; empty for a temporary one that is deleted at close
     * @param durability when a put is answered
     * @param reserveBytes free disk space that must be left; puts beyond are refused with 503
     */
    public record Storage(Optional<Path> data, Durability durability, long reserveBytes) {}

    /**
     * What the engine may share with other parts of the process.
     *
     * @param time the clocks of the machine; ignored if {@code logs} are given, which have a clock
     * @param listener receives failures
     * @param logs the log system to use, left open at close; empty for the engine's own
     * @param connections counts the connections to the API, together with others if it is shared
     * @param meters the registry for the engine's counters; empty for none
     * @param memory limits what calls may hold; empty for the engine's own budget of 60 % of the heap
     * @param pages served beside the API
     */
    public record Surroundings(
            TimeSource time,
            EngineListener listener,
            Optional<LogSystem> logs,
            ConnectionBudget connections,
            Optional<MeterRegistry> meters,
            Optional<CallMemory> memory,
            EnginePages pages) {}

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
                new Network(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        List.of(),
                        List.of(),
                        new Tls.Generated(List.of()),
                        Optional.empty()),
                new Service(
                        "us-east-1", "000000000000", Duration.ofHours(24), 1000, 20_000, false, Duration.ofMillis(100)),
                new Storage(data, Durability.FSYNC, 1L << 30),
                new Surroundings(
                        TimeSource.system(),
                        EngineListener.NONE,
                        Optional.empty(),
                        ConnectionBudget.unlimited(),
                        Optional.empty(),
                        Optional.empty(),
                        EnginePages.NONE));
    }

    public EngineSettings withListen(InetSocketAddress value) {
        return with(new Network(value, network.hosts, network.origins, network.tls, network.signed));
    }

    public EngineSettings withRegion(String value) {
        Service old = service;
        return with(new Service(
                value, old.account, old.retention, old.maxStreams, old.maxShards, old.enforceLimits, old.transition));
    }

    public EngineSettings withAccount(String value) {
        Service old = service;
        return with(new Service(
                old.region, value, old.retention, old.maxStreams, old.maxShards, old.enforceLimits, old.transition));
    }

    public EngineSettings withRetention(Duration value) {
        Service old = service;
        return with(new Service(
                old.region, old.account, value, old.maxStreams, old.maxShards, old.enforceLimits, old.transition));
    }

    public EngineSettings withMaxStreams(int value) {
        Service old = service;
        return with(new Service(
                old.region, old.account, old.retention, value, old.maxShards, old.enforceLimits, old.transition));
    }

    public EngineSettings withMaxShards(int value) {
        Service old = service;
        return with(new Service(
                old.region, old.account, old.retention, old.maxStreams, value, old.enforceLimits, old.transition));
    }

    public EngineSettings withDurability(Durability value) {
        return with(new Storage(storage.data, value, storage.reserveBytes));
    }

    public EngineSettings withEnforceLimits(boolean value) {
        Service old = service;
        return with(new Service(
                old.region, old.account, old.retention, old.maxStreams, old.maxShards, value, old.transition));
    }

    public EngineSettings withTransition(Duration value) {
        Service old = service;
        return with(new Service(
                old.region, old.account, old.retention, old.maxStreams, old.maxShards, old.enforceLimits, value));
    }

    public EngineSettings withReserveBytes(long value) {
        return with(new Storage(storage.data, storage.durability, value));
    }

    public EngineSettings withHosts(List<String> value) {
        return with(new Network(network.listen, value, network.origins, network.tls, network.signed));
    }

    public EngineSettings withOrigins(List<String> value) {
        return with(new Network(network.listen, network.hosts, value, network.tls, network.signed));
    }

    public EngineSettings withTls(Tls value) {
        return with(new Network(network.listen, network.hosts, network.origins, value, network.signed));
    }

    /** Takes only calls that are signed with a key of this file. */
    public EngineSettings withCredentialsFile(Path value) {
        return with(new Signed(value, network.signed.flatMap(Signed::own)));
    }

    /** Takes this key too, if calls must be signed. */
    public EngineSettings withOwnKey(ClientKey value) {
        return network.signed
                .map(signed -> with(new Signed(signed.credentialsFile, Optional.of(value))))
                .orElse(this);
    }

    public EngineSettings withTime(TimeSource value) {
        Surroundings old = surroundings;
        return with(
                new Surroundings(value, old.listener, old.logs, old.connections, old.meters, old.memory, old.pages));
    }

    /** For tests that move time: ages advance with the clock and never fall; dates follow it in both directions. */
    public EngineSettings withClock(InstantSource value) {
        return withTime(TimeSource.following(value));
    }

    public EngineSettings withListener(EngineListener value) {
        Surroundings old = surroundings;
        return with(new Surroundings(old.time, value, old.logs, old.connections, old.meters, old.memory, old.pages));
    }

    public EngineSettings withLogs(LogSystem value) {
        Surroundings old = surroundings;
        return with(new Surroundings(
                old.time, old.listener, Optional.of(value), old.connections, old.meters, old.memory, old.pages));
    }

    public EngineSettings withConnections(ConnectionBudget value) {
        Surroundings old = surroundings;
        return with(new Surroundings(old.time, old.listener, old.logs, value, old.meters, old.memory, old.pages));
    }

    public EngineSettings withMeters(MeterRegistry value) {
        Surroundings old = surroundings;
        return with(new Surroundings(
                old.time, old.listener, old.logs, old.connections, Optional.of(value), old.memory, old.pages));
    }

    public EngineSettings withMemory(CallMemory value) {
        Surroundings old = surroundings;
        return with(new Surroundings(
                old.time, old.listener, old.logs, old.connections, old.meters, Optional.of(value), old.pages));
    }

    public EngineSettings withPages(EnginePages value) {
        Surroundings old = surroundings;
        return with(new Surroundings(old.time, old.listener, old.logs, old.connections, old.meters, old.memory, value));
    }

    private EngineSettings with(Signed value) {
        return with(new Network(network.listen, network.hosts, network.origins, network.tls, Optional.of(value)));
    }

    private EngineSettings with(Network value) {
        return new EngineSettings(value, service, storage, surroundings);
    }

    private EngineSettings with(Service value) {
        return new EngineSettings(network, value, storage, surroundings);
    }

    private EngineSettings with(Storage value) {
        return new EngineSettings(network, service, value, surroundings);
    }

    private EngineSettings with(Surroundings value) {
        return new EngineSettings(network, service, storage, value);
    }
}
