package io.penstock.agent.http;

import static io.penstock.agent.http.Harness.JSON;
import static io.penstock.agent.http.Harness.NDJSON;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.fakes.FakeSpool;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /{tag}}: routes, records, times and answers as a client of Fluentd's HTTP input expects them. */
class TagServiceTest {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String ARRIVAL = "2026-01-02T03:04:05.000000006Z";

    private static void takes(String path, String type, byte[] body, String... records) {
        try (Harness http = new Harness()) {
            HttpResponse<String> answer = http.send(http.postTo(path, type, body));
            assertEquals(200, answer.statusCode(), answer.body());
            assertEquals("", answer.body());
            assertEquals(List.of(records), http.spools.of("app").data());
        }
    }

    private static void takes(String path, String type, String body, String... records) {
        takes(path, type, body.getBytes(StandardCharsets.UTF_8), records);
    }

    private static String record(String fields, String time, String tag) {
        return "{" + fields + ",\"@timestamp\":\"" + time + "\",\"@tag\":\"" + tag + "\"}";
    }

    @Test
    void theAnswerIsAnEmpty200OnceTheEventIsDurable() {
        try (Harness http = new Harness()) {
            FakeSpool app = http.spools.of("app");
            CompletableFuture<HttpResponse<String>> answer = http.sendAsync(http.postTo("/app.log", JSON, "{\"a\":1}"));
            await().until(() -> app.durable.waiting() >= 1);
            assertFalse(answer.isDone());
            app.force();
            assertEquals(200, answer.join().statusCode());
            assertEquals("", answer.join().body());
            assertTrue(answer.join()
                    .headers()
                    .firstValue("content-type")
                    .orElse("")
                    .startsWith("text/plain"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/app.log, app.log",
        "/app/log, app.log",
        "/app/log/, app.log",
        "/app.a%20b, app.a%20b",
        "/app;x/y, app;x.y",
        "/app.a%2Fb%C3%A4, app.a%2Fb%C3%A4",
        "/%61pp.%7Ex, app.~x",
        "//app///x//, app.x",
        "/app/./x, app...x"
    })
    void thePathIsTheTag(String path, String tag) {
        try (Harness http = new Harness()) {
            http.send(http.postTo(path, JSON, "{\"a\":1}"));
            String stream = tag.startsWith("app.") ? "app" : "forward";
            String record = http.spools.of(stream).data().get(0);
            assertTrue(record.contains("\"@tag\":\"" + tag + "\""), record);
        }
    }

    @Test
    void aTagWithoutARouteGoesToTheStreamOfForwardEvents() {
        try (Harness http = new Harness()) {
            http.send(http.postTo("/other", JSON, "{\"a\":1}"));
            String record = http.spools.of("forward").data().get(0);
            assertTrue(
                    record.startsWith("{\"a\":1,\"@timestamp\":\"" + ARRIVAL + "\",\"@tag\":\"other\",\"@id\":\""),
                    record);
        }
    }

    @Test
    void valuesStayAsTheyWereWrittenAndTheEventsOwnFieldsComeFirst() {
        takes(
                "/app.x",
                JSON,
                " { \"n\" : 1.50e+3, \"big\":123456789012345678901234567890 ,\"s\":\"\\u00fc\", \"o\":{ \"@tag\":1 } }",
                record(
                        "\"n\":1.50e+3,\"big\":123456789012345678901234567890,\"s\":\"\\u00fc\",\"o\":{ \"@tag\":1 }",
                        ARRIVAL,
                        "app.x"));
        takes(
                "/app.x",
                JSON,
                "{\"@timestamp\":\"mine\",\"\\u0040tag\":\"mine\"}",
                "{\"@timestamp\":\"mine\",\"\\u0040tag\":\"mine\"}");
        takes("/app.x", JSON, "{}", "{\"@timestamp\":\"" + ARRIVAL + "\",\"@tag\":\"app.x\"}");
    }

    @Test
    void arraysLinesMsgpackAndFormsAreSeveralEvents() {
        String[] two = {record("\"a\":1", ARRIVAL, "app.x"), record("\"a\":2", ARRIVAL, "app.x")};
        takes("/app.x", JSON, "[{\"a\":1},{\"a\":2}]", two);
        takes("/app.x", JSON, "{\"a\":1}{\"a\":2}", two);
        takes("/app.x", NDJSON, "{\"a\":1}\n{\"a\":2}\n", two);
        takes("/app.x", "application/msgpack", Msgpack.joined(Msgpack.map("a", 1), Msgpack.map("a", 2)), two);
        takes("/app.x", FORM, "json=[{\"a\":1},{\"a\":2}]", two);
        takes("/app.x", FORM, "ndjson={\"a\":1}%0A{\"a\":2}", two);
    }

    @ParameterizedTest
    @CsvSource({
        "1700000000, 2023-11-14T22:13:20.000000000Z",
        "1700000000.25, 2023-11-14T22:13:20.250000000Z",
        "1700000000.1234567891, 2023-11-14T22:13:20.123456789Z",
        "1.7e9, 2023-11-14T22:13:20.000000000Z",
        "-1.5, 1969-12-31T23:59:58.500000000Z",
        "0, " + ARRIVAL,
        "yesterday, " + ARRIVAL,
        "NaN, " + ARRIVAL,
        "1e999999999, " + ARRIVAL,
        "99999999999999999999, " + ARRIVAL,
        "'', " + ARRIVAL
    })
    void theTimeOfTheRequestIsInSecondsAndWhatIsNoneIsTheTimeOfArrival(String time, String timestamp) {
        takes("/app.x?time=" + time, JSON, "{\"a\":1}", record("\"a\":1", timestamp, "app.x"));
        takes("/app.x", FORM, "time=" + time + "&json={\"a\":1}", record("\"a\":1", timestamp, "app.x"));
    }

    @Test
    void aNumberInTheFieldTimeIsTheEventsTimeAndTheFieldStays() {
        String at = "2023-11-14T22:13:20.500000000Z";
        takes(
                "/app.x",
                JSON,
                "[{\"time\":1700000000.5},{\"time\":\"1700000000\"},{\"time\":null}]",
                record("\"time\":1700000000.5", at, "app.x"),
                record("\"time\":\"1700000000\"", ARRIVAL, "app.x"),
                record("\"time\":null", ARRIVAL, "app.x"));
        takes(
                "/app.x",
                "application/msgpack",
                Msgpack.map("time", 1_700_000_000),
                record("\"time\":1700000000", "2023-11-14T22:13:20.000000000Z", "app.x"));
        takes("/app.x?time=1", JSON, "{\"time\":2}", record("\"time\":2", "1970-01-01T00:00:01.000000000Z", "app.x"));
    }

    @Test
    void theTimeOfAnEntryIsTheEventsTime() {
        byte[] entry = Msgpack.of(packer -> {
            packer.packArrayHeader(2);
            Msgpack.time(packer, 1_700_000_000, 7);
            packer.addPayload(Msgpack.map("a", 1));
        });
        takes("/app.x", "application/msgpack", entry, record("\"a\":1", "2023-11-14T22:13:20.000000007Z", "app.x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/x", "/v1", "/v1/streams/s/other", "/v1/logs2"})
    void pathsBelowV1AreNoTags(String path) {
        try (Harness http = new Harness()) {
            HttpResponse<String> answer = http.send(http.postTo(path, JSON, "{}"));
            assertEquals(404, answer.statusCode());
            assertTrue(answer.body().contains("/v1/streams/{stream}/records"), answer.body());
            assertEquals(1, http.refused("unsupported"));
        }
    }

    @Test
    void aPathWithoutATagIsRefused() {
        try (Harness http = new Harness()) {
            for (String path : List.of("/", "//")) {
                HttpResponse<String> answer = http.send(http.postTo(path, JSON, "{}"));
                assertEquals(400, answer.statusCode());
                assertTrue(answer.body().contains("names no tag"), answer.body());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/app/../x", "/..", "/app/%2e%2E/x", "/app%00", "/app%", "/app%zz", "/v1/streams/../x"})
    void aPathThatLeadsElsewhereOrCannotBeReadIsRefusedBeforeItIsATag(String path) throws IOException {
        try (Harness http = new Harness()) {
            String head = " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n";
            String answer = http.raw("POST " + path + head + "{}", "}\n");
            assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
            assertTrue(answer.contains("Invalid request path"), answer);
            assertEquals(1, http.refused("malformed"));
            assertTrue(http.spools.all().isEmpty());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/plain                        | hello          | has fields",
                "application/octet-stream          | hello          | has fields",
                "application/xml                   | <a/>           | is not taken",
                "application/json                  | {\"a\":        | broken JSON",
                "application/json                  | [{},7]         | element 2 of the array is a number",
                "application/x-ndjson              | [{}]           | line 1 is an array",
                "application/msgpack               | 7              | expected a map",
                "application/x-www-form-urlencoded | {\"a\":1}      | no field json"
            })
    void whatFluentdCannotReadEitherGets400(String type, String body, String words) {
        try (Harness http = new Harness()) {
            HttpResponse<String> answer = http.send(http.postTo("/app.x", type, body));
            assertEquals(400, answer.statusCode(), answer.body());
            assertTrue(answer.body().contains(words), answer.body());
            assertEquals(0, http.spools.of("app").appends());
        }
    }

    @Test
    void aBodyWithoutATypeGets400() {
        try (Harness http = new Harness()) {
            HttpResponse<String> answer = http.send(http.to("/app.x")
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build());
            assertEquals(400, answer.statusCode());
            assertTrue(answer.body().contains("there is no Content-Type"), answer.body());
        }
    }

    @Test
    void anEventAmongOthersThatIsTooLargeIsLeftToTheDeadLettersAndOneAloneIsRefused() {
        String large = "{\"a\":\"" + "x".repeat(1024 * 1024) + "\"}";
        try (Harness http = new Harness()) {
            assertEquals(
                    200,
                    http.send(http.postTo("/app.x", JSON, large + "{\"b\":1}")).statusCode());
            assertEquals(2, http.spools.of("app").size());
            assertEquals(1, http.refused("too_large"));
            HttpResponse<String> alone = http.send(http.postTo("/app.x", JSON, large));
            assertEquals(413, alone.statusCode());
            assertEquals(2, http.spools.of("app").size());
        }
    }
}
