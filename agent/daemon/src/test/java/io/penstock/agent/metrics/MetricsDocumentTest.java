package io.penstock.agent.metrics;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.Agent;
import io.penstock.agent.StartReport;
import io.penstock.agent.config.ConfigurationLoader;
import io.penstock.agent.config.ConfigurationResult;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * docs/metrics.md lists exactly the metrics that a running agent exports, each with its type; these keep Prometheus'
 * conventions, and the queries of the dashboard and the alert rules ask for nothing else.
 */
class MetricsDocumentTest {
    private static final Pattern ROW =
            Pattern.compile("\\| `(penstock_[a-z0-9_]+)` \\| (counter|gauge|histogram) \\|.*");
    private static final Pattern TYPE = Pattern.compile("# TYPE (penstock_[a-z0-9_]+) (\\w+)");
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    Path folder;

    @Test
    void the_documented_metrics_are_the_exported_ones() throws Exception {
        Path file = folder.resolve("penstock.yaml");
        Files.writeString(file, """
            data: %s
            shutdown-timeout: 2s
            mqtt: {listen: ["127.0.0.1:0"], bridges: [{name: b, urls: "mqtt://127.0.0.1:1", topics: [{filter: a}]}]}
            forward: {listen: ["127.0.0.1:0"]}
            http: {listen: ["127.0.0.1:0"]}
            log4j: {listen: ["127.0.0.1:0"]}
            engine: {listen: "127.0.0.1:0"}
            admin: {listen: "127.0.0.1:0"}
            spool: {reserve: 1MiB}
            """.formatted(folder.resolve("data")));
        ConfigurationResult read = ConfigurationLoader.ofProcess().load(file);
        assertTrue(read instanceof ConfigurationResult.Loaded, read.toString());
        try (Agent agent = Agent.start(((ConfigurationResult.Loaded) read).configuration(), "test")) {
            HttpRequest post = HttpRequest.newBuilder(url(agent, "http", "/v1/streams/orders/records"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build();
            assertEquals(
                    200, client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode());
            await().until(() -> scrape(agent).contains("penstock_delivery_delay_seconds_count"));
            String scraped = scrape(agent);
            assertEquals(documented(), exported(scraped));
            assertEquals(List.of(), PrometheusRules.violations(scraped));
            for (String queries : new String[] {"grafana/penstock.json", "prometheus/penstock-alerts.yaml"}) {
                assertEquals(
                        List.of(), Queries.of(Path.of("../../config", queries)).unknownIn(scraped), queries);
            }
            assertTrue(scraped.contains("penstock_source_events_total{source=\"http\"} 1.0"), scraped);
            assertTrue(scraped.contains("penstock_spool_events{stream=\"orders\",target=\"default\"}"), scraped);
            for (String name :
                    new String[] {"jvm_memory_used_bytes", "jvm_threads_live_threads", "process_files_open_files"}) {
                assertTrue(scraped.contains("\n" + name), name);
            }
        }
    }

    private String scrape(Agent agent) throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(url(agent, "admin", "/metrics")).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static URI url(Agent agent, String listener, String path) {
        StartReport.Listener found = agent.startReport().listener(listener).orElseThrow();
        return URI.create(found.urls().get(0) + path);
    }

    private static TreeMap<String, String> exported(String scraped) {
        TreeMap<String, String> types = new TreeMap<>();
        Matcher matcher = TYPE.matcher(scraped);
        while (matcher.find()) {
            types.put(matcher.group(1), matcher.group(2));
        }
        return types;
    }

    private static TreeMap<String, String> documented() throws IOException {
        TreeMap<String, String> types = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("../../docs/metrics.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                types.put(row.group(1), row.group(2));
            }
        }
        return types;
    }
}
