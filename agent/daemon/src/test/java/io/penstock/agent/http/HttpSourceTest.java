package io.penstock.agent.http;

import static io.penstock.agent.http.Harness.JSON;
import static io.penstock.agent.http.Harness.NDJSON;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.MediaType;
import io.penstock.agent.fakes.FakeSpool;
import io.penstock.agent.ingest.AckMode;
import io.penstock.delivery.spool.Spool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What is taken, and when it is answered. */
class HttpSourceTest {

    @Test
    void no_200_leaves_before_the_records_are_durable() {
        try (Harness http = new Harness()) {
            FakeSpool orders = http.spools.of("orders");
            CompletableFuture<HttpResponse<String>> answer =
                    http.sendAsync(http.post("orders", JSON, "[{\"a\":1},{\"a\":2}]"));
            await().until(() -> orders.durable.waiting() >= 1);
            assertEquals(2, orders.size());

            orders.durable.advance(1);
            await().until(() -> orders.durable.waiting() >= 1);
            assertFalse(answer.isDone(), "one of two records is durable");

            orders.durable.advance(2);
            HttpResponse<String> done = answer.join();
            assertEquals(200, done.statusCode());
            assertEquals("{\"stream\":\"orders\",\"records\":2}\n", done.body());
            assertEquals(
                    "application/json",
                    done.headers().firstValue("content-type").orElse(""));
        }
    }

    @Test
    void a_defect_ends_its_request_only_and_keeps_no_memory() {
        try (Harness http = new Harness(4096, 3 * 4096, Duration.ofSeconds(20), Duration.ofSeconds(20))) {
            FakeSpool orders = http.spools.of("orders");
            for (int i = 0; i < 10; i++) {
                orders.throwOnce();
                HttpResponse<String> failed = http.send(http.post("orders", JSON, "{}"));
                assertEquals(500, failed.statusCode());
                assertTrue(failed.body().contains("the agent's log says why"), failed.body());
            }
            assertEquals(200, http.send(http.post("orders", JSON, "{}")).statusCode());
            assertEquals(10, http.refused("defect"));
        }
    }

    @Test
    void a_defect_of_one_that_waited_for_room_keeps_no_other_waiting() {
        try (Harness http = new Harness()) {
            FakeSpool orders = http.spools.of("orders");
            orders.refuse(Spool.FULL);
            List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
            for (int i = 1; i <= 6; i++) {
                waiting.add(http.sendAsync(http.post("orders", JSON, "{}")));
                int count = i;
                await().until(() -> http.heldBack() == count);
            }
            orders.throwOnce();
            orders.refuse(0);
            await().until(() -> orders.size() == 5);
            orders.force();
            assertEquals(
                    List.of(200, 200, 200, 200, 200, 500),
                    waiting.stream()
                            .map(answer -> answer.join().statusCode())
                            .sorted()
                            .toList());
        }
    }

    @Test
    void with_ack_delivered_a_200_waits_for_the_stream() {
        try (Harness http = new Harness(AckMode.DELIVERED)) {
            FakeSpool orders = http.spools.of("orders");
            CompletableFuture<HttpResponse<String>> answer = http.sendAsync(http.post("orders", JSON, "{}"));
            await().until(() -> orders.delivered.waiting() >= 1);
            orders.force();
            assertFalse(answer.isDone());
            orders.delivered.advance(1);
            assertEquals(200, answer.join().statusCode());
        }
    }

    @Test
    void with_ack_memory_a_200_waits_for_nothing() {
        try (Harness http = new Harness(AckMode.MEMORY)) {
            assertEquals(
                    200, http.sendAsync(http.post("orders", JSON, "{}")).join().statusCode());
            assertEquals(0, http.spools.of("orders").durable.end());
        }
    }

    @Test
    void json_objects_are_taken_byte_for_byte() {
        try (Harness http = new Harness()) {
            http.send(http.post("s", JSON, " {\"a\" : [1, {\"b\":\"]}\"}], \"ü\":1.50e+3 }\n"));
            http.send(http.post("s", "application/json; charset=utf-8", "[ {\"x\":1} ,\n{\"y\":\"\\u00fc\"}]"));
            assertEquals(
                    List.of("{\"a\" : [1, {\"b\":\"]}\"}], \"ü\":1.50e+3 }", "{\"x\":1}", "{\"y\":\"\\u00fc\"}"),
                    http.spools.of("s").data());
        }
    }

