package io.penstock.agent.config;

import io.penstock.agent.admin.AdminSettings;
import io.penstock.agent.forward.ForwardSourceSettings;
import io.penstock.agent.http.HttpSettings;
import io.penstock.agent.kinesisapi.KinesisApiSettings;
import io.penstock.agent.log4j.Log4jSettings;
import io.penstock.agent.logging.LogSettings;
import io.penstock.agent.metrics.MetricsSettings;
import io.penstock.agent.mqtt.BridgeSourceSettings;
import io.penstock.agent.mqtt.MqttSourceSettings;
import io.penstock.agent.route.BridgePattern;
import io.penstock.agent.route.IdleRoutes;
import io.penstock.agent.route.Route;
import io.penstock.agent.route.RoutePattern;
import io.penstock.base.settings.As;
import io.penstock.base.settings.Completed;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Folder;
import io.penstock.base.settings.Inline;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Nearest;
import io.penstock.base.settings.Range;
import io.penstock.base.settings.Reload;
import io.penstock.base.settings.Requires;
import io.penstock.base.settings.Written;
import io.penstock.delivery.kinesis.settings.TargetAddress;
import io.penstock.delivery.kinesis.settings.TargetSettings;
import io.penstock.delivery.spool.SpoolLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that can be configured, complete with defaults and valid. Each part's names are the file's.
 *
 * @param data absolute
 * @param routes in the order of the file: the first that matches wins
 */
