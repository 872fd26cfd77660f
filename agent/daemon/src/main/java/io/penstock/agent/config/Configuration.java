package io.penstock.agent.config;

import io.penstock.agent.route.Route;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that can be configured, complete with defaults and valid. Each part's names are the file's.
 *
 * @param data the folder for spool, engine, dead letters and certificates; absolute
 * @param shutdownTimeout how long a stop may drain; 0 s to 1 h
 * @param routes in the order of the file: the first that matches wins
 * @param kinesis the target named {@value #DEFAULT_TARGET}
 * @param targets the further ones by name, in the order of the file
 */
public record Configuration(
        Path data,
        Duration shutdownTimeout,
        MemorySection memory,
        MqttSection mqtt,
        ForwardSection forward,
        HttpSection http,
        Log4jSection log4j,
        KinesisApiSection kinesisApi,
        List<Route> routes,
        KinesisSection kinesis,
        Map<String, KinesisSection> targets,
        SpoolSection spool,
        EngineSection engine,
        AdminSection admin) {
    /** The name of the target under {@code kinesis:}. */
    public static final String DEFAULT_TARGET = "default";

    public Configuration {
        routes = List.copyOf(routes);
        targets = Collections.unmodifiableMap(new LinkedHashMap<>(targets));
    }

    static Configuration read(Section root) {
        KinesisSection kinesis = root.section("kinesis", KinesisSection::read);
        Map<String, KinesisSection> targets =
                root.named("targets", "kinesis", TargetName::parse, KinesisSection::further);
        Configuration configuration = new Configuration(
                dataFolder(root),
                root.value(
                        "shutdown-timeout",
                        Duration.ofSeconds(20),
                        Values.duration(Duration.ZERO, Duration.ofHours(1))),
                root.section("memory", MemorySection::read),
                root.section("mqtt", MqttSection::read),
                root.section("forward", ForwardSection::read),
                root.section("http", HttpSection::read),
                root.section("log4j", Log4jSection::read),
                root.section("kinesis-api", KinesisApiSection::read),
                root.sections("routes", section -> RouteSection.read(section, targets.keySet())),
                kinesis,
                targets,
                root.section("spool", SpoolSection::read),
                root.section("engine", EngineSection::read),
                root.section("admin", AdminSection::read));
        if (configuration.embedded().isEmpty()) {
            root.reading.dropListeners("engine.listen");
        }
        root.reading.checkClashes();
        return configuration;
    }

    /** What the command line names, else the file, else a folder in the user's home. */
    private static Path dataFolder(Section root) {
        Environment environment = root.reading.environment;
        Optional<Path> named = root.optional("data", Values.folder(root));
        if (environment.data().isPresent()) {
            return environment.data().get();
        }
        if (!root.has("data") && environment.home().isEmpty()) {
            root.lacks(
                    "data",
                    "is missing, and this user has no home folder to take instead (HOME is not set)",
                    "name a folder with --data DIR, or with data: in the file");
        }
        return named.or(() -> environment.home().map(home -> home.resolve(".penstock")))
                .orElse(environment.folder());
    }

    /** Every target by name; the default one first. */
    public Map<String, KinesisSection> allTargets() {
        Map<String, KinesisSection> all = new LinkedHashMap<>();
        all.put(DEFAULT_TARGET, kinesis);
        all.putAll(targets);
        return all;
    }

    /** The first target that is the stream engine inside this process, which is started for it. */
    public Optional<KinesisSection> embedded() {
        return allTargets().values().stream()
                .filter(target -> target.endpoint() instanceof Endpoint.Embedded)
                .findFirst();
    }
}
