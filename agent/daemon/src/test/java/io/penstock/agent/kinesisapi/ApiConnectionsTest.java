package io.penstock.agent.kinesisapi;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.ingest.AckMode;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.base.net.ListenAddress;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client does wrong below the API: heads, half bodies, too many connections. */
class ApiConnectionsTest {
    private static final String BODY = "{\"StreamName\":\"s\",\"Data\":\"aGVsbG8=\",\"PartitionKey\":\"a\"}";

    private static Socket connect(Harness api) throws IOException {
        Socket socket = new Socket("127.0.0.1", api.source.addresses().get(0).getPort());
        socket.setSoTimeout(60_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String head(String method, String host, int length) {
        return method + " / HTTP/1.1\r\nhost: " + host + "\r\ncontent-type: application/x-amz-json-1.1\r\n"
                + "x-amz-target: Kinesis_20131202.PutRecord\r\ncontent-length: " + length + "\r\n\r\n";
    }

    /** The head of an answer, and the first of its body. */
    private static String answer(Socket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] part = new byte[8192];
        while (text.indexOf("}") < 0) {
            int count = socket.getInputStream().read(part);
            if (count < 0) {
                return text.toString();
            }
            text.append(new String(part, 0, count, StandardCharsets.UTF_8));
        }
        return text.toString();
    }

    @Test
    void aForeignHostIsRefused() throws IOException {
        try (Harness api = new Harness(AckMode.MEMORY, List.of());
                Socket socket = connect(api)) {
            send(socket, head("POST", "evil.example.com", BODY.length()) + BODY);
            String answer = answer(socket);
            assertTrue(answer.startsWith("HTTP/1.1 403"), answer);
            assertTrue(answer.contains("AccessDeniedException"), answer);
            assertEquals(1, api.refused("forbidden"));
        }
    }

    @Test
    void aMethodOtherThanPostIsRefused() throws IOException {
        try (Harness api = new Harness(AckMode.MEMORY, List.of());
                Socket socket = connect(api)) {
            send(socket, head("PUT", "127.0.0.1", BODY.length()) + BODY);
            String answer = answer(socket);
            assertTrue(answer.startsWith("HTTP/1.1 405"), answer);
            assertTrue(answer.contains("UnknownOperationException"), answer);
            assertEquals(1, api.refused("unsupported"));
        }
    }

    @Test
    void nothingOfAHalfBodyIsStored() throws IOException {
        try (Harness api = new Harness(AckMode.MEMORY, List.of())) {
            try (Socket socket = connect(api)) {
                send(socket, head("POST", "127.0.0.1", BODY.length() + 1) + BODY);
            }
            await().until(() -> api.refused("timeout") == 1);
            assertEquals(0, api.spool("s").size());
        }
    }

    @Test
    void aConnectionTooManyIsToldAndClosed() throws IOException {
        try (Harness api = new Harness(
                        KinesisApiSettings.open(List.of(new ListenAddress("127.0.0.1", 0)), AckMode.MEMORY),
                        List.of(),
                        Harness.limits(10),
                        ConnectionBudget.of(1, "raise it"));
                Socket first = connect(api)) {
            send(first, head("POST", "127.0.0.1", BODY.length()) + BODY);
            assertTrue(answer(first).startsWith("HTTP/1.1 200"));
            try (Socket second = connect(api)) {
                send(second, head("POST", "127.0.0.1", BODY.length()) + BODY);
                String answer = answer(second);
                assertTrue(answer.startsWith("HTTP/1.1 503"), answer);
            }
            await().until(() -> api.refused("overloaded") == 1);
            send(first, head("POST", "127.0.0.1", BODY.length()) + BODY);
            assertTrue(answer(first).startsWith("HTTP/1.1 200"));
            assertEquals(2, api.spool("s").size());
        }
    }
}
