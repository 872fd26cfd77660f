package io.penstock.agent.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.penstock.base.condition.Condition;
import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Explanation;
import io.penstock.base.condition.Finding;
import io.penstock.base.condition.Place;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ListenAddress;
import io.penstock.delivery.kinesis.shards.StreamSummary;
import io.penstock.delivery.sender.status.StreamUsage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the admin listener tells. */
class AdminServerTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final AgentState.Listener HTTP = new AgentState.Listener("http", List.of("127.0.0.1:9880"), true);
    private static final AgentState.Stream ORDERS = new AgentState.Stream(
            "default",
            "orders",
            new AgentState.Backlog(12, 4096, Optional.of(Duration.ofSeconds(90))),
            1_234_567,
            0,
            AgentState.Lost.NONE,
            new AgentState.Health(
                    AgentState.StreamState.SENDING, "", "2 keys over 8 shards, 6 of them get nothing", List.of()),
            new StreamUsage(
                    new StreamUsage.Sent(100, 2, 51_200, 4, 60),
                    new StreamUsage.Shards(
                            8,
                            StreamSummary.Mode.PROVISIONED,
                            0.25,
                            3,
                            List.of(
                                    new StreamUsage.Load("shardId-000000000000", 1.5, 40_960),
                                    new StreamUsage.Load("others", 0.5, 10_240))),
                    new StreamUsage.Other(100, 100, 1, false),
                    Optional.of(new StreamUsage.Cost(
                            Optional.of(new StreamUsage.Month(87.5, 91.25)),
                            Optional.of(new StreamUsage.Month(34.5, 99.75))))));
    private static final AgentState.Stream PARKED = new AgentState.Stream(
            "default",
            "<b>bad</b>",
            new AgentState.Backlog(3, 100, Optional.empty()),
            0,
            2,
            new AgentState.Lost(5, 7),
            new AgentState.Health(
                    AgentState.StreamState.PARKED,
                    "access denied: allow kinesis:PutRecords & try again",
                    "",
                    List.of("its spool is damaged: 7 events in <segment>")),
            StreamUsage.NONE);

    private static final BridgeStatus PLANT = new BridgeStatus(
            "plant",
            "mqtts://broker:8883",
            List.of("penstock-h-plant"),
            BridgeStatus.Condition.WAITING,
            "connection refused (remedy: start <it>)",
            0,
            3,
            Duration.ofMillis(1500),
            List.of(new BridgeStatus.RefusedFilter("a/#", 0x87, "not authorized")),
            new BridgeStatus.Counts(100, 2000, 4, 5, 6, 7));

    private static final Finding DENIED = new Finding(
            Place.stream("<b>bad</b>"),
            new Explanation(
                    ConditionName.ACCESS_DENIED,
                    "AccessDeniedException: not <you>",
                    "allow kinesis:PutRecords & retry"));

    private final AtomicReference<AgentState> state =
            new AtomicReference<>(state(List.of(HTTP), List.of(), ORDERS, PARKED));
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AdminServer admin = AdminServer.start(
            section(0),
            100,
            state::get,
            metrics::scrape,
            MemoryBudget.of(1 << 20).account(1.0),
            AdminPages.NONE,
            AdminChanges.none());
    /** Offers an upgrade to HTTP/2, which the server passes over. */
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        admin.stop();
    }

    @Test
    void is_alive() throws Exception {
        assertEquals(
                "200 alive\n", get("/livez").statusCode() + " " + get("/livez").body());
        assertEquals(HttpClient.Version.HTTP_1_1, get("/livez").version());
    }

    @Test
    void is_ready_whatever_its_target_and_streams_do_and_says_so_in_the_details() throws Exception {
        HttpResponse<String> answer = get("/readyz");
        assertEquals(200, answer.statusCode());
        JsonNode body = new ObjectMapper().readTree(answer.body());
        assertTrue(body.get("ready").booleanValue());
        assertEquals(0, body.get("reasons").size());
        assertEquals(
                new ObjectMapper()
                        .readTree("[{\"name\": \"access-denied\", \"severity\": \"cannot-deliver\","
                                + " \"place\": {\"kind\": \"stream\", \"name\": \"<b>bad</b>\"},"
                                + " \"sentence\": \"AccessDeniedException: not <you>\","
                                + " \"remedy\": \"allow kinesis:PutRecords & retry\", \"since_seconds\": 90}]"),
                body.get("details"));
        JsonNode status = new ObjectMapper().readTree(get("/api/status").body());
        assertEquals(body.get("details"), status.get("conditions"));
    }

    @Test
    void showsEachBridge() throws Exception {
        JsonNode bridge = new ObjectMapper()
                .readTree(get("/api/status").body())
                .get("bridges")
                .get(0);
        assertEquals(new ObjectMapper().readTree("""
                        {"bridge": "plant", "broker": "mqtts://broker:8883", "condition": "waiting",
                         "detail": "connection refused (remedy: start <it>)", "client_ids": ["penstock-h-plant"],
                         "connections": 1, "connected": 0, "in_flight": 3, "lag_seconds": 1.5,
                         "refused_filters": [{"filter": "a/#", "code": 135, "reason": "not authorized"}],
                         "messages": 100, "bytes": 2000, "redelivered": 4, "duplicates": 5, "too_large": 6,
                         "reconnects": 7}"""), bridge);
    }

    @Test
    void is_not_ready_while_a_listener_is_unbound_or_the_spool_takes_nothing() throws Exception {
        state.set(state(List.of(new AgentState.Listener("mqtt", List.of(), false)), List.of()));
        HttpResponse<String> unbound = get("/readyz");
        assertEquals(503, unbound.statusCode());
        assertTrue(unbound.body().contains("mqtt is not bound"), unbound.body());
        state.set(state(List.of(HTTP), List.of("the spool of stream orders failed: No space left on device")));
        HttpResponse<String> failed = get("/readyz");
        assertEquals(503, failed.statusCode());
        assertTrue(failed.body().contains("No space left"), failed.body());
    }

    @Test
    void a_disk_without_room_is_a_condition_with_its_bytes() throws Exception {
        state.set(state(List.of(HTTP), List.of("disk: 300.0 MiB are free")));
        HttpResponse<String> answer = get("/readyz");
        assertEquals(503, answer.statusCode());
        JsonNode detail =
                new ObjectMapper().readTree(answer.body()).get("details").get(0);
        assertEquals("disk-full", detail.get("name").textValue());
        assertEquals("cannot-take-input", detail.get("severity").textValue());
        assertEquals(
                "free disk space, or lower spool.reserve", detail.get("remedy").textValue());
        JsonNode status = new ObjectMapper().readTree(get("/api/status").body());
        assertEquals(
                "disk: 300.0 MiB are free", status.get("disk").get("detail").textValue());
    }

    @Test
    void serves_metrics_as_prometheus_text() throws Exception {
        metrics.counter("penstock.source.events", "source", "http").increment(3);
        HttpResponse<String> answer = get("/metrics");
        assertTrue(answer.headers().firstValue("content-type").orElse("").startsWith("text/plain; version=0.0.4"));
        assertTrue(answer.body().contains("penstock_source_events_total{source=\"http\"} 3.0"), answer.body());
    }

    @Test
    void tells_its_state_as_json() throws Exception {
        JsonNode body = new ObjectMapper().readTree(get("/api/status").body());
        assertEquals(7_560, body.get("uptime_seconds").longValue());
        JsonNode orders = body.get("streams").get(0);
        assertEquals("orders", orders.get("stream").textValue());
        assertEquals(12, orders.get("spooled_events").longValue());
        assertEquals(90, orders.get("oldest_age_seconds").longValue());
        assertEquals("sending", orders.get("condition").textValue());
        assertEquals(
                "2 keys over 8 shards, 6 of them get nothing",
                orders.get("key_advice").textValue());
        JsonNode usage = orders.get("usage");
        assertEquals(
                "100.0 events in 2.0 Kinesis records, 50.0 KiB and 4.0 payload units a second; the busiest of 8 shards"
                        + " used 25 % of its limit; 3 shards would do; a month like this costs 87.50 (34.50 on demand), without"
                        + " aggregation 91.25 (99.75 on demand)",
                usage.get("words").textValue());
        assertEquals(3, usage.get("shards_needed").intValue());
        assertEquals("provisioned", usage.get("mode").textValue());
        assertEquals(91.25, usage.get("month_cost_without_aggregation").doubleValue());
        assertEquals(34.5, usage.get("month_cost_on_demand").doubleValue());
        assertEquals(
                99.75, usage.get("month_cost_on_demand_without_aggregation").doubleValue());
        JsonNode shards = usage.get("per_shard");
        assertEquals(2, shards.size());
        assertEquals("shardId-000000000000", shards.get(0).get("shard").textValue());
        assertEquals(1.5, shards.get(0).get("kinesis_records_per_second").doubleValue());
        assertEquals(40_960, shards.get(0).get("bytes_per_second").doubleValue());
        assertEquals("others", shards.get(1).get("shard").textValue());
        assertFalse(body.get("streams").get(1).has("usage"));
        assertEquals(5, body.get("streams").get(1).get("dropped_events").intValue());
        assertEquals(7, body.get("streams").get(1).get("damaged_events").intValue());
        assertEquals(1, body.get("streams").get(1).get("notes").size());
        assertFalse(body.get("streams").get(1).has("oldest_age_seconds"));
        assertEquals(
                "127.0.0.1:9880",
                body.get("listeners").get(0).get("addresses").get(0).textValue());
    }

    @Test
    void refuses_what_a_web_page_could_send() throws Exception {
        HttpRequest page =
                request("/api/status").header("Origin", "https://evil.example").build();
        assertEquals(
                403, client.send(page, HttpResponse.BodyHandlers.ofString()).statusCode());
    }

    @Test
    void answers_other_paths_and_methods_as_json() throws Exception {
        assertEquals(404, get("/nothing").statusCode());
        assertTrue(get("/nothing").body().contains("/readyz"), get("/nothing").body());
        HttpRequest post =
                request("/livez").POST(HttpRequest.BodyPublishers.noBody()).build();
        HttpResponse<String> answer = client.send(post, HttpResponse.BodyHandlers.ofString());
        assertEquals(405, answer.statusCode());
        assertEquals("GET, HEAD", answer.headers().firstValue("allow").orElse(""));
    }

    @Test
    void a_port_in_use_is_named_with_the_remedy() {
        IllegalStateException refused = assertThrows(
                IllegalStateException.class,
                () -> AdminServer.start(
                        section(admin.addresses().get(0).getPort()),
                        100,
                        state::get,
                        metrics::scrape,
                        MemoryBudget.of(1 << 20).account(1.0),
                        AdminPages.NONE,
                        AdminChanges.none()));
        String port = ":" + admin.addresses().get(0).getPort();
        assertTrue(refused.getMessage().contains("admin.listen"), refused.getMessage());
        assertTrue(refused.getMessage().contains(port), refused.getMessage());
        assertTrue(refused.getMessage().contains("another process"), refused.getMessage());
    }

    private static AdminSettings section(int port) {
        return AdminSettings.open(new ListenAddress("127.0.0.1", port));
    }

    private static AgentState state(
            List<AgentState.Listener> listeners, List<String> unready, AgentState.Stream... streams) {
        List<AgentState.Target> targets = List.of(
                new AgentState.Target("default", "embedded", "us-east-1"),
                new AgentState.Target("archive", "aws", "eu-central-1"));
        return new AgentState(
                new AgentState.Process("0.1.0", START, Duration.ofHours(2).plusMinutes(6), "/var/lib/penstock"),
                "embedded",
                targets,
                listeners,
                List.of(PLANT),
                List.of(streams),
                Optional.of(new AgentState.Disk(
                        314_572_800,
                        1L << 30,
                        unready.stream()
                                .filter(each -> each.startsWith("disk"))
                                .findFirst()
                                .orElse(""))),
                Stream.concat(
                                unready.stream().map(each -> Finding.of(ConditionName.DISK_FULL, Place.AGENT, each)),
                                Stream.of(DENIED))
                        .map(found -> new Condition(found, Duration.ofSeconds(90)))
                        .toList());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + admin.addresses().get(0).getPort() + path));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }
}
