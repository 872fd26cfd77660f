package io.penstock.agent;

import io.micrometer.core.instrument.MeterRegistry;
import io.penstock.agent.config.Configuration;
import io.penstock.agent.forward.ForwardSource;
import io.penstock.agent.forward.TakenChunks;
import io.penstock.agent.http.HttpSettings;
import io.penstock.agent.http.HttpSource;
import io.penstock.agent.http.body.HttpLimits;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.kinesisapi.ApiLimits;
import io.penstock.agent.kinesisapi.KinesisApiSource;
import io.penstock.agent.kinesisapi.Targets;
import io.penstock.agent.log4j.Log4jSource;
import io.penstock.agent.mqtt.MqttSource;
import io.penstock.agent.mqtt.MqttSourceSettings;
import io.penstock.agent.mqtt.Transport;
import io.penstock.agent.reload.Prepared;
import io.penstock.base.net.ConnectionBudget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sources that the configuration has on. They let events in as soon as they are started, so that they come last. A
 * source that is switched on later is started then; one that is switched off listens no longer, and what its
 * connections send is taken until they end.
 *
 * <p>Started, changed and stopped by one thread at a time; any thread may ask for the listeners.
 */
final class Sources implements AutoCloseable {
    private final Needs needs;
    private final Resources resources = new Resources();
    private volatile Configuration present;
    private volatile @Nullable MqttSource mqtt;
    private volatile @Nullable ForwardSource forward;
    private volatile @Nullable Log4jSource log4j;
    private volatile @Nullable KinesisApiSource kinesisApi;
    private volatile @Nullable HttpSource http;

    /**
     * What the sources are made of.
     *
     * @param sessions of MQTT
     * @param taken chunks that the forward source knows
     * @param connections counts those of all sources together
     * @param targets behind the Kinesis API
     */
    record Needs(
            KeptSessions sessions,
            TakenChunks taken,
            ConnectionBudget connections,
            Intake intake,
            Targets targets,
            AgentMemory memory,
            MeterRegistry meters) {}

    private Sources(Needs needs, Configuration present) {
        this.needs = needs;
        this.present = present;
    }

    /** @throws IOException when one cannot listen; then none does */
    static Sources start(Configuration configuration, Needs needs) throws IOException {
        Sources all = new Sources(needs, configuration);
        try {
            if (!configuration.mqtt().listen().isEmpty()) {
                all.startMqtt(configuration);
            }
            if (!configuration.forward().listen().isEmpty()) {
                all.startForward(configuration);
            }
            if (!configuration.log4j().listen().isEmpty()) {
                all.startLog4j(configuration);
            }
            if (!configuration.kinesisApi().listen().isEmpty()) {
                all.startKinesisApi(configuration);
            }
            if (!configuration.http().listen().isEmpty()) {
                all.startHttp(configuration);
            }
            return all;
        } catch (IOException | RuntimeException failed) {
            all.close();
            throw failed;
        }
    }

    private void startMqtt(Configuration configuration) throws IOException {
        mqtt = resources.add(
                "The MQTT source",
                MqttSource.start(
                        configuration.mqtt(),
                        needs.connections(),
                        needs.intake(),
                        needs.memory().mqtt(),
                        needs.sessions().store(),
                        needs.meters()));
    }

    private void startForward(Configuration configuration) throws IOException {
        forward = resources.add(
                "The forward source",
                ForwardSource.start(
                        configuration.forward(),
                        needs.taken(),
                        needs.connections(),
                        needs.intake(),
                        needs.memory().forward(),
                        needs.meters()));
    }

    private void startLog4j(Configuration configuration) throws IOException {
        log4j = resources.add(
                "The Log4j source",
                Log4jSource.start(
                        configuration.log4j(),
                        needs.connections(),
                        needs.intake(),
                        needs.memory().log4j(),
                        needs.meters()));
    }

    private void startKinesisApi(Configuration configuration) throws IOException {
        kinesisApi = resources.add(
                "The Kinesis API",
                KinesisApiSource.start(
                        configuration.kinesisApi(),
                        ApiLimits.within(needs.memory().kinesisApi()),
                        needs.connections(),
                        needs.intake(),
                        needs.targets(),
                        needs.meters()));
    }

    private void startHttp(Configuration configuration) throws IOException {
        http = resources.add(
                "The HTTP source",
                HttpSource.start(
                        configuration.http(),
                        HttpLimits.within(needs.memory().http()),
                        needs.connections(),
                        needs.intake(),
                        needs.meters()));
    }

    private static <T> T started(@Nullable T source) {
        return Objects.requireNonNull(source);
    }

    /** What a source does to change. */
    private interface Preparing {
        Prepared prepare() throws IOException;
    }

    /** What starts a source. */
    private interface Starting {
        void start() throws IOException;
    }

