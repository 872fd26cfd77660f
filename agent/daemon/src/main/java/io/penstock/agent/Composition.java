package io.penstock.agent;

import io.penstock.agent.config.Configuration;
import io.penstock.agent.config.EngineConfiguration;
import io.penstock.agent.route.Route;
import io.penstock.delivery.kinesis.settings.AutoCreate;
import io.penstock.delivery.kinesis.settings.Priority;
import io.penstock.delivery.kinesis.settings.TargetAddress;
import io.penstock.delivery.kinesis.settings.TargetSettings;
import io.penstock.delivery.spool.SpoolSettings;
import io.penstock.delivery.spool.StreamId;
import io.penstock.delivery.spool.disk.DiskSpace;
import io.penstock.engine.EngineListener;
import io.penstock.engine.EngineSettings;
import io.penstock.journal.LogSystem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the parts are told at the start that several sections of the configuration, or the system, decide. */
final class Composition {
    private Composition() {}

    /** Of an engine whose streams end with it. */
    static EngineSettings ephemeral(Configuration configuration) {
        return engine(configuration, EngineSettings.ephemeral()).withReserveBytes(0);
    }

    /** Of an engine whose streams are in {@code data}. */
    static EngineSettings persistent(Configuration configuration, Path data) throws IOException {
        return engine(configuration, EngineSettings.persistent(data)).withReserveBytes(reserve(configuration));
    }

    private static long reserve(Configuration configuration) throws IOException {
        return DiskSpace.of(configuration.data(), configuration.spool().reserve())
                .reserveBytes();
    }

    private static EngineSettings engine(Configuration configuration, EngineSettings base) {
        return configuration
                .engine()
                .on(
                        base,
                        configuration.embedded().orElse(configuration.kinesis()).region());
    }

    static EngineSettings embedded(Configuration configuration, Path data, LogSystem logs, EngineListener listener)
            throws IOException {
        return persistent(configuration, data).withLogs(logs).withListener(listener);
    }

    static SpoolSettings spool(Configuration configuration) throws IOException {
        return new SpoolSettings(
                configuration.spool().maxBytes(),
                reserve(configuration),
                configuration.spool().whenFull(),
                configuration.engine().streams().maxStreams());
    }

    /** The streams whose names are known beforehand: those of routes without a template, and each source's own. */
    static Set<StreamId> streams(Configuration configuration) {
        Set<StreamId> streams = new LinkedHashSet<>();
        configuration.routes().stream()
                .filter(route -> route.stream().fixed())
                .forEach(route ->
                        streams.add(new StreamId(route.target(), route.stream().name())));
        own(configuration.mqtt().listen(), "mqtt").ifPresent(streams::add);
        own(configuration.mqtt().bridges(), "bridge").ifPresent(streams::add);
        own(configuration.forward().listen(), "forward").ifPresent(streams::add);
        own(configuration.log4j().listen(), "log4j").ifPresent(streams::add);
        return streams;
    }

    /** Of a stream; where several routes may lead to it, the most urgent one counts. */
    static Priority priority(Configuration configuration, StreamId stream) {
        return configuration.routes().stream()
                .filter(route ->
                        route.target().equals(stream.target()) && route.stream().couldYield(stream.stream()))
                .map(Route::priority)
                .reduce(Priority::orMoreUrgent)
                .orElse(Priority.NORMAL);
    }

    private static Optional<StreamId> own(List<?> ways, String source) {
        return ways.isEmpty() ? Optional.empty() : Optional.of(new StreamId(Configuration.DEFAULT_TARGET, source));
    }

    /**
     * Every target by name.
     *
     * @param engine where the stream engine of this process is, if a target needs it
     * @param own with which that engine is called
     */
    static Map<String, TargetSettings> targets(
            Configuration configuration, Optional<InetSocketAddress> engine, OwnKey own) {
        Map<String, TargetSettings> targets = new LinkedHashMap<>();
        configuration.allTargets().forEach((name, target) -> {
            boolean embedded = target.address() instanceof TargetAddress.Embedded;
            targets.put(name, embedded ? own.on(embedded(target, configuration, engine.orElseThrow())) : target);
        });
        return targets;
    }

    private static TargetSettings embedded(
            TargetSettings target, Configuration configuration, InetSocketAddress engine) {
        EngineConfiguration.Streams streams = configuration.engine().streams();
        return target.at(URI.create("http://" + reachable(engine)))
                .withAutoCreate(new AutoCreate(streams.autoCreate(), streams.defaultShards()));
    }

    /** A server on every interface is reached on the loopback one. */
    private static String reachable(InetSocketAddress bound) {
        String host = bound.getAddress().isAnyLocalAddress()
                ? "127.0.0.1"
                : bound.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + bound.getPort();
    }
}
