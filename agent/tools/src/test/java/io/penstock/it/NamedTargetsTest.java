package io.penstock.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.Agent;
import io.penstock.agent.StartReport;
import io.penstock.agent.config.Configuration;
import io.penstock.agent.config.ConfigurationLoader;
import io.penstock.agent.config.ConfigurationResult;
import io.penstock.engine.EngineSettings;
import io.penstock.engine.StreamEngine;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole agent in this process, with three targets: its own engine, another one, and one that does not answer. */
class NamedTargetsTest {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    Path folder;

    @Test
    void eachRouteLeadsToItsTargetAndOneThatIsDownHoldsNobodyUp() throws Exception {
        try (StreamEngine other = StreamEngine.start(EngineSettings.ephemeral());
                StreamContents there = new StreamContents(uri(other.address().getPort()))) {
            there.client()
                    .createStream(create -> create.streamName("orders").shardCount(1))
                    .get(60, TimeUnit.SECONDS);
            try (Agent agent = Agent.start(configuration(other.address().getPort(), freePort()), "test");
                    StreamContents here = new StreamContents(listener(agent, "kinesis"))) {
                post(agent, "near");
                post(agent, "far");
                post(agent, "down");
                await().until(() -> here.texts("orders").size() == 1
                        && there.texts("orders").size() == 1);
                assertEquals("near", here.texts("orders").get(0));
                assertEquals("far", there.texts("orders").get(0));
                String metrics = get(agent, "/metrics");
                assertTrue(metrics.contains("penstock_sender_delivered_total{stream=\"orders\",target=\"other\"} 1.0"));
                assertTrue(metrics.contains("penstock_spool_events{stream=\"orders\",target=\"down\"} 1.0"));
                assertTrue(get(agent, "/api/status").contains("\"name\" : \"other\""));
            }
        }
    }

    private Configuration configuration(int other, int closed) {
        String yaml = """
                data: %s
                shutdown-timeout: 0ms
                mqtt: {listen: []}
                forward: {listen: []}
                log4j: {listen: []}
                http: {listen: "127.0.0.1:0"}
                admin: {listen: "127.0.0.1:0"}
                engine: {listen: "127.0.0.1:0", default-shards: 1}
                spool: {reserve: 0, max-bytes: 8MiB}
                kinesis: {endpoint: embedded}
                targets:
                  other: {endpoint: "http://127.0.0.1:%d"}
                  down: {endpoint: "http://127.0.0.1:%d"}
                routes:
                  - {match: "http:near", stream: orders}
                  - {match: "http:far", stream: orders, target: other}
                  - {match: "http:down", stream: orders, target: down}
                """.formatted(folder, other, closed);
        return assertInstanceOf(
                        ConfigurationResult.Loaded.class,
                        ConfigurationLoader.ofProcess().parse(yaml))
                .configuration();
    }

    private static void post(Agent agent, String stream) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        listener(agent, "http").resolve("/v1/streams/" + stream + "/records"))
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofString(stream))
                .build();
        assertEquals(
                200, HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
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

    private static URI uri(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    private static int freePort() throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }
}
