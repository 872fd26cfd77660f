package io.penstock.agent.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.agent.admin.AgentState.StreamState;
import io.penstock.base.condition.ConditionName;
import io.penstock.delivery.sender.status.StreamStatus;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The API beneath the live page")
class LiveApiTest {
    private static final Duration TICK = Duration.ofSeconds(2);

    private final Scene scene = new Scene();
    private final HttpClient client = HttpClient.newHttpClient();
    private final PageUnderTest page = new PageUnderTest(scene, Duration.ofHours(1));

    @AfterEach
    void close() {
        page.close();
    }

    private HttpResponse<String> ask(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(page.url(path))).build(), BodyHandlers.ofString());
    }

    private JsonNode json(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = ask(path);
        assertEquals(200, answer.statusCode(), answer.body());
        return new ObjectMapper().readTree(answer.body());
    }

    private static List<String> names(JsonNode rows, String field) {
        List<String> names = new ArrayList<>();
        rows.forEach(row -> names.add(row.get(field).textValue()));
        return names;
    }

    @ParameterizedTest
    @CsvSource({
        "/api/streams?limit=0, limit is '0', give a whole number from 1 to 200",
        "/api/streams?limit=201, limit is '201', give a whole number from 1 to 200",
        "/api/streams?limit=ten, limit is 'ten', give a whole number from 1 to 200",
        "/api/streams?offset=-1, offset is '-1', give a whole number from 0 to 2147483647",
        "/api/streams?offset=99999999999, offset is '99999999999', give a whole number from 0 to 2147483647",
        "/api/streams?sort=size, sort is 'size', give one of dead_letters",
        "/api/clients?sort=size, sort is 'size', give one of address",
        "/api/events?limit=501, limit is '501', give a whole number from 1 to 500",
    })
    void aParameterThatCannotBeUsedIsAnsweredWithWhatToGive(String path, String error, String remedy) throws Exception {
        HttpResponse<String> answer = ask(path);
        assertEquals(400, answer.statusCode());
        JsonNode body = new ObjectMapper().readTree(answer.body());
        assertEquals(error, body.get("error").textValue());
        assertTrue(body.get("remedy").textValue().startsWith(remedy), answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/streams?search=", "/api/clients?search=", "/api/stream?name="})
    void aTextOfAnyLengthIsBounded(String path) throws Exception {
        HttpResponse<String> answer = ask(path + "x".repeat(1000));
        assertEquals(400, answer.statusCode());
        assertTrue(answer.body().contains("at most 256"), answer.body());
    }

    @Test
    void takesAReadingWhenAskedAndFewWhileNoPageIsOpen() throws Exception {
        int before = page.readings.get();
        page.elapse(Duration.ofSeconds(2));
        page.page.tickIfDue();
        assertEquals(before, page.readings.get());
        page.elapse(Duration.ofSeconds(6));
        page.page.tickIfDue();
        assertEquals(before + 1, page.readings.get());
        page.elapse(Duration.ofSeconds(5));
        scene.stream("new");
        assertEquals(1, json("/api/now").get("streams").get("count").intValue());
        json("/api/now");
        assertEquals(before + 2, page.readings.get());
        page.elapse(TICK);
        page.page.tickIfDue();
        assertEquals(before + 3, page.readings.get());
    }

    @Test
    void anUnknownStreamIsNotFound() throws Exception {
        HttpResponse<String> answer = ask("/api/stream?name=%3Cscript%3E");
        assertEquals(404, answer.statusCode());
        assertTrue(answer.body().contains("there is no stream '<script>'"), answer.body());
    }

    @Test
    void streamsAreSearchedSortedAndPaged() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            scene.stream(String.format("s-%03d", i)).waiting = i;
        }
        scene.streams.get(500).condition = StreamState.PARKED;
        page.pass(TICK);
        JsonNode first = json("/api/streams?limit=2");
        assertEquals(1_000, first.get("all").intValue());
        assertEquals(List.of("s-500", "s-000"), names(first.get("streams"), "name"));
        assertEquals(
                List.of("s-997", "s-996"),
                names(json("/api/streams?sort=-waiting&offset=2&limit=2").get("streams"), "name"));
        JsonNode found = json("/api/streams?search=S-99&sort=name");
        assertEquals(10, found.get("found").intValue());
        assertEquals("s-990", found.get("streams").get(0).get("name").textValue());
        assertEquals(
                List.of("s-500"), names(json("/api/streams?condition=parked").get("streams"), "name"));
        assertEquals(0, json("/api/streams?offset=5000").get("streams").size());
        JsonNode counts = json("/api/now").get("streams");
        assertEquals(1_000, counts.get("count").intValue());
        assertEquals(1, counts.get("parked").intValue());
    }

    @Test
    void aStreamHasItsShardsAsRangesWithTheirLoad() throws Exception {
        Scene.Stream orders = scene.stream("orders");
        orders.shards = 4;
        orders.usage = Scene.usage(4, 0.9);
        page.pass(TICK);
        page.pass(Duration.ofSeconds(30));
        JsonNode stream = json("/api/stream?name=orders");
        JsonNode map = stream.get("shard_map");
        assertEquals(4, map.size());
        assertEquals(0.25, map.get(1).get("from").doubleValue(), 1e-6);
        assertEquals(0.5, map.get(1).get("to").doubleValue(), 1e-6);
        assertEquals("0", map.get(0).get("first_hash").textValue());
        assertEquals(
                "340282366920938463463374607431768211455",
                map.get(3).get("last_hash").textValue());
        assertEquals(0.9, map.get(2).get("share").doubleValue(), 1e-6);
        assertEquals(120, stream.get("history").get("series").get("in").size());
        assertTrue(stream.get("usage").textValue().startsWith("900.0 events"));
    }

    @Test
    void aStreamSaysWhyEventsWereSentAgainAndWhyRefused() throws Exception {
        Scene.Stream orders = scene.stream("orders");
        orders.causes = Map.of(ConditionName.THROTTLED, 7L, ConditionName.CONNECTION_LOST, 2L);
        orders.reasons = List.of(new StreamStatus.Reason("ValidationException: too <large>", 3));
        page.pass(TICK);
        JsonNode stream = json("/api/stream?name=orders");
        assertEquals(
                new ObjectMapper().readTree("{\"throttled\": 7, \"connection-lost\": 2}"), stream.get("retried_for"));
        assertEquals(
                "ValidationException: too <large>",
                stream.get("refused_for").get(0).get("reason").textValue());
    }

    @Test
    void clientsAreSearchedAndSortedAndHaveRatesWhileSomebodyLooks() throws Exception {
        scene.client("mqtt", "press-1", "plant", "10.0.0.1:4000", "MQTT 5", 10);
        scene.client("mqtt", "press-2", "", "10.0.0.2:4000", "MQTT 3.1.1", 90);
        scene.client("forward", "", "", "10.0.0.3:4000", "forward", 50);
        assertEquals(3, json("/api/clients").get("all").intValue());
        assertEquals(
                List.of("press-2", "", "press-1"),
                names(json("/api/clients?sort=-events").get("clients"), "name"));
        assertEquals(
                List.of("10.0.0.1:4000"),
                names(json("/api/clients?search=PLANT").get("clients"), "address"));
        assertEquals(1, json("/api/clients?search=10.0.0.3").get("found").intValue());
        assertEquals(
                "plant",
                json("/api/clients?search=press-1")
                        .get("clients")
                        .get(0)
                        .get("user")
                        .textValue());
    }

    @Test
    void anOpenPageIsToldEachReading() throws Exception {
        scene.source("http", 0, 0, Map.of());
        page.pass(TICK);
        HttpResponse<Stream<String>> live = client.send(
                HttpRequest.newBuilder(URI.create(page.url("/api/live"))).build(), BodyHandlers.ofLines());
        assertEquals(
                "text/event-stream", live.headers().firstValue("content-type").orElse(""));
        List<String> lines = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> reading = CompletableFuture.runAsync(
                () -> live.body().filter(line -> line.startsWith("data:")).forEach(lines::add));
        Awaitility.await().until(() -> lines.size() == 1);
        scene.source("http", 20, 0, Map.of());
        page.pass(TICK);
        Awaitility.await().until(() -> lines.size() == 2);
        assertEquals(
                10,
                new ObjectMapper()
                        .readTree(lines.get(1).substring(5))
                        .get("totals")
                        .get("in")
                        .intValue());
        page.page.close();
        reading.get(60, TimeUnit.SECONDS);
    }

    @Test
    void morePagesThanTheBoundAreToldToAskInstead() throws Exception {
        List<HttpResponse<InputStream>> open = new ArrayList<>();
        for (int i = 0; i < Watchers.MOST; i++) {
            open.add(client.send(
                    HttpRequest.newBuilder(URI.create(page.url("/api/live"))).build(), BodyHandlers.ofInputStream()));
            assertEquals(200, open.get(i).statusCode());
        }
        HttpResponse<String> refused = ask("/api/live");
        assertEquals(503, refused.statusCode());
        assertTrue(refused.body().contains("/api/now"), refused.body());
        open.get(0).body().close();
        Awaitility.await().until(() -> {
            page.pass(TICK);
            HttpResponse<InputStream> next = client.send(
                    HttpRequest.newBuilder(URI.create(page.url("/api/live"))).build(), BodyHandlers.ofInputStream());
            open.add(next);
            return next.statusCode() == 200;
        });
        for (HttpResponse<InputStream> each : open) {
            each.body().close();
        }
    }

    @Test
    void aPageThatDoesNotReadIsDroppedAndHoldsNoMemory() throws Exception {
        for (int i = 0; i < 40; i++) {
            scene.source("x".repeat(4_000) + i, 1, 1, Map.of());
        }
        URI uri = URI.create(page.url("/"));
        try (Socket silent = new Socket()) {
            silent.setReceiveBufferSize(1024);
            silent.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
            silent.getOutputStream()
                    .write(("GET /api/live HTTP/1.1\r\nHost: " + uri.getAuthority() + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            Awaitility.await().until(() -> page.page.watchers() == 1);
            Awaitility.await().until(() -> {
                page.pass(TICK);
                return page.page.watchers() == 0;
            });
        }
        assertEquals(200, ask("/api/now").statusCode());
    }
}
