package io.penstock.agent.kinesisapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.penstock.agent.fakes.FakeSpool;
import io.penstock.agent.fakes.FakeSpools;
import io.penstock.agent.ingest.AckMode;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.route.Route;
import io.penstock.agent.route.Router;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.base.net.ListenAddress;
import io.penstock.delivery.kinesis.fault.Fault;
import io.penstock.delivery.kinesis.fault.FaultException;
import io.penstock.delivery.kinesis.pass.PassedAnswer;
import io.penstock.delivery.kinesis.pass.PassedCall;
import io.penstock.delivery.kinesis.shards.Hash128;
import io.penstock.delivery.kinesis.shards.Shard;
import io.penstock.delivery.kinesis.shards.ShardMap;
import io.penstock.delivery.spool.StreamId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** The Kinesis API over fake spools and targets, and a client for it. */
final class Harness implements AutoCloseable, Targets {
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05.000000006Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    final FakeSpools spools = new FakeSpools();
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final List<String> passed = new CopyOnWriteArrayList<>();
    final KinesisApiSource source;
    final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    volatile ShardMap shards = ShardMap.of(List.of(
            new Shard("shardId-000000000004", Hash128.MIN, new Hash128(Long.MAX_VALUE, -1)),
            new Shard("shardId-000000000005", new Hash128(Long.MIN_VALUE, 0), Hash128.MAX)));
    volatile boolean absent;
    /** What the target does with a call that is passed on. */
    volatile Function<PassedCall, CompletableFuture<PassedAnswer>> target = call ->
            CompletableFuture.failedFuture(new FaultException(new Fault.Unavailable("connection refused", false)));

    Harness() throws IOException {
        this(AckMode.DURABLE, List.of());
    }

    Harness(AckMode ack, List<Route> routes) throws IOException {
        this(KinesisApiSettings.open(List.of(new ListenAddress("127.0.0.1", 0)), ack), routes, limits(1000));
    }

    Harness(KinesisApiSettings settings, List<Route> routes, ApiLimits limits) throws IOException {
        this(settings, routes, limits, ConnectionBudget.unlimited());
    }

    Harness(KinesisApiSettings settings, List<Route> routes, ApiLimits limits, ConnectionBudget connections)
            throws IOException {
        source = KinesisApiSource.start(
                settings, limits, connections, new Intake(new Router(routes), spools, () -> NOW), this, metrics);
    }

    static ApiLimits limits(int mostOwed) {
        return new ApiLimits(
                MemoryBudget.ofHeap(0.1).account(1.0),
                mostOwed,
                Duration.ofMillis(100),
                Duration.ofMinutes(1),
                Duration.ZERO);
    }

    /** Gives up waiting for acknowledgements quickly. */
    static ApiLimits impatient() {
        ApiLimits usual = limits(1000);
        return new ApiLimits(
                usual.memory(), usual.mostOwed(), usual.roomWait(), Duration.ofMillis(100), usual.shardsWait());
    }

    FakeSpool spool(String stream) {
        return spools.of(stream);
    }

    CompletableFuture<HttpResponse<String>> later(String operation, String body, String... headers) {
        return send(operation, HttpRequest.BodyPublishers.ofString(body), headers);
    }

    /** Without a length in the head. */
    CompletableFuture<HttpResponse<String>> chunked(String operation, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return send(operation, HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)));
    }

    private CompletableFuture<HttpResponse<String>> send(
            String operation, HttpRequest.BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + source.addresses().get(0).getPort() + "/"))
                .header("content-type", "application/x-amz-json-1.1")
                .header("x-amz-target", "Kinesis_20131202." + operation)
                .POST(body);
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> call(String operation, String body, String... headers) {
        return later(operation, body, headers).join();
    }

    static JsonNode json(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    double refused(String reason) {
        Counter counter = metrics.find("penstock.source.refused")
                .tags("source", "kinesis", "reason", reason)
                .counter();
        return counter == null ? 0 : counter.count();
    }

    @Override
    public ShardMap shards(StreamId stream) {
        return shards;
    }

    @Override
    public boolean absent(StreamId stream) {
        return absent;
    }

    @Override
    public CompletableFuture<PassedAnswer> pass(String name, PassedCall call) {
        passed.add(name + " " + call.operation() + " " + new String(call.body(), StandardCharsets.UTF_8));
        return target.apply(call);
    }

    @Override
    public void close() {
        source.close();
    }
}
