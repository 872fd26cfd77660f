package io.penstock.delivery.kinesis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A real HTTP server on its own port that answers as a test says. */
final class StubKinesis implements AutoCloseable {
    private static final ObjectMapper CBOR = new ObjectMapper(new CBORFactory());
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A received request. */
    record Received(Headers headers, JsonNode body) {
        String operation() {
            return headers.getFirst("X-Amz-Target").replaceAll(".*\\.", "");
        }
    }

    /**
     * The answer as JSON; it is sent in the request's format.
     *
     * @param raw bytes to send instead, as from a server that is not Kinesis
     */
    record Reply(int status, String json, String orderedPut, Optional<byte[]> raw) {
        Reply(int status, String json, String orderedPut) {
            this(status, json, orderedPut, Optional.empty());
        }

        /** The answer of a server between the client and the service. */
        static Reply foreign(int status, String body) {
            return raw(status, body.getBytes(StandardCharsets.UTF_8));
        }

        static Reply raw(int status, byte[] body) {
            return new Reply(status, "", "", Optional.of(body));
        }

        static Reply ok(String json) {
            return new Reply(200, json, "");
        }
    }

    final List<Received> received = new CopyOnWriteArrayList<>();
    volatile Function<Received, Reply> answer = request -> Reply.ok("{}");
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    StubKinesis() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        boolean cbor = exchange.getRequestHeaders().getFirst("Content-Type").contains("cbor");
        Received request = new Received(
                exchange.getRequestHeaders(),
                (cbor ? CBOR : JSON).readTree(exchange.getRequestBody().readAllBytes()));
        received.add(request);
        Reply reply = answer.apply(request);
        byte[] body = reply.raw.isPresent()
                ? reply.raw.get()
                : cbor ? CBOR.writeValueAsBytes(JSON.readTree(reply.json)) : reply.json.getBytes("UTF-8");
        if (!reply.orderedPut.isEmpty()) {
            exchange.getResponseHeaders().set("x-penstock-ordered-put", reply.orderedPut);
        }
        if (reply.raw.isPresent()) {
            exchange.getResponseHeaders().set("Server", "gateway/1.0");
            exchange.getResponseHeaders().set("Content-Type", "text/html");
        } else {
            exchange.getResponseHeaders()
                    .set("Content-Type", exchange.getRequestHeaders().getFirst("Content-Type"));
        }
        exchange.sendResponseHeaders(reply.status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
