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
import io.penstock.base.net.ConnectionBudget;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The sources that the configuration has on. They let events in as soon as they are started, so that they come last.
 */
final class Sources {
    private Sources() {}

    /**
     * @param sessions of MQTT
     * @param taken chunks that the forward source knows
     * @param connections counts those of all sources together
     * @param targets behind the Kinesis API
     * @param resources that stop them
     * @param bound is told of each listener, in the order in which a newcomer needs them
     * @throws IOException when one cannot listen; those before it are among the resources
     */
    static void start(
            Configuration configuration,
            KeptSessions sessions,
            TakenChunks taken,
            ConnectionBudget connections,
            Intake intake,
            Targets targets,
            AgentMemory memory,
            MeterRegistry meters,
            Resources resources,
            Consumer<StartReport.Listener> bound)
            throws IOException {
        if (!configuration.mqtt().listen().isEmpty()) {
            MqttSource mqtt = resources.add(
                    "The MQTT source",
                    MqttSource.start(
                            configuration.mqtt(), connections, intake, memory.mqtt(), sessions.store(), meters));
            bound.accept(listener(configuration.mqtt(), mqtt.addresses()));
        }
        if (!configuration.forward().listen().isEmpty()) {
            ForwardSource forward = resources.add(
                    "The forward source",
                    ForwardSource.start(configuration.forward(), taken, connections, intake, memory.forward(), meters));
            bound.accept(new StartReport.Listener(
                            "forward",
                            configuration.forward().tls().isPresent() ? "tls://" : "tcp://",
                            forward.addresses(),
                            "Fluentd, Fluent Bit, appenders of Log4j and Logback")
                    .withSockets(configuration.forward().listen().stream()
                            .flatMap(address -> address.unix().stream())
                            .toList()));
        }
        if (!configuration.log4j().listen().isEmpty()) {
            Log4jSource log4j = resources.add(
                    "The Log4j source",
                    Log4jSource.start(configuration.log4j(), connections, intake, memory.log4j(), meters));
            bound.accept(new StartReport.Listener(
                    "log4j",
                    configuration.log4j().tls().isPresent() ? "tls://" : "tcp://",
                    log4j.addresses(),
                    "JSON lines of Log4j's SocketAppender"));
        }
        if (!configuration.kinesisApi().listen().isEmpty()) {
            KinesisApiSource api = resources.add(
                    "The Kinesis API",
                    KinesisApiSource.start(
                            configuration.kinesisApi(),
                            ApiLimits.within(memory.kinesisApi()),
                            connections,
                            intake,
                            targets,
                            meters));
            boolean encrypted = configuration.kinesisApi().tls().isPresent();
            bound.accept(new StartReport.Listener(
                    "kinesis-api",
                    encrypted ? "https://" : "http://",
                    api.addresses(),
                    "PutRecord and PutRecords of any AWS SDK"));
        }
        if (!configuration.http().listen().isEmpty()) {
            HttpSource http = resources.add(
                    "The HTTP source",
                    HttpSource.start(
                            configuration.http(), HttpLimits.within(memory.http()), connections, intake, meters));
            bound.accept(listener(configuration.http(), http));
        }
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
        for (int i = 0; i < bound.size(); i++) {
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
