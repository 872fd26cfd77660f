package io.penstock.agent.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.ingest.AckMode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A head that HTTP allows and few clients send")
class OddHeadsTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String POST =
            "POST /v1/streams/s/records HTTP/1.1\r\nHost: localhost\r\n" + "Content-Type: application/json\r\n";

    private static final String PREFLIGHT = "Origin: http://127.0.0.1:1\r\nAccess-Control-Request-Method: POST\r\n";

    @Test
    void withATransferCodingOtherThanChunkedGets501AndStoresNothing() throws IOException {
        try (Harness http = new Harness()) {
            for (String codings : List.of("gzip, chunked", "deflate,chunked", "gzip\r\nTransfer-Encoding: chunked")) {
                String answer =
                        http.raw(POST + "Transfer-Encoding: " + codings + "\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "}\n");
                assertTrue(answer.startsWith("HTTP/1.1 501 "), answer);
                assertTrue(answer.contains("Content-Encoding"), answer);
            }
            assertEquals(3, http.refused("unsupported"));
            assertEquals(0, http.spools.of("s").appends());
        }
        try (Harness http = new Harness(AckMode.MEMORY)) {
            String chunked = http.raw(POST + "Transfer-Encoding: Chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "}\n");
            assertTrue(chunked.startsWith("HTTP/1.1 200 "), chunked);
        }
    }

    @Test
    void withAnAsteriskForItsTargetIsAnsweredLikeAnyOtherMethodThatThereIsNot() throws IOException {
        try (Harness http = new Harness()) {
            for (String target : List.of("*", "/v1/streams/s/records")) {
                String options = "OPTIONS " + target + " HTTP/1.1\r\nHost: ";
                // The second time after a preflight, from which the HTTP library did not tell it.
                for (int time = 0; time < 2; time++) {
                    String answer = http.raw(options + "localhost\r\n\r\n", "}\n");
                    assertTrue(answer.startsWith("HTTP/1.1 405 "), answer);
                    assertTrue(answer.contains("allow: POST\r\n"), answer);
                    answer = http.raw(options + "evil.example\r\n\r\n", "}\n");
                    assertFalse(answer.contains(" 200 "), answer);
                    answer = http.raw(options + "localhost\r\n" + PREFLIGHT + "\r\n", "}\n");
                    assertTrue(answer.startsWith("HTTP/1.1 403 "), answer);
                }
            }
        }
    }

    @Test
    void withAnAsteriskForItsTargetOverHttp2PassesTheSameChecks() throws IOException {
        try (Harness http = new Harness()) {
            for (String target : List.of("*", "/v1/streams/s/records")) {
                String answer = http.raw(http2("localhost", target), "}\n");
                assertTrue(answer.contains("no such method here"), answer);
                answer = http.raw(http2("evil.example", target), "}\n");
                assertTrue(answer.contains("Host 'evil.example' is not allowed"), answer);
                answer = http.raw(
                        http2(
                                "localhost",
                                target,
                                "origin",
                                "http://127.0.0.1:1",
                                "access-control-request-method",
                                "POST"),
                        "}\n");
                assertTrue(answer.contains("Origin 'http://127.0.0.1:1' is not allowed"), answer);
            }
        }
    }

    /** The beginning of a connection, and a request with the method OPTIONS and no body; a character is a byte. */
    private static String http2(String authority, String target, String... more) {
        StringBuilder fields = new StringBuilder(field(":method", "OPTIONS")
                + field(":scheme", "http")
                + field(":authority", authority)
                + field(":path", target));
        for (int i = 0; i < more.length; i += 2) {
            fields.append(field(more[i], more[i + 1]));
        }
        String settings = "\0\0\0\4\0\0\0\0\0";
        String head = "\0\0" + (char) fields.length() + "\1\5\0\0\0\1"; // ends its head and its stream
        return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + settings + head + fields;
    }

    /** A literal field that enters no table, not Huffman-coded. */
    private static String field(String name, String value) {
        return "\0" + (char) name.length() + name + (char) value.length() + value;
    }

    @Test
    void thatAsksWhetherToSendABodyThatIsTooLargeIsToldNotTo() throws IOException {
        try (Harness http = new Harness(1_000, 1_000_000, LONG, LONG)) {
            for (String length : List.of("2001", "99999999999")) {
                String answer =
                        http.raw(POST + "Expect: 100-continue\r\nContent-Length: " + length + "\r\n\r\n", "}\n");
                assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
            }
        }
        try (Harness http = new Harness(AckMode.MEMORY)) {
            String answer = http.raw(POST + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}", "}\n");
            assertTrue(answer.startsWith("HTTP/1.1 100 "), answer);
            assertTrue(answer.contains("HTTP/1.1 200 "), answer);
            assertFalse(answer.contains("error"), answer);
        }
    }
}
