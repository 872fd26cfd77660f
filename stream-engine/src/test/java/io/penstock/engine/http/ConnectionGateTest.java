package io.penstock.engine.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.Server;
import io.penstock.base.net.ConnectionBudget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionGateTest {
    /** Preface, and SETTINGS with a window of 0: no byte of an answer's body may be sent. */
    private static final String NO_WINDOW =
            "505249202a20485454502f322e300d0a0d0a534d0d0a0d0a" + "000006040000000000" + "000400000000";

    private final List<String> refused = new CopyOnWriteArrayList<>();
    private final CompletableFuture<HttpResponse> slow = new CompletableFuture<>();
    private Server server;

    @BeforeEach
    void start() {
        ConnectionGate gate = new ConnectionGate(
                100, ConnectionBudget.unlimited(), 1024, new OpenRequests(16), (channel, why) -> refused.add(why));
        server = Server.builder()
                .http(0)
                .childChannelPipelineCustomizer(gate::guard)
                .service("/", (context, request) -> gate.serve((ctx, req) -> HttpResponse.of("yes"), context, request))
                .service(
                        "/slow",
                        (context, request) -> gate.serve((ctx, req) -> HttpResponse.of(slow), context, request))
                .build();
        server.start().join();
    }

    @AfterEach
    void stop() {
        slow.complete(HttpResponse.of("at last"));
        server.stop().join();
    }

    private AggregatedHttpResponse get(String path) {
        return WebClient.of("http://127.0.0.1:" + server.activeLocalPort())
                .get(path)
                .aggregate()
                .join();
    }

    /** HEADERS of GET / at localhost, on a stream. */
    private static String request(int stream) {
        return "00000e0105" + HexFormat.of().toHexDigits(stream) + "82868401" + "09" + "6c6f63616c686f7374";
    }

    @Test
    void aConnectionOfHttp2ThatReadsNoAnswersIsClosedBeforeItTakesTheMemory() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(HexFormat.of().parseHex(NO_WINDOW));
        for (int i = 0; i < 100; i++) {
            bytes.write(HexFormat.of().parseHex(request(2 * i + 1)));
        }
        try (Socket socket = new Socket("127.0.0.1", server.activeLocalPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(bytes.toByteArray());
            untilTheEnd(socket);
        }
        assertEquals(1, refused.size());
        assertTrue(refused.get(0).endsWith("and this connection has many of them"), refused.get(0));
        // What it held is free again.
        Awaitility.await().until(() -> get("/").status().code() == 200);
        assertEquals(1, refused.size());
    }

    private static void untilTheEnd(Socket socket) throws IOException {
        InputStream answers = socket.getInputStream();
        try {
            while (answers.read() >= 0) {
                // Skips the frames before the end.
            }
        } catch (java.net.SocketException reset) {
            // Its further requests were not read.
        }
    }

    @Test
    void beyondTheBoundARequestIsToldToComeAgain() {
        List<CompletableFuture<AggregatedHttpResponse>> waiting = IntStream.range(0, 16)
                .mapToObj(each -> WebClient.of("h1c://127.0.0.1:" + server.activeLocalPort())
                        .get("/slow")
                        .aggregate())
                .toList();
        Awaitility.await().until(() -> get("/").status().code() == 503);
        AggregatedHttpResponse told = get("/");
        assertEquals(503, told.status().code());
        assertEquals("5", told.headers().get("retry-after"));
        assertTrue(told.contentUtf8().contains("there are 16 requests already"), told.contentUtf8());
        slow.complete(HttpResponse.of("at last"));
        Awaitility.await().until(() -> get("/").status().code() == 200);
        assertTrue(waiting.stream().anyMatch(each -> each.join().status().code() == 200));
    }
}
