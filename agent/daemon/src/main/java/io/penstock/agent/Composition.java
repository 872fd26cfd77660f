package io.penstock.agent;

import io.penstock.agent.config.Configuration;
import io.penstock.agent.config.Endpoint;
import io.penstock.agent.config.EngineDurability;
import io.penstock.agent.config.EngineSection;
import io.penstock.agent.config.EngineTls;
import io.penstock.agent.config.HttpVersion;
import io.penstock.agent.config.KinesisSection;
import io.penstock.agent.config.Ordering;
import io.penstock.agent.config.PutApi;
import io.penstock.delivery.kinesis.settings.AutoCreate;
import io.penstock.delivery.kinesis.settings.Priority;
import io.penstock.delivery.kinesis.settings.TargetSettings;
import io.penstock.delivery.spool.SpoolSettings;
import io.penstock.delivery.spool.StreamId;
import io.penstock.delivery.spool.WhenFull;
import io.penstock.delivery.spool.disk.DiskSpace;
import io.penstock.engine.Durability;
import io.penstock.engine.EngineListener;
import io.penstock.engine.EngineSettings;
import io.penstock.engine.Tls;
import io.penstock.journal.LogSystem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Translates the configuration's sections into the settings of the parts that know nothing of a configuration. */
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
        EngineSection section = configuration.engine();
        return base.withListen(section.listen().toSocketAddress())
                .withRegion(
                        configuration.embedded().orElse(configuration.kinesis()).region())
                .withRetention(section.retention())
                .withMaxStreams(section.maxStreams())
                .withDurability(section.durability() == EngineDurability.FSYNC ? Durability.FSYNC : Durability.OS)
                .withEnforceLimits(section.enforceLimits())
                .withTls(tls(section.tls()))
                .withHosts(section.web().hosts())
                .withOrigins(section.web().origins());
    }

    private static Tls tls(EngineTls tls) {
        if (tls instanceof EngineTls.Files files) {
            return new Tls.Files(files.certificate(), files.key());
        }
        return new Tls.Generated(((EngineTls.Generated) tls).names());
    }

    static EngineSettings embedded(Configuration configuration, Path data, LogSystem logs, EngineListener listener)
            throws IOException {
        return persistent(configuration, data).withLogs(logs).withListener(listener);
    }

    static SpoolSettings spool(Configuration configuration) throws IOException {
        return new SpoolSettings(
                configuration.spool().maxBytes(),
                reserve(configuration),
                switch (configuration.spool().whenFull()) {
                    case BLOCK -> WhenFull.BLOCK;
                    case DROP_OLDEST -> WhenFull.DROP_OLDEST;
                    case DROP_NEWEST -> WhenFull.DROP_NEWEST;
                },
                configuration.engine().maxStreams());
    }

    /** The streams whose names are known beforehand: those of the routes, and each source's own. */
    static Set<StreamId> streams(Configuration configuration) {
        Set<StreamId> streams = new LinkedHashSet<>();
        configuration.routes().forEach(route -> streams.add(new StreamId(route.target(), route.stream())));
        own(configuration.mqtt().listen(), "mqtt").ifPresent(streams::add);
        own(configuration.forward().listen(), "forward").ifPresent(streams::add);
        own(configuration.log4j().listen(), "log4j").ifPresent(streams::add);
        return streams;
    }

    /** Of the streams that routes lead to; where several do, the most urgent one counts. */
    static Map<StreamId, Priority> priorities(Configuration configuration) {
        Map<StreamId, Priority> priorities = new HashMap<>();
        configuration
                .routes()
                .forEach(route -> priorities.merge(
                        new StreamId(route.target(), route.stream()), route.priority(), Priority::orMoreUrgent));
        return priorities;
    }

    private static Optional<StreamId> own(List<?> listen, String source) {
        return listen.isEmpty() ? Optional.empty() : Optional.of(new StreamId(Configuration.DEFAULT_TARGET, source));
    }

    /**
     * Every target by name.
     *
     * @param engine where the stream engine of this process is, if a target needs it
     */
    static Map<String, TargetSettings> targets(Configuration configuration, Optional<InetSocketAddress> engine) {
        Map<String, TargetSettings> targets = new LinkedHashMap<>();
        configuration
                .allTargets()
                .forEach((name, section) -> targets.put(name, target(section, configuration.engine(), engine)));
        return targets;
    }

    private static TargetSettings target(
            KinesisSection section, EngineSection engineSection, Optional<InetSocketAddress> engine) {
        return base(section, engineSection, engine)
                .withHttpVersion(
                        section.httpVersion() == HttpVersion.HTTP_2
                                ? TargetSettings.HttpVersion.HTTP_2
                                : TargetSettings.HttpVersion.HTTP_1_1)
                .withApi(
                        section.api() == PutApi.PUT_RECORD
                                ? TargetSettings.Api.PUT_RECORD
                                : TargetSettings.Api.PUT_RECORDS)
                .withOrdering(
                        section.ordering() == Ordering.NONE
                                ? TargetSettings.Ordering.NONE
                                : TargetSettings.Ordering.PER_KEY)
                .withPrices(section.prices())
                .withLinger(section.linger())
                .withMaxRate(section.maxRate() == 0 ? TargetSettings.UNMETERED : section.maxRate());
    }

    private static TargetSettings base(
            KinesisSection section, EngineSection engineSection, Optional<InetSocketAddress> engine) {
        if (section.endpoint() instanceof Endpoint.Aws) {
            return TargetSettings.aws(section.region())
                    .withNetwork(section.network())
                    .withCredentials(section.credentials())
                    .withAutoCreate(section.autoCreate());
        }
        if (section.endpoint() instanceof Endpoint.Url url) {
            return TargetSettings.url(url.uri(), section.region())
                    .withNetwork(section.network())
                    .withCredentials(section.credentials())
                    .withAutoCreate(section.autoCreate());
        }
        InetSocketAddress address = engine.orElseThrow();
        return TargetSettings.embedded(URI.create("http://" + reachable(address)), engineSection.defaultShards())
                .withAutoCreate(new AutoCreate(engineSection.autoCreate(), engineSection.defaultShards()))
                .withNetwork(section.network());
    }

    /** A server on every interface is reached on the loopback one. */
    private static String reachable(InetSocketAddress bound) {
        String host = bound.getAddress().isAnyLocalAddress()
                ? "127.0.0.1"
                : bound.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + bound.getPort();
    }
}