    /**
     * Prepares what {@code wanted} changes: each source whose section differs gets its new settings at the commit.
     *
     * @throws IOException when an address cannot be bound or a file not be used; nothing is changed then
     */
    Prepared prepare(Configuration wanted) throws IOException {
        Configuration from = present;
        List<Preparing> changes = new ArrayList<>();
        if (!from.mqtt().equals(wanted.mqtt())) {
            MqttSource running = mqtt;
            changes.add(
                    running != null
                            ? () -> running.prepare(wanted.mqtt())
                            : () -> later(
                                    wanted.mqtt().listen(),
                                    () -> startMqtt(wanted),
                                    () -> started(mqtt).prepare(from.mqtt())));
        }
        if (!from.forward().equals(wanted.forward())) {
            ForwardSource running = forward;
            changes.add(
                    running != null
                            ? () -> running.prepare(wanted.forward())
                            : () -> later(
                                    wanted.forward().listen(),
                                    () -> startForward(wanted),
                                    () -> started(forward).prepare(from.forward())));
        }
        if (!from.log4j().equals(wanted.log4j())) {
            Log4jSource running = log4j;
            changes.add(
                    running != null
                            ? () -> running.prepare(wanted.log4j())
                            : () -> later(
                                    wanted.log4j().listen(),
                                    () -> startLog4j(wanted),
                                    () -> started(log4j).prepare(from.log4j())));
        }
        if (!from.http().equals(wanted.http())) {
            HttpSource running = http;
            changes.add(
                    running != null
                            ? () -> running.prepare(wanted.http())
                            : () -> later(
                                    wanted.http().listen(),
                                    () -> startHttp(wanted),
                                    () -> started(http).prepare(from.http())));
        }
        if (!from.kinesisApi().equals(wanted.kinesisApi())) {
            KinesisApiSource running = kinesisApi;
            changes.add(
                    running != null
                            ? () -> running.prepare(wanted.kinesisApi())
                            : () -> later(
                                    wanted.kinesisApi().listen(),
                                    () -> startKinesisApi(wanted),
                                    () -> started(kinesisApi).prepare(from.kinesisApi())));
        }
        List<Prepared> ready = new ArrayList<>();
        try {
            for (Preparing change : changes) {
                ready.add(change.prepare());
            }
        } catch (IOException | IllegalStateException impossible) {
            Prepared.all(ready).abandon();
            throw impossible instanceof IOException io ? io : new IOException(impossible.getMessage(), impossible);
        }
        ready.add(Prepared.of(() -> present = wanted));
        return Prepared.all(ready);
    }

    /**
     * A source that was off is started at once.
     *
     * @param off makes it listen no longer, in case the change is abandoned
     */
    private static Prepared later(List<?> listen, Starting start, Preparing off) throws IOException {
        if (listen.isEmpty()) {
            return Prepared.NOTHING;
        }
        start.start();
        return new Prepared() {
            @Override
            public void commit() {}

            @Override
            public void abandon() {
                try {
                    off.prepare().commit();
                } catch (IOException impossible) {
                    throw new UncheckedIOException("nothing is to be bound", impossible);
                }
            }
        };
    }

    /** The listeners, in the order in which a newcomer needs them. */
    List<StartReport.Listener> listeners() {
        List<StartReport.Listener> all = new ArrayList<>();
        Configuration now = present;
        MqttSource ofMqtt = mqtt;
        if (ofMqtt != null && !now.mqtt().listen().isEmpty()) {
            all.add(listener(now.mqtt(), ofMqtt.addresses()));
        }
        ForwardSource ofForward = forward;
        if (ofForward != null && !now.forward().listen().isEmpty()) {
            all.add(new StartReport.Listener(
                            "forward",
                            now.forward().tls().isPresent() ? "tls://" : "tcp://",
                            ofForward.addresses(),
                            "Fluentd, Fluent Bit, appenders of Log4j and Logback")
                    .withSockets(now.forward().listen().stream()
                            .flatMap(address -> address.unix().stream())
                            .toList()));
        }
        Log4jSource ofLog4j = log4j;
        if (ofLog4j != null && !now.log4j().listen().isEmpty()) {
            all.add(new StartReport.Listener(
                    "log4j",
                    now.log4j().tls().isPresent() ? "tls://" : "tcp://",
                    ofLog4j.addresses(),
                    "JSON lines of Log4j's SocketAppender"));
        }
        KinesisApiSource api = kinesisApi;
        if (api != null && !now.kinesisApi().listen().isEmpty()) {
            all.add(new StartReport.Listener(
                    "kinesis-api",
                    now.kinesisApi().tls().isPresent() ? "https://" : "http://",
                    api.addresses(),
                    "PutRecord and PutRecords of any AWS SDK"));
        }
        HttpSource ofHttp = http;
        if (ofHttp != null && !ofHttp.addresses().isEmpty()) {
            all.add(listener(now.http(), ofHttp));
        }
        return all;
    }

    @Override
    public void close() {
        resources.close();
    }

    /** Those of its addresses that are not encrypted come first: a sample for a newcomer goes to one of them. */
    private static StartReport.Listener listener(HttpSettings section, HttpSource http) {
        boolean users = section.auth().isOn() && !section.allowAnonymous();
        List<InetSocketAddress> addresses = http.addresses().stream()
                .sorted(Comparator.comparing(http::isEncrypted))
                .toList();
        return new StartReport.Listener(
                "http",
                address -> http.isEncrypted(address) ? "https://" : "http://",
                addresses,
                List.of(),
                "POST /v1/streams/{stream}/records" + (users ? ", with password or token" : ""),
                !http.isEncrypted(addresses.get(0)) && !users);
    }

    private static StartReport.Listener listener(MqttSourceSettings mqtt, List<InetSocketAddress> bound) {
        Set<String> spoken = new LinkedHashSet<>();
        mqtt.listen().forEach(each -> spoken.add(each.transport().scheme()));
        boolean plain = mqtt.listen().get(0).transport() == Transport.MQTT;
        String transports = plain && spoken.size() == 1 ? "" : ", over " + String.join(", ", spoken);
        boolean users = mqtt.auth().passwordFile().isPresent() && !mqtt.allowAnonymous();
        Map<InetSocketAddress, String> schemes = new HashMap<>();
        for (int i = 0; i < Math.min(bound.size(), mqtt.listen().size()); i++) {
            schemes.put(bound.get(i), mqtt.listen().get(i).transport().scheme() + "://");
        }
        return new StartReport.Listener(
                "mqtt",
                address -> schemes.getOrDefault(address, ""),
                bound,
                List.of(),
                "3.1, 3.1.1 and 5" + transports + (users ? ", with password" : ""),
                plain && !users);
    }
}
