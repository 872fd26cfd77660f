package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The engine alone in a heap of 64 MiB, under large puts, and readers that do not read")
class EngineMemoryIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int SHARDS = 10;
    private static final int CONSUMERS = 20;
    private static final int RECORD = 350_000;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ObjectMapper json = new ObjectMapper();
    private final List<AutoCloseable> peers = new ArrayList<>();
    private AgentProcess engine;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws Exception {
        List<String> options = new ArrayList<>(PackagedAgent.JVM_OPTIONS);
        options.add("-Xmx64m");
        engine = AgentProcess.of(
                options,
                Map.of(),
                "engine",
                "--listen",
                "127.0.0.1:0",
                "--stream",
                "s:" + SHARDS,
                "--stream",
                "good:1",
                "--transition",
                "0s",
                "--data",
                folder.resolve("data").toString());
        engine.awaitReady();
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable peer : peers) {
            peer.close();
        }
        engine.close();
    }

    @Test
    void othersAreServedAllTheWhileAndTheProcessSurvives() throws Exception {
        fill();
        unreadAnswers();
        unreadSubscriptions();
        largePuts();
        assertFalse(engine.output().contains("OutOfMemoryError"), engine::output);
        engine.terminate();
        assertEquals(0, engine.awaitExit(LIMIT), engine::output);
    }

    private void fill() throws Exception {
        for (int i = 0; i < SHARDS; i++) {
            served("PutRecords", records(3));
        }
        anotherIsServed();
    }

    /** Sixteen at once, each nearly the largest that this heap takes; a part of them is refused for a moment. */
    private void largePuts() throws Exception {
        String body = records(10);
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                answers.add(threads.submit(() -> call("PutRecords", body).statusCode()));
            }
            anotherIsServed();
            for (Future<Integer> answer : answers) {
                int status = answer.get();
                assertTrue(status == 200 || status == 503, () -> "status " + status);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static String records(int count) {
        byte[] data = new byte[RECORD];
        Random random = new Random(count);
        List<String> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            random.nextBytes(data);
            records.add("{\"PartitionKey\":\"" + random.nextInt(1_000) + "\",\"Data\":\""
                    + Base64.getEncoder().encodeToString(data) + "\"}");
        }
        return "{\"StreamName\":\"s\",\"Records\":[" + String.join(",", records) + "]}";
    }

    /** Of 60 connections of HTTP/1.1, each with four requests, and 20 of HTTP/2, each with 50. */
    private void unreadAnswers() throws Exception {
        List<String> bodies = new ArrayList<>();
        for (int shard = 0; shard < SHARDS; shard++) {
            bodies.add("{\"ShardIterator\":\"" + iterator("s", shard) + "\"}");
        }
        for (int i = 0; i < 60; i++) {
            byte[] request = request("GetRecords", bodies.get(i % SHARDS));
            Socket peer = peer();
            for (int pipelined = 0; pipelined < 4; pipelined++) {
                unlessClosed(() -> peer.getOutputStream().write(request));
            }
        }
        for (int i = 0; i < 20; i++) {
            UnreadHttp2 peer = http2(i % 2 == 0 ? 0 : 1 << 20);
            for (int call = 0; call < 50; call++) {
                String body = bodies.get(call % SHARDS);
                unlessClosed(() -> peer.call("GetRecords", body));
            }
        }
        anotherIsServed();
    }

    /** Every consumer of every shard: 200 subscriptions, of half of the consumers over HTTP/2. */
    private void unreadSubscriptions() throws Exception {
        String stream = served("DescribeStreamSummary", "{\"StreamName\":\"s\"}")
                .path("StreamDescriptionSummary")
                .path("StreamARN")
                .asText();
        for (int i = 0; i < CONSUMERS; i++) {
            String consumer = consumer(stream, "c" + i);
            UnreadHttp2 peer = http2(i % 4 == 0 ? 0 : 1 << 20);
            for (int shard = 0; shard < SHARDS; shard++) {
                String body = "{\"ConsumerARN\":\"" + consumer + "\",\"ShardId\":\"" + shard(shard)
                        + "\",\"StartingPosition\":{\"Type\":\"TRIM_HORIZON\"}}";
                if (i % 2 == 0) {
                    unlessClosed(() -> peer.call("SubscribeToShard", body));
                } else {
                    peer().getOutputStream().write(request("SubscribeToShard", body));
                }
            }
        }
        anotherIsServed();
    }

    private String consumer(String streamArn, String name) throws Exception {
        return served(
                        "RegisterStreamConsumer",
                        "{\"StreamARN\":\"" + streamArn + "\",\"ConsumerName\":\"" + name + "\"}")
                .path("Consumer")
                .path("ConsumerARN")
                .asText();
    }

    /** A client that keeps within every limit, and calls again when it is told to. */
    private void anotherIsServed() throws Exception {
        for (int round = 0; round < 3; round++) {
            served("PutRecord", "{\"StreamName\":\"good\",\"PartitionKey\":\"k\",\"Data\":\"YQ==\"}");
            assertFalse(served("GetRecords", "{\"ShardIterator\":\"" + iterator("good", 0) + "\"}")
                    .path("Records")
                    .isEmpty());
            assertEquals(2, served("ListStreams", "{}").path("StreamNames").size());
        }
    }

    private static String shard(int index) {
        return "shardId-00000000000" + index;
    }

    private String iterator(String stream, int shard) throws Exception {
        return served(
                        "GetShardIterator",
                        "{\"StreamName\":\"" + stream + "\",\"ShardId\":\"" + shard(shard)
                                + "\",\"ShardIteratorType\":\"TRIM_HORIZON\"}")
                .path("ShardIterator")
                .asText();
    }

    private Socket peer() throws IOException {
        Socket socket = new Socket();
        peers.add(socket);
        socket.setReceiveBufferSize(4_096);
        socket.connect(engine.address("kinesis"));
        return socket;
    }

    private UnreadHttp2 http2(int window) throws IOException {
        UnreadHttp2 peer = new UnreadHttp2(engine.address("kinesis"), window);
        peers.add(peer);
        return peer;
    }

    private interface Sending {
        void send() throws IOException;
    }

    private static void unlessClosed(Sending sending) {
        try {
            sending.send();
        } catch (IOException closed) {
            // The engine closes the connection of a client that reads too little for what it asks.
        }
    }

    private static byte[] request(String operation, String body) {
        return ("POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: Kinesis_20131202." + operation
                        + "\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private JsonNode served(String operation, String body) throws Exception {
        AtomicReference<String> last = new AtomicReference<>("");
        ConditionFactory soon = Awaitility.await(operation).atMost(LIMIT).pollDelay(Duration.ZERO);
        soon.until(() -> call(operation, body), answer -> {
            assertTrue(answer.statusCode() == 200 || answer.statusCode() == 503, answer.body());
            last.set(answer.body());
            return answer.statusCode() == 200;
        });
        return last.get().isEmpty() ? json.nullNode() : json.readTree(last.get());
    }

    private HttpResponse<String> call(String operation, String body) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(engine.http("kinesis"))
                        .header("X-Amz-Target", "Kinesis_20131202." + operation)
                        .header("Content-Type", "application/x-amz-json-1.1")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
