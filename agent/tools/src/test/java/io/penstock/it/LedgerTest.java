package io.penstock.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import io.penstock.agent.Agent;
import io.penstock.agent.StartReport;
import io.penstock.agent.config.Configuration;
import io.penstock.agent.config.ConfigurationLoader;
import io.penstock.agent.config.ConfigurationResult;
import io.penstock.engine.EngineSettings;
import io.penstock.engine.StreamEngine;
import io.penstock.forward.client.Address;
import io.penstock.forward.client.ClientSettings;
import io.penstock.forward.client.EntryWriter;
import io.penstock.forward.client.ForwardClient;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole agent in this process, its target away and back: accepted = delivered + dropped + dead + waiting, always. */
@Tag("slow")
class LedgerTest {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String FILLER = "x".repeat(50_000);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"block", "drop-oldest", "drop-newest"})
    void whatEachSourceAcceptedIsFoundAgainInExactlyOnePlace(String whenFull) throws Exception {
        boolean drops = !whenFull.equals("block");
        int events = drops ? 200 : 40;
        int port = freePort();
        Configuration configuration = configuration(whenFull, port);
        try (Agent agent = Agent.start(configuration, "test")) {
            Ledger ledger = new Ledger(() -> get(agent, "/metrics"));
            post(agent, events);
            publish(agent, events);
            forward(agent, events);
            lines(agent, events);
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            ledger.value("penstock_source_events_total") + ledger.value("penstock_source_dropped_total")
                                    == 4.0 * events + 1);
            ledger.awaitBalanced();
        }
        try (Agent agent = Agent.start(configuration, "test")) {
            Ledger ledger = new Ledger(() -> get(agent, "/metrics"));
            assertEquals(drops, ledger.atStart() < 4.0 * events + 1, "whether something was given up");
            try (StreamEngine engine = StreamEngine.start(
                    EngineSettings.ephemeral().withListen(new InetSocketAddress("127.0.0.1", port)))) {
                post(agent, 3);
                await().atMost(Duration.ofSeconds(60)).until(() -> ledger.value("penstock_spool_events") == 0);
                ledger.awaitBalanced();
                double dead = ledger.value("penstock_sender_dead_letters_total");
                assertEquals(whenFull.equals("drop-newest") ? 0 : 1, dead, "the event that no stream takes");
                assertTrue(engine.streamCount() == 4, () -> engine.streamCount() + " streams");
            }
        }
    }

    private static void post(Agent agent, int events) throws Exception {
        String body = "{\"filler\":\"" + FILLER + "\"}";
        for (int i = 0; i < events; i++) {
            HttpRequest request = HttpRequest.newBuilder(listener(agent, "http").resolve("/v1/streams/posted/records"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            while (HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 503) {
                Thread.onSpinWait();
            }
        }
    }

    private static void publish(Agent agent, int events) throws Exception {
        InetSocketAddress address = agent.startReport()
                .listener("mqtt")
                .map(StartReport.Listener::first)
                .orElseThrow();
        Mqtt5AsyncClient client =
                MqttClient.builder().useMqttVersion5().serverAddress(address).buildAsync();
        client.connect().join();
        List<CompletableFuture<Mqtt5PublishResult>> answers = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            answers.add(client.publishWith()
                    .topic("a")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload(FILLER.getBytes(StandardCharsets.UTF_8))
                    .send()
                    .exceptionally(dropped -> null));
        }
        CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0])).join();
        client.disconnect().join();
    }

    private static void forward(Agent agent, int events) {
        InetSocketAddress address = agent.startReport()
                .listener("forward")
                .map(StartReport.Listener::first)
                .orElseThrow();
        ForwardClient client = ForwardClient.start(
                ClientSettings.to(Address.of("127.0.0.1", address.getPort())).build());
        for (int i = 0; i < events; i++) {
            EntryWriter entry = client.newEntry().begin(1_700_000_000L, 5);
            entry.name("filler").value(FILLER).end();
            client.offer("a", entry);
        }
        client.close(Duration.ofSeconds(20));
    }

    /** The last one is larger than a stream takes. */
    private static void lines(Agent agent, int events) throws Exception {
        InetSocketAddress address = agent.startReport()
                .listener("log4j")
                .map(StartReport.Listener::first)
                .orElseThrow();
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            OutputStream out = socket.getOutputStream();
            for (int i = 0; i <= events; i++) {
                String text = i < events ? FILLER : "y".repeat(1_048_500);
                out.write(("{\"message\":\"" + text + "\"}\n").getBytes(StandardCharsets.UTF_8));
            }
            out.flush();
        }
    }

    private Configuration configuration(String whenFull, int port) {
        String yaml = """
                data: %s
                shutdown-timeout: 0ms
                mqtt: {listen: "127.0.0.1:0"}
                forward: {listen: "127.0.0.1:0"}
                log4j: {listen: "127.0.0.1:0"}
                http: {listen: "127.0.0.1:0"}
                admin: {listen: "127.0.0.1:0"}
                spool: {reserve: 0, max-bytes: 8MiB, when-full: %s}
                kinesis: {endpoint: "http://127.0.0.1:%d", auto-create: {enabled: true, shards: 1}}
                """.formatted(folder, whenFull, port);
        return assertInstanceOf(
                        ConfigurationResult.Loaded.class,
                        ConfigurationLoader.ofProcess().parse(yaml))
                .configuration();
    }

    private static String get(Agent agent, String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(listener(agent, "admin").resolve(path)).build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private static URI listener(Agent agent, String name) {
        List<String> urls = agent.startReport()
                .listener(name)
                .map(StartReport.Listener::urls)
                .orElseThrow();
        return URI.create(urls.get(0));
    }

    private static int freePort() throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }
}
