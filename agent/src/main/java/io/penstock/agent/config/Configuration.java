package io.penstock.agent.config;

import io.penstock.agent.route.Route;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Everything that can be configured, complete with defaults and valid. Each part's names are the file's.
 *
 * @param data the folder for spool, engine, dead letters and certificates; absolute
 * @param shutdownTimeout how long a stop may drain; 0 s to 1 h
 * @param routes in the order of the file: the first that matches wins
 */
public record Configuration(
        Path data,
        Duration shutdownTimeout,
        MqttSection mqtt,
        ForwardSection forward,
        HttpSection http,
        Log4jSection log4j,
        KinesisApiSection kinesisApi,
        List<Route> routes,
        KinesisSection kinesis,
        SpoolSection spool,
        EngineSection engine,
        AdminSection admin) {
    public Configuration {
        routes = List.copyOf(routes);
    }

    static Configuration read(Section root) {
        Path home = root.reading.environment.home();
        KinesisSection kinesis = root.section("kinesis", KinesisSection::read);
        root.reserved("targets");
        Configuration configuration = new Configuration(
                root.value(
                        "data",
                        home.resolve(".penstock").toAbsolutePath(),
                        text -> Values.path(text, home, "names no folder", "write one such as /var/lib/penstock")),
                root.value(
                        "shutdown-timeout",
                        Duration.ofSeconds(20),
                        Values.duration(Duration.ZERO, Duration.ofHours(1))),
                root.section("mqtt", MqttSection::read),
                root.section("forward", ForwardSection::read),
                root.section("http", HttpSection::read),
                root.section("log4j", Log4jSection::read),
                root.section("kinesis-api", KinesisApiSection::read),
                root.sections("routes", RouteSection::read),
                kinesis,
                root.section("spool", SpoolSection::read),
                root.section("engine", EngineSection::read),
                root.section("admin", AdminSection::read));
        if (!(kinesis.endpoint() instanceof Endpoint.Embedded)) {
            root.reading.dropListeners("engine.listen");
        }
        root.reading.checkClashes();
        return configuration;
    }

    /** The same with another data folder, as {@code --data} says. */
    public Configuration withData(Path folder) {
        return new Configuration(
                folder.toAbsolutePath().normalize(),
                shutdownTimeout,
                mqtt,
                forward,
                http,
                log4j,
                kinesisApi,
                routes,
                kinesis,
                spool,
                engine,
                admin);
    }
}
