package io.penstock.agent.kinesis;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/**
 * STS, at {@code /container} the endpoint of a container, and at {@code /latest} the metadata service of an instance:
 * each answer hands out another session, KEY1, KEY2 and so on, that lasts as long as the test says.
 */
public final class FakeSts implements AutoCloseable {
    /** What was asked, with the caller's {@code Authorization}. */
    record Asked(Map<String, String> parameters, String authorization) {
        String of(String name) {
            return parameters.getOrDefault(name, "");
        }
    }

    private static final String ROLES = "/latest/meta-data/iam/security-credentials/";

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    /** What the metadata service was asked, in words. */
    final List<String> metadata = new CopyOnWriteArrayList<>();

    volatile Duration lifetime = Duration.ofHours(1);
    /** Instead of a session: an error code of STS, with status 403 or, for InternalFailure, 500. */
    public volatile String error = "";
    /** What happens once a request for a session is here, before its answer. */
    volatile Runnable before = () -> {};

    private final AtomicInteger sessions = new AtomicInteger();
    private final HttpServer server;
    private final String scheme;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    public FakeSts() throws IOException {
        this(HttpServer.create(anyPort(), 0), "http");
    }

    private FakeSts(HttpServer server, String scheme) {
        this.server = server;
        this.scheme = scheme;
        server.createContext("/", this::assume);
        server.createContext("/container", this::container);
        server.createContext("/latest", this::metadata);
        server.setExecutor(threads);
        server.start();
    }

    /** Over TLS, with the certificate of {@code context}. */
    static FakeSts encrypted(SSLContext context) throws IOException {
        HttpsServer server = HttpsServer.create(anyPort(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return new FakeSts(server, "https");
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    public URI uri() {
        return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort());
    }

    private void assume(HttpExchange exchange) throws IOException {
        Map<String, String> parameters = new TreeMap<>();
        String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        for (String pair : form.split("&")) {
            String[] parts = pair.split("=", 2);
            parameters.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        note(exchange, parameters);
        before.run();
        if (!error.isEmpty()) {
            answer(exchange, error.equals("InternalFailure") ? 500 : 403, "text/xml", """
                    <ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>not now</Message></Error>
                    </ErrorResponse>""".formatted(error));
            return;
        }
        int number = sessions.incrementAndGet();
        String action = parameters.get("Action");
        answer(exchange, 200, "text/xml", """
                <%1$sResponse><%1$sResult><Credentials><AccessKeyId>KEY%2$d</AccessKeyId>
                <SecretAccessKey>hush</SecretAccessKey><SessionToken>token-%2$d</SessionToken>
                <Expiration>%3$s</Expiration></Credentials></%1$sResult></%1$sResponse>
                """.formatted(
                        action, number, Instant.now().plus(lifetime)));
    }

    private void container(HttpExchange exchange) throws IOException {
        note(exchange, Map.of());
        int number = sessions.incrementAndGet();
        answer(exchange, 200, "application/json", """
                {"AccessKeyId": "KEY%1$d", "SecretAccessKey": "hush", "Token": "token-%1$d", "Expiration": "%2$s"}
                """.formatted(
                        number, Instant.now().plus(lifetime)));
    }

    /** The metadata service of an instance, version 2: a token, the role's name, and its session. */
    private void metadata(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (!error.isEmpty()) {
            answer(exchange, 500, "text/plain", error);
        } else if (path.equals("/latest/api/token")) {
            metadata.add(exchange.getRequestMethod() + " " + path);
            exchange.getResponseHeaders().set("x-aws-ec2-metadata-token-ttl-seconds", "600");
            answer(exchange, 200, "text/plain", "of-the-instance");
        } else if (path.equals(ROLES)) {
            metadata.add("role");
            answer(exchange, 200, "text/plain", "the-role");
        } else if (path.equals(ROLES + "the-role")) {
            metadata.add("session with " + exchange.getRequestHeaders().getFirst("x-aws-ec2-metadata-token"));
            int number = sessions.incrementAndGet();
            answer(exchange, 200, "application/json", """
                    {"Code": "Success", "Type": "AWS-HMAC", "LastUpdated": "%3$s", "AccessKeyId": "KEY%1$d",
                     "SecretAccessKey": "hush", "Token": "token-%1$d", "Expiration": "%2$s"}
                    """.formatted(
                            number, Instant.now().plus(lifetime), Instant.now()));
        } else {
            answer(exchange, 404, "text/plain", "");
        }
    }

    private void note(HttpExchange exchange, Map<String, String> parameters) {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        asked.add(new Asked(parameters, authorization == null ? "" : authorization));
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
