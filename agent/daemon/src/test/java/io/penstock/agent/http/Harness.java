package io.penstock.agent.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.penstock.agent.fakes.FakeSpool;
import io.penstock.agent.fakes.FakeSpools;
import io.penstock.agent.http.body.HttpLimits;
import io.penstock.agent.ingest.AckMode;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.record.BinaryForm;
import io.penstock.agent.record.Compression;
import io.penstock.agent.record.ConstantFields;
import io.penstock.agent.record.FieldNames;
import io.penstock.agent.record.JsonConstant;
import io.penstock.agent.record.PayloadForm;
import io.penstock.agent.record.RecordFormat;
import io.penstock.agent.route.KeyTemplate;
import io.penstock.agent.route.Route;
import io.penstock.agent.route.RoutePattern;
import io.penstock.agent.route.Router;
import io.penstock.agent.route.Source;
import io.penstock.agent.route.Texts;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.base.net.ListenAddress;
import io.penstock.base.net.WebAccess;
import io.penstock.base.settings.Parsed;
import io.penstock.delivery.kinesis.settings.Priority;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** An HTTP source over fake spools, and clients for it. */
final class Harness implements AutoCloseable {
    static final String JSON = "application/json";
    static final String NDJSON = "application/x-ndjson";

    static final Instant NOW = Instant.parse("2026-01-02T03:04:05.000000006Z");

    /** Records posted to these streams stay as they came; others get their time and id. */
    private static final List<Route> ROUTES = List.of(
            plain("s", KeyTemplate.RANDOM),
            plain("keyed", template("{$.device.id}")),
            Texts.templated("http:made", "{user}"),
            Texts.templated("forward:made.**", "s-{tag(2)}"),
            adding("added", "site", "north"),
            textual("http:texts", "texts"),
            textual("forward:texts.**", "texts"),
            new Route(
                    pattern("forward:app.**"),
                    "app",
                    "default",
                    KeyTemplate.RANDOM,
                    RecordFormat.JSON,
                    new FieldNames(Optional.of("@timestamp"), Optional.empty(), Optional.of("@tag"))),
            new Route(
                    pattern("http:alias"),
                    "raw-stream",
                    "default",
                    KeyTemplate.RANDOM,
                    RecordFormat.RAW,
                    FieldNames.DEFAULT));

    final FakeSpools spools = new FakeSpools();
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final HttpSource source;
    final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Harness() {
        this(AckMode.DURABLE);
    }

    Harness(AckMode ack) {
        this(ack, HttpLimits.within(MemoryBudget.ofHeap(0.1).account(1.0)));
    }

    /** With limits fit for a test: small and quick. */
    Harness(int maxBody, long maxUnfinished, Duration body, Duration room) {
        this(
                AckMode.DURABLE,
                new HttpLimits(
                        maxBody,
                        MemoryBudget.of(maxUnfinished).account(1.0),
                        100,
                        body,
                        room,
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(20)));
    }

    Harness(AckMode ack, HttpLimits limits) {
        this(
                HttpSettings.open(
                        List.of(new ListenAddress("127.0.0.1", 0)),
                        ack,
                        new WebAccess(List.of("agent.example.com"), List.of("https://app.example.com"))),
                limits);
    }

    Harness(HttpSettings section) {
        this(section, HttpLimits.within(MemoryBudget.ofHeap(0.1).account(1.0)));
    }

    private Harness(HttpSettings section, HttpLimits limits) {
        try {
            source = HttpSource.start(
                    section,
                    limits,
                    ConnectionBudget.unlimited(),
                    new Intake(new Router(ROUTES), spools, () -> NOW),
                    metrics);
        } catch (IOException unfit) {
            throw new UncheckedIOException(unfit);
        }
    }

    private static Route plain(String stream, KeyTemplate key) {
        FieldNames none = new FieldNames(Optional.empty(), Optional.empty(), Optional.empty());
        return new Route(pattern("http:" + stream), stream, "default", key, RecordFormat.JSON, none);
    }

    /** Binary is written as text, and nothing is added. */
    private static Route textual(String match, String stream) {
        FieldNames text = new FieldNames(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(BinaryForm.TEXT),
                ConstantFields.NONE);
        return new Route(pattern(match), stream, "default", KeyTemplate.RANDOM, RecordFormat.JSON, text);
    }

    /** The object stays as it is, but for a constant field. */
    private static Route adding(String stream, String name, String value) {
        Route plain = plain(stream, KeyTemplate.RANDOM);
        Map<String, JsonConstant> added = Map.of(name, new JsonConstant(value, true));
        return new Route(
                plain.match(),
                plain.stream(),
                List.of(),
                plain.target(),
                plain.partitionKey(),
                plain.format(),
                plain.fields().adding(new ConstantFields(added)),
                added,
                PayloadForm.TEXT,
                false,
                Compression.NONE,
                Priority.NORMAL);
    }

    private static RoutePattern pattern(String text) {
        return ((Parsed.Right<RoutePattern>) RoutePattern.parse(text)).value();
    }

    private static KeyTemplate template(String text) {
        return ((Parsed.Right<KeyTemplate>) KeyTemplate.parse(text, Source.HTTP)).value();
    }

    int port() {
        return source.addresses().get(0).getPort();
    }

    HttpRequest.Builder to(String pathAndQuery) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + pathAndQuery));
    }

    HttpRequest post(String stream, String type, byte[] body) {
        return to("/v1/streams/" + stream + "/records")
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }

    HttpRequest post(String stream, String type, String body) {
        return post(stream, type, body.getBytes(StandardCharsets.UTF_8));
    }

    HttpRequest postTo(String pathAndQuery, String type, byte[] body) {
        return to(pathAndQuery)
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }

    HttpRequest postTo(String pathAndQuery, String type, String body) {
        return postTo(pathAndQuery, type, body.getBytes(StandardCharsets.UTF_8));
    }

    HttpRequest packed(String encoding, byte[] body) {
        return to("/v1/streams/s/records")
                .header("Content-Type", NDJSON)
                .header("Content-Encoding", encoding)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }

    CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest request) {
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    /** Sends, and makes everything durable until the answer is there. */
    HttpResponse<String> send(HttpRequest request) {
        return durable(sendAsync(request));
    }

    /** Makes everything durable until the answer is there. */
    HttpResponse<String> durable(CompletableFuture<HttpResponse<String>> answer) {
        org.awaitility.Awaitility.await().pollInterval(Duration.ofMillis(2)).until(() -> {
            spools.all().forEach(FakeSpool::force);
            return answer.isDone();
        });
        return answer.join();
    }

    double refused(String reason) {
        Counter counter = metrics.find("penstock.source.refused")
                .tags("source", "http", "reason", reason)
                .counter();
        return counter == null ? -1 : counter.count();
    }

    double heldBack() {
        return metrics.get("penstock.source.held.back")
                .tag("source", "http")
                .counter()
                .count();
    }

    /** Sends bytes over a connection of its own and reads until the server closes it, or {@code enough} is there. */
    String raw(String request, String enough) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return read(socket.getInputStream(), enough);
        }
    }

    static String read(InputStream in, String enough) throws IOException {
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            got.write(b);
            if (!enough.isEmpty() && got.toString(StandardCharsets.UTF_8).contains(enough)) {
                break;
            }
        }
        return got.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        // Not waited for: a server lets a connection that is open linger for a second.
        source.stop();
    }
}
