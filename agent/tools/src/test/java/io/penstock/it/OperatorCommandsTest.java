package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import io.penstock.agent.Agent;
import io.penstock.agent.StartReport;
import io.penstock.agent.cli.PenstockCommand;
import io.penstock.agent.config.Configuration;
import io.penstock.agent.config.ConfigurationLoader;
import io.penstock.agent.config.ConfigurationResult;
import io.penstock.fixtures.Typed;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("captures the process's standard output")
@DisplayName("The operator's commands at a running agent")
class OperatorCommandsTest {
    @TempDir
    private Path folder;

    private Agent start() throws Exception {
        String yaml = """
                data: %s
                shutdown-timeout: 0ms
                mqtt: {listen: "127.0.0.1:0"}
                forward: {listen: []}
                log4j: {listen: []}
                http: {listen: "127.0.0.1:0"}
                admin: {listen: "127.0.0.1:0"}
                engine: {listen: "127.0.0.1:0", default-shards: 1}
                spool: {reserve: 0, max-bytes: 8MiB}
                routes: [{match: "http:orders", stream: orders}]
                """.formatted(folder);
        Configuration configuration = assertInstanceOf(
                        ConfigurationResult.Loaded.class,
                        ConfigurationLoader.ofProcess().parse(yaml))
                .configuration();
        return Agent.start(configuration, "test");
    }

    private Typed typed(Agent agent, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        InetSocketAddress admin = agent.startReport()
                .listener("admin")
                .map(StartReport.Listener::first)
                .orElseThrow();
        all.addAll(List.of("--admin", "127.0.0.1:" + admin.getPort()));
        return Typed.into(PenstockCommand::execute, all.toArray(new String[0]));
    }

    @Test
    void listTheClientsThatAreConnected() throws Exception {
        try (Agent agent = start()) {
            InetSocketAddress mqtt = agent.startReport()
                    .listener("mqtt")
                    .map(StartReport.Listener::first)
                    .orElseThrow();
            Mqtt5BlockingClient client = MqttClient.builder()
                    .useMqttVersion5()
                    .identifier("device-7")
                    .serverAddress(mqtt)
                    .buildBlocking();
            client.connect();
            Typed listed = typed(agent, "clients");
            assertEquals(0, listed.status(), listed.err());
            assertTrue(listed.out().contains("mqtt      device-7 "), listed.out());
            assertTrue(listed.out().contains("MQTT 5"), listed.out());
            listed.out().lines().forEach(line -> assertTrue(line.length() <= 80, line));
            Typed none = typed(agent, "clients", "--search", "device-8", "--json");
            assertTrue(none.out().contains("\"found\":0"), none.out());
            assertEquals(2, typed(agent, "clients", "--limit", "0").status());
            client.disconnect();
        }
    }
}
