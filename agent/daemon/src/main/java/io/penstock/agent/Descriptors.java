package io.penstock.agent;

import com.sun.management.UnixOperatingSystemMXBean;
import io.penstock.agent.config.Configuration;
import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Explanation;
import io.penstock.base.condition.Finding;
import io.penstock.base.condition.Place;
import io.penstock.base.net.ConnectionBudget;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Shares out the file descriptors that the process may open, so that connections leave enough for journals and for
 * calls to targets.
 *
 * @param limit what the process may open in all
 * @param sources connections of all sources together
 * @param engine connections to the stream engine
 * @param admin connections to the admin listener
 * @param streams streams in all, those of earlier runs included
 */
record Descriptors(long limit, int sources, int engine, int admin, int streams) {
    /** What {@link #shareOut} starts from. */
    record Demand(long limit, long open, int processors, int streams, int maxStreams, boolean embedded) {}

    /** Far above what the configuration can ask for. */
    private static final long PLENTY = 1_000_000;

    /** A lock, the segment in use, up to two prepared ones, one being sealed or read. */
    private static final int OF_A_LOG = 5;

    /** An event loop has an epoll, an event and a timer descriptor. */
    private static final int OF_A_LOOP = 3;

    private static final int LOOP_GROUPS = 6;
    private static final int SINGLE_LOOPS = 8;
    private static final int LISTENERS = 24;
    private static final int LEAST_CONNECTIONS = 16;
    private static final int MOST_CALLS = 256;

    /** Shares of this size are worth no line at the start, although the defaults allow more. */
    private static final int MANY_CONNECTIONS = 4_000;

    private static final int MANY_STREAMS = 500;

    /** Of this process, which is to open the streams that {@code data} holds. */
    static Descriptors ofProcess(Configuration configuration, Path data) throws IOException {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)) {
            return of(configuration, data, PLENTY, 0);
        }
        openEveryLibrary();
        return of(configuration, data, system.getMaxFileDescriptorCount(), system.getOpenFileDescriptorCount());
    }

    private static Descriptors of(Configuration configuration, Path data, long limit, long open) throws IOException {
        return shareOut(new Demand(
                limit,
                open,
                Runtime.getRuntime().availableProcessors(),
                streams(configuration, data),
                configuration.engine().streams().maxStreams(),
                configuration.embedded().isPresent()));
    }

    /**
     * @throws IOException when the limit leaves no room for connections; the message names what is needed
     */
    static Descriptors shareOut(Demand demand) throws IOException {
        long limit = Math.min(demand.limit, PLENTY);
        int ofAStream = demand.embedded ? 2 * OF_A_LOG : OF_A_LOG;
        long needed = demand.open
                + (long) OF_A_LOOP * (LOOP_GROUPS * demand.processors + SINGLE_LOOPS)
                + LISTENERS
                + (long) demand.streams * ofAStream;
        int admin = (int) Math.max(8, Math.min(limit / 64, 1_000));
        long spare = Math.max(8, Math.min(limit / 32, 1_024));
        long free = limit - needed - admin - spare;
        if (free < 2 * LEAST_CONNECTIONS) {
            throw new IOException("this process may open " + limit + " files and needs at least "
                    + (needed + admin + spare + 2 * LEAST_CONNECTIONS) + ": raise the limit (ulimit -n 65536, or"
                    + " LimitNOFILE=65536 in the service)");
        }
        int further = (int) Math.min(Math.max(0, demand.maxStreams - demand.streams), free / 2 / ofAStream);
        long rest = free - (long) further * ofAStream;
        long calls = Math.min(MOST_CALLS, rest / 8);
        long engine = demand.embedded ? rest / 4 : 0;
        return new Descriptors(
                limit,
                (int) (rest - calls - engine),
                (int) Math.max(1, engine),
                admin,
                Math.max(1, demand.streams + further));
    }

    /** What the limit keeps from being used; empty when that is little. */
    Optional<String> shortage(Configuration configuration) {
        int connections = configuration.mqtt().listen().isEmpty()
                ? 0
                : configuration.mqtt().limits().maxConnections();
        int wanted = configuration.engine().streams().maxStreams();
        if (sources >= Math.min(connections, MANY_CONNECTIONS) && streams >= Math.min(wanted, MANY_STREAMS)) {
            return Optional.empty();
        }
        return Optional.of("This process may open " + limit + " files. That is enough for " + sources
                + " connections of all sources together and for " + streams + " streams; configured are " + connections
                + " connections for MQTT alone and " + wanted + " streams");
    }

    /** The shortage as a condition, as long as the process runs. */
    Supplier<List<Finding>> findings(Configuration configuration) {
        List<Finding> found = shortage(configuration)
                .map(said -> new Finding(
                        Place.AGENT, new Explanation(ConditionName.DESCRIPTORS, said, "to have more, " + remedy())))
                .stream()
                .toList();
        return () -> found;
    }

    /** The connections of all sources together. */
    ConnectionBudget ofSources() {
        return ConnectionBudget.of(sources, remedy());
    }

    /** The connections to a stream engine beside sources. */
    ConnectionBudget ofEngine() {
        return ConnectionBudget.of(engine, remedy());
    }

    /** The connections to a stream engine without sources. */
    ConnectionBudget ofEngineAlone() {
        return ConnectionBudget.of(sources + engine, remedy());
    }

    /** How to have more, for messages. */
    String remedy() {
        return "raise the limit of " + limit + " open files (ulimit -n 65536, or LimitNOFILE=65536 in the service)";
    }

    /**
     * Asks for a resource that is nowhere: the class loader then opens every library, which later, without a
     * descriptor, would fail.
     */
    private static void openEveryLibrary() {
        ClassLoader loader = Descriptors.class.getClassLoader();
        if (loader != null) {
            var unused = loader.getResource("io/penstock/none");
        }
    }

    /** Those of earlier runs, and those that the configuration names. */
    private static int streams(Configuration configuration, Path data) throws IOException {
        Set<String> spools = folders(data.resolve("spool"));
        Composition.streams(configuration).forEach(stream -> spools.add(stream.folder()));
        return Math.max(
                spools.size(),
                folders(data.resolve("engine").resolve("streams")).size());
    }

    private static Set<String> folders(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            return new HashSet<>();
        }
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(Files::isDirectory)
                    .map(entry -> String.valueOf(entry.getFileName()))
                    .collect(Collectors.toCollection(HashSet::new));
        }
    }
}
