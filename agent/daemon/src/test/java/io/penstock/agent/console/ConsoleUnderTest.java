package io.penstock.agent.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServerBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.penstock.agent.admin.AdminChanges;
import io.penstock.agent.admin.AdminPages;
import io.penstock.agent.admin.AdminServer;
import io.penstock.agent.admin.AdminSettings;
import io.penstock.agent.http.answer.Problem;
import io.penstock.agent.live.PageFiles;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ListenAddress;
import io.penstock.base.time.TimeSource;
import io.penstock.engine.EngineSettings;
import io.penstock.engine.StreamEngine;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** An engine and the admin listener with its console; the test says when time goes on. For one thread. */
final class ConsoleUnderTest implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    final StreamEngine engine;
    final Console console;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    volatile boolean mayChange = true;
    final List<String> told = new CopyOnWriteArrayList<>();
    private final AtomicLong elapsed = new AtomicLong();
    private final Instant begin;
    private final AdminServer server;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** @param past how long ago the test's time begins */
    ConsoleUnderTest(Duration past) throws IOException {
        this.begin = Instant.now().minus(past);
        this.engine = StreamEngine.start(
                EngineSettings.ephemeral().withTime(TimeSource.following(() -> begin.plusNanos(elapsed.get()))));
        this.console = new Console(
                () -> Optional.of(engine.view()),
                () -> "",
                ctx -> mayChange
                        ? Optional.empty()
                        : Optional.of(Problem.of(
                                HttpStatus.FORBIDDEN, "nothing may be changed", "set admin.allow-changes: true")),
                Console.Place.ADMIN,
                meters,
                told::add,
                elapsed::get);
        console.tick();
        this.server = AdminServer.start(
                AdminSettings.open(new ListenAddress("127.0.0.1", 0)),
                100,
                () -> {
                    throw new UnsupportedOperationException("no state");
                },
                () -> "",
                MemoryBudget.of(16 << 20).account(1.0),
                console.and(new Shared()),
                AdminChanges.none());
    }

    /** What the live page serves beside it. */
    private static final class Shared implements AdminPages {
        @Override
        public void route(ServerBuilder server) {
            PageFiles.shared().route(server, UnaryOperator.identity());
        }

        @Override
        public String paths() {
            return "/assets/...";
        }

        @Override
        public Set<String> endless() {
            return Set.of();
        }

        @Override
        public void close() {}
    }

    /** Time goes on, and then a reading is taken. */
    void pass(Duration time) {
        elapsed.addAndGet(time.toNanos());
        console.tick();
    }

    /** Calls the engine's API; the body is JSON with single quotes for double ones. */
    JsonNode call(String operation, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + engine.address().getPort()))
                .header("x-amz-target", "Kinesis_20131202." + operation)
                .header("content-type", "application/x-amz-json-1.1")
                .POST(BodyPublishers.ofString(body.replace('\'', '"')));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        HttpResponse<String> answer = send(request.build());
        if (answer.statusCode() != 200) {
            throw new AssertionError(operation + ": " + answer.body());
        }
        return tree(answer.body());
    }

    void put(String stream, String key, byte[] data, int times) {
        String record = "{'PartitionKey':" + quoted(key) + ",'Data':'"
                + Base64.getEncoder().encodeToString(data) + "'}";
        for (int left = times; left > 0; left -= 500) {
            call(
                    "PutRecords",
                    "{'StreamName':'" + stream + "','Records':["
                            + String.join(",", Collections.nCopies(Math.min(500, left), record)) + "]}");
        }
    }

    void put(String stream, String key, String data, int times) {
        put(stream, key, data.getBytes(StandardCharsets.UTF_8), times);
    }

    /** Reads a shard from its beginning. */
    JsonNode read(String stream, int shard, int limit, String... headers) {
        String iterator = call(
                        "GetShardIterator",
                        "{'StreamName':'" + stream + "','ShardId':'shardId-" + shard
                                + "','ShardIteratorType':'TRIM_HORIZON'}")
                .get("ShardIterator")
                .asText();
        return call("GetRecords", "{'ShardIterator':'" + iterator + "','Limit':" + limit + "}", headers);
    }

    private static String quoted(String text) {
        try {
            return MAPPER.writeValueAsString(text);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    String id(String stream) {
        return engine.view().streams().inAllScopes().stream()
                .filter(each -> each.meta().name().equals(stream))
                .findFirst()
                .orElseThrow()
                .meta()
                .id();
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.addresses().get(0).getPort() + path;
    }

    JsonNode get(String path) {
        return tree(send(HttpRequest.newBuilder(URI.create(url(path))).build()).body());
    }

    /** The body is JSON with single quotes for double ones. */
    HttpResponse<String> post(String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url(path)))
                .POST(BodyPublishers.ofString(body.replace('\'', '"')))
                .header("content-type", "application/json");
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return send(request.build());
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(request.uri().toString(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    static JsonNode tree(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new AssertionError(json, e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        engine.close();
    }
}
