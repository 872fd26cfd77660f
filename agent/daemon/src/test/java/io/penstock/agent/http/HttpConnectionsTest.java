package io.penstock.agent.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.linecorp.armeria.client.WebClient;
import io.penstock.agent.http.body.HttpLimits;
import io.penstock.agent.ingest.AckMode;
import io.penstock.base.memory.MemoryBudget;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** At the limit of its connections the listener keeps those that work, and refuses in HTTP's words. */
class HttpConnectionsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final Harness http = new Harness(
            AckMode.DURABLE,
            new HttpLimits(1_000, MemoryBudget.of(100_000).account(1.0), 2, TIMEOUT, TIMEOUT, TIMEOUT, TIMEOUT));
    private final List<Socket> open = new ArrayList<>();

    @AfterEach
    void stop() throws IOException {
        for (Socket each : open) {
            each.close();
        }
        http.close();
    }

    @Test
    void theOldestConnectionWithoutARequestMakesRoomForANewOne() throws IOException {
        Socket half = connection();
        half.getOutputStream().write("POST / HT".getBytes(StandardCharsets.US_ASCII));
        accepted(1);
        Socket silent = connection();
        accepted(2);
        Socket talking = talking();
        assertEquals(-1, half.getInputStream().read());
        assertEquals(1, http.refused("overloaded"));
        Socket further = talking();
        assertEquals(-1, silent.getInputStream().read());
        assertEquals(2, http.refused("overloaded"));
        ask(talking);
        ask(further);
    }

    @Test
    void whereAllWorkANewOneIsToldToComeAgain() throws IOException {
        Socket first = talking();
        talking();
        Socket refused = connection();
        refused.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
        String answer = Harness.read(refused.getInputStream(), "");
        assertTrue(answer.startsWith("HTTP/1.1 503 "), answer);
        assertTrue(answer.contains("retry-after: 5\r\n"), answer);
        assertTrue(answer.contains("{\"error\":\"there are 2 connections already\",\"remedy\":"), answer);
        assertEquals(1, http.refused("overloaded"));
        first.close();
        await().ignoreExceptions().until(() -> ask(connection()).startsWith("HTTP/1.1 405"));
    }

    @Test
    void whatSpeaksHttp2IsClosedWithoutAnAnswerOfHttp1() throws IOException {
        talking();
        talking();
        Socket refused = connection();
        refused.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertEquals("", Harness.read(refused.getInputStream(), ""));
        assertEquals(1, http.refused("overloaded"));
    }

    @Test
    void aConnectionOfHttp2WithARequestIsNotSilent() throws IOException {
        WebClient client = WebClient.of("h2c://127.0.0.1:" + http.port());
        assertEquals(405, client.get("/").aggregate().join().status().code());
        Socket silent = connection();
        accepted(2);
        talking();
        assertEquals(-1, silent.getInputStream().read());
        assertEquals(405, client.get("/").aggregate().join().status().code());
        assertEquals(1, http.refused("overloaded"));
    }

    @Test
    void aClientThatAskedForTheEndOfTheConnectionHasItWithTheAnswerWhileItStillReads() throws IOException {
        Socket socket = connection();
        socket.getOutputStream()
                .write(("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        String answer = Harness.read(socket.getInputStream(), "");
        assertTrue(answer.startsWith("HTTP/1.1 405"), answer);
        assertTrue(answer.endsWith("}\n"), answer);
        // The server did not wait for this side to close: its own is open for a while.
        socket.getOutputStream().write('x');
    }

    private Socket talking() throws IOException {
        Socket socket = connection();
        ask(socket);
        return socket;
    }

    private Socket connection() throws IOException {
        Socket socket = new Socket("127.0.0.1", http.port());
        socket.setSoTimeout((int) TIMEOUT.toMillis());
        open.add(socket);
        return socket;
    }

    private void accepted(int count) {
        await().until(() ->
                http.metrics.get("penstock.source.connections").gauge().value() == count);
    }

    private static String ask(Socket socket) throws IOException {
        socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
        String answer = Harness.read(socket.getInputStream(), "}\n");
        assertTrue(answer.startsWith("HTTP/1.1 405"), answer);
        return answer;
    }
}
