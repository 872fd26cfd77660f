package io.penstock.agent.http;

import static io.penstock.agent.http.Harness.JSON;
import static io.penstock.agent.http.Harness.NDJSON;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.fakes.FakeSpool;
import io.penstock.agent.http.body.HttpLimits;
import io.penstock.agent.ingest.AckMode;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.TooManyStreams;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is refused: with which status, in which words, counted how, and that nothing of it is stored. */
class HttpRefusalTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void a_broken_line_refuses_the_whole_body_and_is_named() {
        try (Harness http = new Harness()) {
            HttpResponse<String> answer =
                    http.send(http.post("s", NDJSON, "{\"n\":1}\n\n{\"n\":2}\n{\"n\":,}\n{\"n\":4}\n"));
            assertEquals(400, answer.statusCode());
            assertTrue(answer.body().contains("line 4, column 6"), answer.body());
            assertTrue(answer.body().contains("\"remedy\":\""), answer.body());
            assertEquals(0, http.spools.of("s").appends());
            assertEquals(1, http.refused("malformed"));
        }
    }

    @Test
    void broken_json_is_located_by_line_and_column() {
        try (Harness http = new Harness()) {
            refusedWith(http, 400, "line 2, column 10", JSON, "[{\"a\":1},\n {\"a\": 1 2}]");
            refusedWith(http, 400, "line 1, column 7", JSON, "{\"a\":1");
            refusedWith(http, 400, "element 2 of the array", JSON, "[{},7]");
            refusedWith(http, 400, "the body is a string", JSON, "\"text\"");
            refusedWith(http, 400, "a value after the first is a number", JSON, "{}\n7");
            refusedWith(http, 400, "blank", JSON, " \n");
            refusedWith(http, 400, "blank", NDJSON, "\n \n");
            refusedWith(http, 400, "line 2 is an array", NDJSON, "{}\n[1]\n");
            refusedWith(http, 400, "line 1", NDJSON, "{} {}\n");
            refusedWith(http, 400, "broken JSON", JSON, "{\"a\":NaN}");
            refusedWith(http, 400, "broken JSON", JSON, "{'a':1}");
            refusedWith(http, 400, "broken JSON", JSON, "{\"a\":1,}");
            refusedWith(http, 400, "broken JSON", JSON, "{\"a\":\"\t\"}");
            refusedWith(http, 400, "levels", JSON, "{\"a\":" + "[".repeat(300) + "]".repeat(300) + "}");
        }
    }

    @Test
    void bytes_that_are_no_utf_8_are_no_json_and_no_text() {
        try (Harness http = new Harness()) {
            for (byte[] wrong :
                    new byte[][] {{(byte) 0xff}, {(byte) 0xc0, (byte) 0x80}, {(byte) 0xed, (byte) 0xa0, (byte) 0x80}}) {
                byte[] body = Arrays.copyOf("{\"a\":\"".getBytes(StandardCharsets.UTF_8), 6 + wrong.length + 2);
                System.arraycopy(wrong, 0, body, 6, wrong.length);
                body[6 + wrong.length] = '"';
                body[7 + wrong.length] = '}';
                assertEquals(400, http.send(http.post("s", JSON, body)).statusCode(), Arrays.toString(wrong));
                assertEquals(400, http.send(http.post("s", NDJSON, body)).statusCode(), Arrays.toString(wrong));
                assertEquals(400, http.send(http.post("s", "text/plain", wrong)).statusCode());
            }
            assertEquals(0, http.spools.of("s").appends());
        }
    }

    @Test
    void an_empty_body_is_refused_in_every_format() {
        try (Harness http = new Harness()) {
            refusedWith(http, 400, "empty", JSON, "");
            refusedWith(http, 400, "empty", NDJSON, "");
            refusedWith(http, 400, "empty", "text/plain", "");
            refusedWith(http, 400, "empty", "application/octet-stream", "");
        }
    }

    @Test
    void a_name_that_no_stream_can_have_is_refused() {
        try (Harness http = new Harness()) {
            for (String name : new String[] {"a%20b", "a%2Fb", "%C3%BC", "x".repeat(129)}) {
                HttpResponse<String> answer = http.send(http.post(name, JSON, "{}"));
                assertEquals(400, answer.statusCode(), name);
                assertTrue(answer.body().contains("is no stream name"), answer.body());
            }
            assertEquals(4, http.refused("invalid_stream"));
        }
    }

    @Test
    void media_types_and_encodings_that_are_not_taken_get_415_with_those_that_are() {
        try (Harness http = new Harness()) {
            refusedWith(http, 415, "application/x-ndjson", "application/xml", "<a/>");
            refusedWith(http, 415, "unknown charset", "text/plain; charset=klingon", "x");
            refusedWith(http, 415, "more than one charset", "text/plain; charset=utf-8; charset=latin1", "x");
            refusedWith(http, 415, "more than one charset", "application/json; charset=utf-8; charset=latin1", "{}");
            HttpResponse<String> untyped = http.send(http.to("/v1/streams/s/records")
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build());
            assertEquals(415, untyped.statusCode());
            HttpResponse<String> brotli = http.send(http.to("/v1/streams/s/records")
                    .header("Content-Type", JSON)
                    .header("Content-Encoding", "br")
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build());
            assertEquals(415, brotli.statusCode());
            assertEquals(6, http.refused("unsupported"));
        }
    }

    @Test
    void other_paths_get_404_and_other_methods_405_as_json() {
        try (Harness http = new Harness()) {
            HttpResponse<String> tag = http.send(http.to("/v1/app.log")
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build());
            assertEquals(404, tag.statusCode());
            assertTrue(tag.body().contains("/v1/streams/{stream}/records"), tag.body());
            HttpResponse<String> get =
                    http.send(http.to("/v1/streams/s/records").GET().build());
            assertEquals(405, get.statusCode());
            assertEquals("POST", get.headers().firstValue("allow").orElse(""));
            assertEquals(
                    "application/json", get.headers().firstValue("content-type").orElse(""));
            assertEquals(2, http.refused("unsupported"));
        }
    }

    @Test
    void a_body_above_the_limit_gets_413_and_its_connection_goes_on() throws IOException {
        try (Harness http = new Harness(1_000, 1_000_000, LONG, LONG);
                Socket socket = new Socket("127.0.0.1", http.port())) {
            String head =
                    "POST /v1/streams/s/records HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
            String tooLarge = head + "Content-Length: 1500\r\n\r\n{\"a\":\"" + "x".repeat(1_492) + "\"}";
            socket.getOutputStream().write(tooLarge.getBytes(StandardCharsets.ISO_8859_1));
            String answer = Harness.read(socket.getInputStream(), "}\n");
            assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
            assertTrue(answer.contains("1000 bytes"), answer);
            socket.getOutputStream()
                    .write((head + "Content-Length: 2\r\n\r\n[]").getBytes(StandardCharsets.ISO_8859_1));
            answer = Harness.read(socket.getInputStream(), "}\n");
            assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        }
    }

    @Test
    void a_body_far_above_the_limit_gets_413_whether_its_length_is_declared_or_not() throws IOException {
        try (Harness http = new Harness(1_000, 1_000_000, LONG, LONG)) {
            HttpResponse<String> declared = http.send(http.post("s", JSON, "[" + " ".repeat(5_000) + "]"));
            assertEquals(413, declared.statusCode());
            String head = "POST /v1/streams/s/records HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
            String chunked = http.raw(head + ("1f4\r\n" + " ".repeat(500) + "\r\n").repeat(20) + "0\r\n\r\n", "}\n");
            assertTrue(chunked.startsWith("HTTP/1.1 413 "), chunked);
            assertEquals(2, http.refused("too_large"));
        }
    }

    @Test
    void a_gzip_body_that_unpacks_to_too_much_or_is_cut_short_is_refused() throws IOException {
        try (Harness http = new Harness(100_000, 10_000_000, LONG, LONG)) {
            byte[] bomb = HttpSourceTest.gzip("[" + " ".repeat(5_000_000) + "]");
            assertTrue(bomb.length < 10_000);
            assertEquals(413, gzip(http, bomb).statusCode());
            byte[] whole = HttpSourceTest.gzip("{\"n\":1}\n{\"n\":2}\n");
            HttpResponse<String> cut = gzip(http, Arrays.copyOf(whole, whole.length - 9));
            assertEquals(400, cut.statusCode());
            assertTrue(cut.body().contains("ends too early"), cut.body());
            assertEquals(400, gzip(http, "{}".getBytes(StandardCharsets.UTF_8)).statusCode());
            assertEquals(0, http.spools.of("s").appends());
        }
    }

    @Test
    void a_gzip_body_whose_second_member_is_damaged_or_followed_by_other_bytes_is_refused_whole() throws IOException {
        byte[] first = HttpSourceTest.gzip("{\"n\":1}\n");
        byte[] both = Arrays.copyOf(first, 2 * first.length);
        System.arraycopy(first, 0, both, first.length, first.length);
        byte[] damaged = both.clone();
        damaged[first.length] ^= 1;
        try (Harness http = new Harness()) {
            for (byte[] body : List.of(
                    damaged,
                    Arrays.copyOf(both, first.length + 5),
                    Arrays.copyOf(both, both.length + 1),
                    Arrays.copyOf(both, both.length - 1))) {
                HttpResponse<String> answer = gzip(http, body);
                assertEquals(400, answer.statusCode(), answer.body());
                assertTrue(answer.body().contains("at byte "), answer.body());
            }
            assertEquals(0, http.spools.of("s").appends());
            assertTrue(gzip(http, both).body().contains("\"records\":2"));
        }
    }

    @Test
    void records_go_to_the_stream_that_the_path_names_or_nowhere() throws IOException {
        try (Harness http = new Harness(AckMode.MEMORY)) {
            for (String path : List.of(
                    "/v1/streams/a;b/records",
                    "/v1/streams/a%3Bb/records",
                    "/v1/streams/a;/records",
                    "/v1/streams/;a/records",
                    "/v1/streams/a/records;b",
                    "/v1/streams;b/a/records",
                    "/v1/streams/a%2Fb/records",
                    "/v1/streams/b%2F..%2Fa/records",
                    "/v1/streams/./a/records",
                    "/v1/streams/b/../a/records",
                    "/v1/streams/%2E%2E/records",
                    "/v1/streams/a/records/",
                    "/v1/streams/a%00/records",
                    "/v1/streams/a%/records",
                    "/v1/streams/a%zz/records",
                    "/v1/streams/a+b/records",
                    "/v1/streams/a\u00e4/records")) {
                String answer = http.raw(
                        "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                + "Content-Length: 2\r\n\r\n{}",
                        "}\n");
                assertTrue(answer.startsWith("HTTP/1.1 40"), path + ": " + answer);
                assertTrue(answer.contains("\"remedy\""), path + ": " + answer);
                assertEquals(
                        0,
                        http.spools.all().stream().mapToLong(FakeSpool::appends).sum(),
                        path);
            }
            // An address with a slash at its end in front of the path makes two slashes.
            for (String path :
                    List.of("/v1/streams/%61/records", "//v1/streams/a/records", "/v1//streams/a//records")) {
                String answer = http.raw(
                        "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                + "Content-Length: 2\r\n\r\n{}",
                        "}\n");
                assertTrue(answer.startsWith("HTTP/1.1 200 "), path + ": " + answer);
            }
            assertEquals(3, http.spools.of("a").appends());
        }
    }

    @Test
    void a_charset_that_json_has_not_and_a_broken_content_type_are_named() {
        try (Harness http = new Harness()) {
            byte[] utf16 = "{}".getBytes(StandardCharsets.UTF_16);
            for (String type : List.of(JSON, NDJSON)) {
                HttpResponse<String> answer = http.send(http.post("s", type + "; charset=utf-16", utf16));
                assertEquals(415, answer.statusCode());
                assertTrue(answer.body().contains("charset UTF-16"), answer.body());
                assertEquals(
                        415,
                        http.send(http.post("s", type + "; charset=klingon", "{}"))
                                .statusCode());
                assertEquals(
                        200,
                        http.send(http.post("s", type + "; charset=\"Utf-8\"", "{}"))
                                .statusCode());
            }
            for (String broken : List.of("json", "application/", "application/json; charset", "a b/c")) {
                HttpResponse<String> answer = http.send(http.post("s", broken, "{}"));
                assertEquals(415, answer.statusCode());
                assertTrue(answer.body().contains("'" + broken + "' is no media type"), answer.body());
            }
        }
    }

    @Test
    void a_second_content_encoding_is_not_passed_over() throws IOException {
        try (Harness http = new Harness()) {
            String answer = http.raw(
                    "POST /v1/streams/s/records HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            + "Content-Encoding: zstd\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
                    "}\n");
            assertTrue(answer.startsWith("HTTP/1.1 415 "), answer);
            assertTrue(answer.contains("zstd, gzip is more than one"), answer);
        }
    }

    @Test
    void a_key_and_an_id_are_utf8_in_a_header_and_in_the_query() throws IOException {
        String text = "Z\u00fcrich \u6771 \ud83d\ude00";
        String bytes = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        String query = java.net.URLEncoder.encode(text, StandardCharsets.UTF_8);
        try (Harness http = new Harness(AckMode.MEMORY)) {
            for (String where : List.of(
                    " HTTP/1.1\r\npartition-key: " + bytes + "\r\nid: " + bytes,
                    "?partition-key=" + query + "&id=" + query + " HTTP/1.1")) {
                String answer = http.raw(
                        "POST /v1/streams/plain/records" + where + "\r\nHost: localhost\r\n"
                                + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
                        "}\n");
                assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
            }
            assertEquals(List.of(text, text), http.spools.of("plain").keys());
            for (String record : http.spools.of("plain").data()) {
                assertTrue(record.contains("\"@id\":\"" + text + "\""), record);
            }
            for (String where : List.of(
                    " HTTP/1.1\r\npartition-key: Z\u00fcrich",
                    " HTTP/1.1\r\nid: \u00ff",
                    " HTTP/1.1\r\nid: a\r\nid: b",
                    "?id=%FF HTTP/1.1",
                    "?partition-key=%C3 HTTP/1.1")) {
                String answer = http.raw(
                        "POST /v1/streams/plain/records" + where + "\r\nHost: localhost\r\n"
                                + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
                        "}\n");
                assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
                assertTrue(answer.contains("is not valid UTF-8") || answer.contains("more than one id"), answer);
            }
        }
    }

    private static HttpResponse<String> gzip(Harness http, byte[] body) {
        return http.send(http.to("/v1/streams/s/records")
                .header("Content-Type", NDJSON)
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    @Test
    void a_record_that_the_stream_cannot_take_is_refused_with_its_number_and_the_limit() {
        try (Harness http = new Harness()) {
            HttpResponse<String> answer =
                    http.send(http.post("s", NDJSON, "{}\n{\"a\":\"" + "x".repeat(1_100_000) + "\"}\n"));
            assertEquals(413, answer.statusCode());
            assertTrue(answer.body().contains("record 2"), answer.body());
            assertTrue(answer.body().contains("1048576 bytes"), answer.body());
            assertEquals(0, http.spools.of("s").appends());
        }
    }

    @Test
    void one_id_cannot_stand_for_several_records() {
        try (Harness http = new Harness()) {
            HttpResponse<String> answer = http.send(http.to("/v1/streams/s/records?id=7")
                    .header("Content-Type", JSON)
                    .POST(HttpRequest.BodyPublishers.ofString("[{},{}]"))
                    .build());
            assertEquals(400, answer.statusCode());
        }
    }

    @Test
    void one_stream_too_many_gets_429_with_retry_after() {
        try (Harness http = new Harness()) {
            http.spools.refuseStreams(TooManyStreams.exception("'s' would be stream 1001, engine.max-streams is 1000"));
            HttpResponse<String> answer =
                    http.sendAsync(http.post("s", JSON, "{}")).join();
            assertEquals(429, answer.statusCode());
            assertEquals("60", answer.headers().firstValue("retry-after").orElse(""));
            assertTrue(answer.body().contains("max-streams is 1000"), answer.body());
            assertEquals(1, http.refused("too_many_streams"));
        }
    }

    @Test
    void a_full_spool_is_waited_for_and_then_answered_with_503_and_retry_after() {
        try (Harness http = new Harness(1_000, 1_000_000, LONG, Duration.ofMillis(300))) {
            FakeSpool s = http.spools.of("s");
            s.refuse(Spool.FULL);
            HttpResponse<String> answer =
                    http.sendAsync(http.post("s", JSON, "{}")).join();
            assertEquals(503, answer.statusCode());
            assertEquals("5", answer.headers().firstValue("retry-after").orElse(""));
            assertTrue(answer.body().contains("is full"), answer.body());
            assertEquals(1, http.refused("spool_full"));
            assertEquals(
                    0,
                    http.metrics.get("penstock.http.unfinished.bytes").gauge().value());
            s.refuse(0);
            assertEquals(200, http.send(http.post("s", JSON, "{}")).statusCode());
            assertEquals(1, s.size(), "what was refused must not be stored later");
        }
    }

    @Test
    void room_that_comes_in_time_is_used_and_any_number_of_waiting_requests_asks_for_it_once_per_loop() {
        try (Harness http = new Harness()) {
            FakeSpool s = http.spools.of("s");
            s.refuse(Spool.FULL);
            java.util.List<CompletableFuture<HttpResponse<String>>> answers = new java.util.ArrayList<>();
            for (int i = 0; i < 50; i++) {
                answers.add(http.sendAsync(http.post("s", JSON, "{\"i\":" + i + "}")));
            }
            await().until(() -> http.heldBack() == 50);
            assertTrue(
                    s.wantingRoom() <= Runtime.getRuntime().availableProcessors() * 2, "listeners: " + s.wantingRoom());
            s.refuse(0);
            await().until(() -> s.size() == 50);
            s.force();
            answers.forEach(answer -> assertEquals(200, answer.join().statusCode()));
        }
    }

    @Test
    void a_failed_spool_is_answered_with_503_also_when_it_fails_while_a_request_waits() {
        try (Harness http = new Harness()) {
            FakeSpool s = http.spools.of("s");
            CompletableFuture<HttpResponse<String>> waiting = http.sendAsync(http.post("s", JSON, "{}"));
            await().until(() -> s.durable.waiting() >= 1);
            s.durable.fail();
            assertEquals(503, waiting.join().statusCode());
            s.refuse(Spool.FAILED);
            HttpResponse<String> answer =
                    http.sendAsync(http.post("s", JSON, "{}")).join();
            assertEquals(503, answer.statusCode());
            assertTrue(answer.headers().firstValue("retry-after").isPresent());
            assertEquals(2, http.refused("spool_failed"));
        }
    }

    @Test
    void a_body_that_no_spool_can_ever_hold_gets_413() {
        try (Harness http = new Harness()) {
            http.spools.of("s").refuse(Spool.TOO_LARGE);
            HttpResponse<String> answer =
                    http.sendAsync(http.post("s", JSON, "{}")).join();
            assertEquals(413, answer.statusCode());
            assertEquals(1, http.refused("too_large"));
        }
    }

    @Test
    void what_a_full_spool_drops_by_configuration_is_answered_as_dropped() {
        try (Harness http = new Harness()) {
            http.spools.of("s").refuse(Spool.DROPPED);
            HttpResponse<String> answer =
                    http.sendAsync(http.post("s", JSON, "[{},{}]")).join();
            assertEquals(
                    "200 {\"stream\":\"s\",\"records\":0,\"dropped\":2}\n", answer.statusCode() + " " + answer.body());
            assertEquals(
                    2,
                    http.metrics
                            .get("penstock.source.dropped")
                            .tag("source", "http")
                            .counter()
                            .count());
        }
    }

    @Test
    void unfinished_bodies_share_one_budget_beyond_which_one_at_a_time_goes() throws IOException {
        byte[] half = ("POST /v1/streams/s/records HTTP/1.1\r\n"
                        + "Host: localhost\r\n"
                        + "Content-Type: application/json\r\n"
                        + "Content-Length: 100000\r\n\r\n"
                        + "[" + " ".repeat(90_000))
                .getBytes(StandardCharsets.ISO_8859_1);
        try (Harness http = new Harness(100_000, 150_000, LONG, LONG);
                Socket slow = new Socket("127.0.0.1", http.port());
                Socket favoured = new Socket("127.0.0.1", http.port())) {
            slow.getOutputStream().write(half);
            await().until(() ->
                    http.metrics.get("penstock.http.unfinished.bytes").gauge().value() > 90_000);
            favoured.getOutputStream().write(half);
            await().until(() ->
                    http.metrics.get("penstock.http.unfinished.bytes").gauge().value() > 180_000);
            HttpResponse<String> answer = http.send(http.post("s", JSON, "[" + " ".repeat(90_000) + "]"));
            assertEquals(503, answer.statusCode());
            assertEquals("1", answer.headers().firstValue("retry-after").orElse(""));
            assertEquals(1, http.refused("overloaded"));
            slow.close();
            favoured.close();
            await().until(() ->
                    http.metrics.get("penstock.http.unfinished.bytes").gauge().value() == 0);
            assertEquals(
                    200,
                    http.send(http.post("s", JSON, "[" + " ".repeat(90_000) + "]"))
                            .statusCode());
        }
    }

    @Test
    void a_body_that_does_not_come_whole_in_time_gets_408() throws IOException {
        try (Harness http = new Harness(1_000, 1_000_000, Duration.ofMillis(300), LONG)) {
            String answer = http.raw(
                    "POST /v1/streams/s/records HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            + "Content-Length: 100\r\n\r\n{\"a\":",
                    "}\n");
            assertTrue(answer.startsWith("HTTP/1.1 408 "), answer);
            assertTrue(answer.contains("\"error\":"), answer);
            assertEquals(1, http.refused("timeout"));
            await().until(() ->
                    http.metrics.get("penstock.http.unfinished.bytes").gauge().value() == 0);
        }
    }

    @Test
    void a_body_that_is_not_acknowledged_in_time_gets_503() {
        HttpLimits limits = new HttpLimits(
                1_000,
                MemoryBudget.of(1_000_000).account(1.0),
                100,
                LONG,
                Duration.ofMillis(1),
                Duration.ofMillis(300),
                LONG);
        try (Harness http = new Harness(AckMode.DURABLE, limits)) {
            HttpResponse<String> answer =
                    http.sendAsync(http.post("s", JSON, "{}")).join();
            assertEquals(503, answer.statusCode());
            assertTrue(answer.headers().firstValue("retry-after").isPresent());
            assertTrue(answer.body().contains("\"error\":"), answer.body());
            assertEquals(1, http.refused("unconfirmed"));
        }
    }

    @Test
    void what_is_no_http_gets_400_as_json_and_harms_nobody() throws IOException {
        try (Harness http = new Harness()) {
            String answer = http.raw("POST /v1/streams/s/records HTTP/1.1\r\nHost localhost\r\n\r\n", "}\n");
            assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
            assertTrue(answer.contains("\"error\":"), answer);
            answer = http.raw("\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n", "}\n");
            assertFalse(answer.contains("200"), answer);
            assertEquals(200, http.send(http.post("s", JSON, "{}")).statusCode());
        }
    }

    private static void refusedWith(Harness http, int status, String words, String type, String body) {
        HttpResponse<String> answer = http.send(http.post("s", type, body));
        assertEquals(status, answer.statusCode(), body + " -> " + answer.body());
        assertTrue(answer.body().contains(words), body + " -> " + answer.body());
        assertTrue(answer.body().startsWith("{\"error\":\""), answer.body());
        assertEquals(0, http.spools.of("s").appends());
    }

    @Test
    void aTemplateThatYieldsNoStreamNameIsRefusedWithTheNameAndTheRoute() {
        try (Harness http = new Harness()) {
            for (String path : List.of("/v1/streams/made/records", "/made.a%20b", "/made")) {
                HttpResponse<String> answer = http.send(http.postTo(path, "application/json", "{}"));
                assertEquals(400, answer.statusCode(), path);
                assertTrue(answer.body().contains("its route"), answer.body());
                assertTrue(answer.body().contains("remedy"), answer.body());
            }
            assertEquals(3, http.refused("invalid_stream"));
            assertEquals(
                    200,
                    http.send(http.postTo("/made.b", "application/json", "{}")).statusCode());
            assertEquals(1, http.spools.of("s-b").size());
        }
    }

    @Test
    void constantFieldsCountTowardsTheLimitOfARecord() {
        try (Harness http = new Harness()) {
            String path = "/v1/streams/added/records?partition-key=k";
            http.send(http.postTo(path, "application/json", object(0)));
            String small = http.spools.of("added").data().get(0);
            assertTrue(small.contains("\"site\":\"north\""), small);
            int fits = (1 << 20) - 1 - small.length();
            assertEquals(
                    200,
                    http.send(http.postTo(path, "application/json", object(fits)))
                            .statusCode());
            HttpResponse<String> answer = http.send(http.postTo(path, "application/json", object(fits + 1)));
            assertEquals(413, answer.statusCode());
            assertTrue(answer.body().contains("record 1 is larger than 1048576 bytes"), answer.body());
            assertEquals(2, http.spools.of("added").size());
        }
    }

    private static String object(int letters) {
        return "{\"a\":\"" + "x".repeat(letters) + "\"}";
    }
}