    @Test
    void an_empty_array_is_no_record_and_no_error() {
        try (Harness http = new Harness()) {
            HttpResponse<String> answer = http.send(http.post("s", JSON, "[]"));
            assertEquals("200 {\"stream\":\"s\",\"records\":0}\n", answer.statusCode() + " " + answer.body());
            assertEquals(0, http.spools.of("s").appends());
        }
    }

    @Test
    void each_line_of_ndjson_is_a_record_with_either_line_end_and_with_or_without_a_last_one() {
        try (Harness http = new Harness()) {
            HttpResponse<String> answer =
                    http.send(http.post("s", NDJSON, "{\"n\":1}\n {\"n\":2} \r\n\n  \n{\"n\":3}"));
            assertEquals("{\"stream\":\"s\",\"records\":3}\n", answer.body());
            assertEquals(
                    List.of("{\"n\":1}", "{\"n\":2}", "{\"n\":3}"),
                    http.spools.of("s").data());
            assertEquals(1, http.spools.of("s").appends(), "appended as a unit");
        }
    }

    @Test
    void octets_are_one_record_untouched() {
        try (Harness http = new Harness()) {
            byte[] bytes = new byte[70_000];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (i * 31);
            }
            assertEquals(
                    200,
                    http.send(http.post("s", "application/octet-stream", bytes)).statusCode());
            assertArrayEquals(bytes, http.spools.of("s").bytes(0));
        }
    }

    @Test
    void text_is_one_record_in_the_charset_that_it_declares() {
        try (Harness http = new Harness()) {
            http.send(http.post("s", "text/plain", "zwei\nZeilen"));
            http.send(http.post("s", "text/plain; charset=iso-8859-1", "grün".getBytes(StandardCharsets.ISO_8859_1)));
            http.send(
                    http.post("alias", "text/plain; charset=iso-8859-1", "grün".getBytes(StandardCharsets.ISO_8859_1)));
            assertEquals(
                    List.of("{\"message\":\"zwei\\nZeilen\"}", "{\"message\":\"grün\"}"),
                    http.spools.of("s").data());
            assertArrayEquals(
                    "grün".getBytes(StandardCharsets.ISO_8859_1),
                    http.spools.of("raw-stream").bytes(0));
        }
    }

    @Test
    void a_partition_key_comes_from_header_or_query() {
        try (Harness http = new Harness()) {
            http.send(http.to("/v1/streams/s/records?partition-key=a%20b")
                    .header("Content-Type", JSON)
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build());
            http.send(http.to("/v1/streams/s/records")
                    .header("Content-Type", JSON)
                    .header("partition-key", "k")
                    .POST(HttpRequest.BodyPublishers.ofString("[{},{}]"))
                    .build());
            http.send(http.post("s", JSON, "{}"));
            assertEquals(List.of("a b", "k", "k", "late"), http.spools.of("s").keys());
        }
    }

    @Test
    void a_route_gives_stream_key_and_format() {
        try (Harness http = new Harness()) {
            HttpResponse<String> answer =
                    http.send(http.post("keyed", NDJSON, "{\"device\":{\"id\":\"d1\"}}\n{\"device\":{\"id\":7}}\n{}"));
            assertEquals("{\"stream\":\"keyed\",\"records\":3}\n", answer.body());
            assertEquals(List.of("d1", "7", "late"), http.spools.of("keyed").keys());
            assertEquals(
                    1,
                    http.metrics
                            .get("penstock.source.keys.missing")
                            .tag("source", "http")
                            .functionCounter()
                            .count());
            answer = http.send(http.post("alias", JSON, "{\"a\":1}"));
            assertEquals("{\"stream\":\"raw-stream\",\"records\":1}\n", answer.body());
            assertEquals(List.of("{\"a\":1}"), http.spools.of("raw-stream").data());
        }
    }

    @Test
    void time_and_id_are_added_where_they_are_missing_and_a_given_id_is_kept() {
        try (Harness http = new Harness()) {
            http.send(http.to("/v1/streams/events/records?id=order-7")
                    .header("Content-Type", JSON)
                    .POST(HttpRequest.BodyPublishers.ofString("{\"a\":1}"))
                    .build());
            http.send(http.post("events", JSON, "{\"@id\":\"mine\",\"@timestamp\":\"then\"}"));
            http.send(http.post("events", "text/plain", "hello"));
            List<String> data = http.spools.of("events").data();
            assertEquals(
                    "{\"@timestamp\":\"2026-01-02T03:04:05.000000006Z\",\"@id\":\"order-7\",\"a\":1}", data.get(0));
            assertEquals("{\"@id\":\"mine\",\"@timestamp\":\"then\"}", data.get(1));
            assertTrue(
                    data.get(2).matches("\\{\"@timestamp\":\"[^\"]+\",\"@id\":\"[0-9A-Z]{26}\",\"message\":\"hello\"}"),
                    data.get(2));
        }
    }

    @Test
    void a_gzip_body_is_unpacked() throws IOException {
        try (Harness http = new Harness()) {
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < 100_000; i++) {
                lines.append("{\"n\":").append(i).append("}\n");
            }
            HttpResponse<String> answer = http.send(http.to("/v1/streams/s/records")
                    .header("Content-Type", NDJSON)
                    .header("Content-Encoding", "gzip")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(gzip(lines.toString())))
                    .build());
            assertEquals("{\"stream\":\"s\",\"records\":100000}\n", answer.body());
            assertEquals("{\"n\":99999}", http.spools.of("s").data().get(99_999));
        }
    }

    @Test
    void h2c_with_prior_knowledge_works_as_http_1_does() {
        try (Harness http = new Harness()) {
            WebClient h2c = WebClient.of("h2c://" + http.to("/").build().uri().getAuthority());
            List<CompletableFuture<AggregatedHttpResponse>> answers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                answers.add(h2c.prepare()
                        .post("/v1/streams/s/records")
                        .content(MediaType.parse(NDJSON), "{\"i\":" + i + "}\n{}")
                        .execute()
                        .aggregate());
            }
            await().until(() -> {
                http.spools.of("s").force();
                return answers.stream().allMatch(CompletableFuture::isDone);
            });
            for (CompletableFuture<AggregatedHttpResponse> answer : answers) {
                assertEquals(200, answer.join().status().code());
            }
            assertEquals(400, http.spools.of("s").size());
        }
    }

    @Test
    void an_offer_to_upgrade_to_h2c_is_passed_over_and_the_request_answered() {
        try (Harness http = new Harness()) {
            HttpClient offering =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                answers.add(offering.sendAsync(
                        http.post("s", NDJSON, "{\"i\":" + i + "}\n{}"), HttpResponse.BodyHandlers.ofString()));
            }
            await().until(() -> {
                http.spools.of("s").force();
                return answers.stream().allMatch(CompletableFuture::isDone);
            });
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                assertEquals(200, answer.join().statusCode());
                assertEquals(HttpClient.Version.HTTP_1_1, answer.join().version());
            }
            assertEquals(100, http.spools.of("s").size());
        }
    }

    @Test
    void many_requests_to_several_streams_are_each_answered_once_theirs_is_durable() {
        try (Harness http = new Harness()) {
            List<CompletableFuture<HttpResponse<String>>> slow = new ArrayList<>();
            List<CompletableFuture<HttpResponse<String>>> quick = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                slow.add(http.sendAsync(http.post("slow", JSON, "{\"i\":" + i + "}")));
                quick.add(http.sendAsync(http.post("quick", JSON, "{\"i\":" + i + "}")));
            }
            await().until(() -> http.spools.of("slow").size() == 40
                    && http.spools.of("quick").size() == 40);
            http.spools.of("quick").force();
            quick.forEach(answer -> assertEquals(200, answer.join().statusCode()));
            assertTrue(slow.stream().noneMatch(CompletableFuture::isDone), "a neighbour's watermark answered for it");
            http.spools.of("slow").durable.advance(39);
            await().until(() -> slow.stream().filter(CompletableFuture::isDone).count() == 39);
            http.spools.of("slow").force();
            slow.forEach(answer -> assertEquals(200, answer.join().statusCode()));
        }
    }

    @Test
    void what_was_taken_is_counted() {
        try (Harness http = new Harness()) {
            http.send(http.to("/v1/streams/s/records?partition-key=k")
                    .header("Content-Type", JSON)
                    .POST(HttpRequest.BodyPublishers.ofString("[{},{\"a\":1}]"))
                    .build());
            assertEquals(
                    2,
                    http.metrics
                            .get("penstock.source.events")
                            .tag("source", "http")
                            .counter()
                            .count());
            assertEquals(
                    11,
                    http.metrics
                            .get("penstock.source.bytes")
                            .tag("source", "http")
                            .counter()
                            .count());
            assertTrue(http.metrics.get("penstock.source.connections").gauge().value() >= 1);
            assertEquals(
                    0,
                    http.metrics.get("penstock.http.unfinished.bytes").gauge().value());
        }
    }

    static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
    }
}