public record Configuration(
        @Key(
                usual = "~/.penstock",
                required = "name a folder with --data DIR, or with data: in the file",
                example = "/var/lib/penstock")
        @Folder
        @Doc("folder for spool, engine, dead letters and certificates, which only its user may read. `~` is `$HOME`,"
                + " else the home of the user's entry; a user without either names a folder here or with `--data`")
        Path data,

        @Key(reload = Reload.HOT, usual = "20s")
        @Range(most = "1h")
        @Doc("how long a stop may take to deliver what is in the spool; up to 1h. What is left is delivered after the"
                + " next start")
        Duration shutdownTimeout,

        @Key(reload = Reload.HOT) @Doc("what the process logs, to standard error")
        LogSettings log,

        @Key @Doc("where the metrics go, besides `/metrics` of the admin port")
        MetricsSettings metrics,

        @Key @Doc("what the process may hold in memory") MemorySettings memory,

        @Inline Sources sources,

        @Key(
                reload = Reload.HOT,
                example = "{match: \"mqtt:sensors/+/temperature\", stream: sensors, partition-key: \"{clientid}\"}")
        @Doc("which stream an event goes to; the first that matches wins: see [routes](configuration.md#routes). An"
                + " event that no route takes goes to the stream named `mqtt`, `forward` or `log4j`, and posted records"
                + " to the stream that they were posted to")
        List<Route> routes,

        @Inline Targets destinations,

        @Key @Doc("what was accepted lies here, on disk, until its stream has it")
        SpoolLimits spool,

        @Key @Doc("the stream engine, when `kinesis.endpoint` is `embedded`")
        EngineConfiguration engine,

        @Key @Doc("health checks and metrics: `/livez`, `/readyz`, `/metrics`")
        AdminSettings admin)
        implements Completed<Configuration> {
    /** The name of the target under {@code kinesis:}. */
    public static final String DEFAULT_TARGET = "default";

    public Configuration {
        routes = List.copyOf(routes);
    }

    /** Where events come from. */
    public record Sources(
            @Key @Doc("MQTT 3.1, 3.1.1 and 5") MqttSourceSettings mqtt,

            @Key @Doc("the Fluentd forward protocol: Fluentd, Fluent Bit and the Log4j appender")
            ForwardSourceSettings forward,

            @Key @Doc("records that are posted") HttpSettings http,

            @Key
            @Doc("JSON lines of Log4j's own SocketAppender. The protocol knows no acknowledgement: here `ack` only says"
                    + " how far events must have come before more are read")
            Log4jSettings log4j,

            @Key @Doc("the Kinesis API as a source, for any AWS SDK; see [the Kinesis API](kinesis-api.md)")
            KinesisApiSettings kinesisApi) {}

    /** Where events go. */
    public record Targets(
            @Key(reload = Reload.HOT) @Doc("where the events go")
            TargetSettings kinesis,

            @Key(reload = Reload.HOT, value = "targets", example = "archive")
            @As(TargetName.class)
            @Requires(key = "endpoint", remedy = TargetAddress.CHOICES, example = "https://kinesis.example.com")
            @Doc("further [targets](targets.md) by name, each with the keys of `kinesis`; `endpoint` is required there")
            Map<String, TargetSettings> further) {
        public Targets {
            further = Collections.unmodifiableMap(new LinkedHashMap<>(further));
        }
    }

    @Override
    public Configuration completed(Written root) {
        for (int i = 0; i < routes.size(); i++) {
            String target = routes.get(i).target();
            if (!allTargets().containsKey(target)) {
                root.sections("routes")
                        .get(i)
                        .wrongValue("target", 0, "\"" + target + "\" is no target", remedy(target));
            }
        }
        new Clashes(root, this).check();
        return this;
    }

    private String remedy(String target) {
        List<String> further = new ArrayList<>(destinations.further.keySet());
        List<String> all = new ArrayList<>(further);
        all.add(DEFAULT_TARGET);
        return Nearest.remedy(
                target,
                all,
                further.isEmpty()
                        ? "write default, or name it under targets:"
                        : "the targets are default, " + String.join(", ", further));
    }

    /** Every target by name; the default one first. */
    public Map<String, TargetSettings> allTargets() {
        Map<String, TargetSettings> all = new LinkedHashMap<>();
        all.put(DEFAULT_TARGET, destinations.kinesis);
        all.putAll(destinations.further);
        return all;
    }

    /** The first target that is the stream engine inside this process, which is started for it. */
    public Optional<TargetSettings> embedded() {
        return allTargets().values().stream()
                .filter(target -> target.address() instanceof TargetAddress.Embedded)
                .findFirst();
    }

    public MqttSourceSettings mqtt() {
        return sources.mqtt;
    }

    public ForwardSourceSettings forward() {
        return sources.forward;
    }

    public HttpSettings http() {
        return sources.http;
    }

    public Log4jSettings log4j() {
        return sources.log4j;
    }

    public KinesisApiSettings kinesisApi() {
        return sources.kinesisApi;
    }

    /** The further targets by name, in the order of the file. */
    public Map<String, TargetSettings> targets() {
        return destinations.further;
    }

    /** The target named {@value #DEFAULT_TARGET}. */
    public TargetSettings kinesis() {
        return destinations.kinesis;
    }

    /** What is valid and yet hardly meant, a sentence each. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>(IdleRoutes.warnings(routes, this::silent));
        allTargets()
                .forEach((name, target) ->
                        target.unknownRegion().ifPresent(said -> warnings.add("target " + name + ", region: " + said)));
        return warnings;
    }

    /** Why no event comes that {@code match} could take, and the remedy; empty when some may. */
    private Optional<String> silent(RoutePattern match) {
        boolean forward = !forward().listen().isEmpty();
        boolean http = !http().listen().isEmpty();
        return switch (match.source()) {
            case MQTT -> off(!mqtt().listen().isEmpty(), "mqtt.listen is");
            case FORWARD ->
                off(
                        forward || http && http().fluentd(),
                        "forward.listen is [], and http.fluentd is false or http.listen is");
            case LOG4J -> off(forward || !log4j().listen().isEmpty(), "log4j.listen and forward.listen are");
            case HTTP, OTLP -> off(http, "http.listen is");
            case KINESIS -> off(!kinesisApi().listen().isEmpty(), "kinesis-api.listen is");
            case BRIDGE -> BridgeSourceSettings.silent(mqtt().bridges(), (BridgePattern) match);
        };
    }

    private static Optional<String> off(boolean listens, String keys) {
        return listens ? Optional.empty() : Optional.of(keys + " []: switch the source on, or take the route out");
    }
}
