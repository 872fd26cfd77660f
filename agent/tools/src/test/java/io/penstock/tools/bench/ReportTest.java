package io.penstock.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.tools.bench.wire.MqttLoad;
import java.time.Duration;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The report says what a run came to")
class ReportTest {
    private static final Verification WELL = new Verification(
            "mqtt", new Verification.Counts(2_000, 0, 0, 0, 0), new Verification.Order(0, 2_000), "", "", "");
    private static final Verification LOSS = new Verification(
            "mqtt",
            new Verification.Counts(1_999, 1, 0, 3, 0),
            new Verification.Order(0, 0),
            "run 00c0ffee, connection 1, event 7",
            "",
            "");

    @Test
    void asLinesForPeople() {
        assertEquals("""
                mqtt to 127.0.0.1:1883, run 00c0ffee: 2 connections, events of 500 bytes
                  sent          2,000 events
                  acknowledged  2,000 events
                  throughput    4,000 events/s, 2.0 MB/s, in 0.50 s
                  latency       p50 5.00 ms, p90 9.00 ms, p99 9.90 ms, p99.9 9.99 ms, max 10 ms
                  errors        none
                  stream        mqtt: 2,000 events found
                  account       0 lost, 0 duplicated, 0 of 2,000 out of order
                """, Report.of(outcome(Map.of()), WELL).text());
    }

    @Test
    void asOneJsonObjectForPrograms() throws Exception {
        String json = Report.of(outcome(Map.of()), LOSS).json();
        assertFalse(json.contains("\n"));
        JsonNode node = new ObjectMapper().readTree(json);
        assertEquals("mqtt", node.get("protocol").asText());
        assertEquals(1, node.get("settings").get("qos").asInt());
        assertEquals(2_000, node.get("acknowledged").asLong());
        assertEquals(1_000_000, node.get("bytes").asLong());
        assertEquals(4_000, node.get("events_per_second").asDouble());
        assertEquals(2.0, node.get("megabytes_per_second").asDouble());
        assertEquals(1_000, node.get("latency_ms").get("count").asLong());
        assertEquals(9.9, node.get("latency_ms").get("p99").asDouble(), 0.01);
        assertEquals(10, node.get("latency_ms").get("max").asDouble(), 0.01);
        assertEquals(1, node.get("verification").get("lost").asLong());
        assertEquals(3, node.get("verification").get("duplicated").asLong());
        assertFalse(node.get("good").asBoolean());
    }

    @Test
    void goodIsARunWithoutErrorAndWithoutLoss() {
        assertTrue(Report.of(outcome(Map.of())).good());
        assertTrue(Report.of(outcome(Map.of()), WELL).good());
        assertFalse(Report.of(outcome(Map.of("closed", 1L))).good());
        assertFalse(Report.of(outcome(Map.of()), LOSS).good());
        assertFalse(Report.of(
                        outcome(Map.of()),
                        new Verification(
                                "mqtt",
                                new Verification.Counts(0, 0, 0, 0, 0),
                                new Verification.Order(0, 0),
                                "",
                                "",
                                "cannot follow stream"))
                .good());
    }

    @Test
    void whatWentWrongIsSaidWithItsNumber() {
        String text =
                Report.of(outcome(Map.of("HTTP 503: spool full", 1_200L)), LOSS).text();
        assertTrue(text.contains("error         1,200 times: HTTP 503: spool full\n"), text);
        assertTrue(text.contains("1 lost, 3 duplicated, order not checked"), text);
        assertTrue(text.contains("for example run 00c0ffee, connection 1, event 7\n"), text);
    }

    @Test
    void errorsBeyondTheBoundAreCountedTogether() {
        Errors errors = new Errors();
        for (int i = 0; i < Errors.KINDS + 5; i++) {
            errors.add("kind " + i, 2);
        }
        errors.add("kind 0", 1);
        assertEquals(Errors.KINDS + 1, errors.counts().size());
        assertEquals(3, errors.counts().get("kind 0"));
        assertEquals(10, errors.counts().get(Errors.OTHERS));
    }

    private static Outcome outcome(Map<String, Long> errors) {
        Plan plan = new Plan(
                new Plan.Receiver("127.0.0.1", 1883),
                2,
                new Plan.Events(2_000, 500, 0),
                Plan.ANY_TIME,
                Duration.ofSeconds(30),
                true);
        Tally tally = new Tally();
        for (int i = 1; i <= 1_000; i++) {
            tally.answered(0, i * 10_000L);
        }
        Histogram sum = Tally.empty();
        tally.addTo(sum);
        return new Outcome(
                "00c0ffee",
                new MqttLoad(4, 1, 10, "bench/{connection}", false),
                plan,
                new Outcome.Counts(2_000, 2_000, 0),
                500_000_000,
                Outcome.Latency.of(sum),
                errors);
    }
}
