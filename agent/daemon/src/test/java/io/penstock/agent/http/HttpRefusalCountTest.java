package io.penstock.agent.http;

import static io.penstock.agent.http.Harness.JSON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Counter;
import io.penstock.delivery.spool.Spool;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each refusal of the HTTP source counts once under {@code penstock_source_refused_total}, with its reason. */
class HttpRefusalCountTest {
    private static final String PATH = "/v1/streams/s/records";

    private final Harness http = new Harness();

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void eachRefusalCountsOnceUnderItsReason() throws IOException {
        refuses("malformed", post(PATH, JSON, "{\"a\":"));
        refuses("malformed", post(PATH, JSON, ""));
        refuses("malformed", "NO HTTP\r\n\r\n");
        refuses("invalid_stream", post("/v1/streams/a%20b/records", JSON, "{}"));
        refuses("unsupported", post(PATH, "image/png", "x"));
        refuses("unsupported", post("/v1/nowhere", JSON, "{}"));
        refuses("unsupported", "GET " + PATH + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        refuses("forbidden", post(PATH, JSON, "{}").replace("Host: localhost", "Host: evil.example.com"));
        refuses("forbidden", post(PATH, JSON, "{}\r\nx").replace("Host: ", "Origin: https://evil.example\r\nHost: "));
        refuses(
                "too_large",
                "POST " + PATH + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + JSON
                        + "\r\nContent-Length: 999999999\r\nConnection: close\r\n\r\n");
        refuses("too_large", "GET " + PATH + "?" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        http.spools.of("s").refuse(Spool.FAILED);
        refuses("spool_failed", post(PATH, JSON, "{}"));
    }

    private static String post(String path, String type, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type + "\r\nContent-Length: "
                + body.length() + "\r\nConnection: close\r\n\r\n" + body;
    }

    private void refuses(String reason, String request) throws IOException {
        Map<String, Integer> expected = counts();
        expected.merge(reason, 1, Integer::sum);
        String answer = http.raw(request, "}");
        assertTrue(answer.startsWith("HTTP/1.1 4") || answer.startsWith("HTTP/1.1 5"), answer);
        String begin = request.substring(0, Math.min(100, request.length()));
        assertEquals(expected, counts(), begin + " -> " + answer);
    }

    private Map<String, Integer> counts() {
        Map<String, Integer> counts = new TreeMap<>();
        for (Counter counter : http.metrics
                .get("penstock.source.refused")
                .tag("source", "http")
                .counters()) {
            if (counter.count() > 0) {
                counts.put(counter.getId().getTag("reason"), (int) counter.count());
            }
        }
        return counts;
    }
}
