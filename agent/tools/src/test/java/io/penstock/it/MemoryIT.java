package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The real process in a heap of 64 MiB, with peers that do not read, do not finish, or crawl")
class MemoryIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String SHARD = "shardId-000000000000";
    private static final int RECORD = 350_000;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ObjectMapper json = new ObjectMapper();
    private final List<Socket> peers = new ArrayList<>();
    private AgentProcess agent;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws Exception {
        Path file = Files.writeString(
                folder.resolve("penstock.yaml"), AgentProcess.FREE_PORTS + "kinesis: {endpoint: embedded}\n");
        List<String> options = new ArrayList<>(PackagedAgent.JVM_OPTIONS);
        options.add("-Xmx64m");
        agent = AgentProcess.of(
                options,
                Map.of(),
                "run",
                "--config",
                file.toString(),
                "--data",
                folder.resolve("data").toString());
        agent.awaitReady();
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket peer : peers) {
            peer.close();
        }
        agent.close();
    }

    @Test
    void goodClientsAreServedAllTheWhileAndTheProcessSurvives() throws Exception {
        fill();
        unreadAnswers();
        unreadSubscriptions();
        halfForwardMessages();
        trickledBodies();
        halfLines();
        allAreServed();
        assertFalse(agent.output().contains("OutOfMemoryError"), agent::output);
        agent.terminate();
        assertEquals(0, agent.awaitExit(LIMIT), agent::output);
    }

    private void fill() throws Exception {
        call("CreateStream", "{\"StreamName\":\"s\",\"ShardCount\":1}");
        byte[] data = new byte[RECORD];
        new Random(1).nextBytes(data);
        String record =
                "{\"PartitionKey\":\"k\",\"Data\":\"" + Base64.getEncoder().encodeToString(data) + "\"}";
        for (int i = 0; i < 12; i++) {
            served("PutRecords", "{\"StreamName\":\"s\",\"Records\":[" + record + "," + record + "]}");
        }
    }

    private void unreadAnswers() throws Exception {
        byte[] request = request("GetRecords", "{\"ShardIterator\":\"" + iterator() + "\"}");
        for (int i = 0; i < 40; i++) {
            peer("kinesis").getOutputStream().write(request);
        }
        allAreServed();
    }

    private void unreadSubscriptions() throws Exception {
        String stream = served("DescribeStreamSummary", "{\"StreamName\":\"s\"}")
                .path("StreamDescriptionSummary")
                .path("StreamARN")
                .asText();
        for (int i = 0; i < 20; i++) {
            String consumer = served(
                            "RegisterStreamConsumer",
                            "{\"StreamARN\":\"" + stream + "\",\"ConsumerName\":\"c" + i + "\"}")
                    .path("Consumer")
                    .path("ConsumerARN")
                    .asText();
            Awaitility.await()
                    .atMost(LIMIT)
                    .until(() -> served("DescribeStreamConsumer", "{\"ConsumerARN\":\"" + consumer + "\"}")
                            .path("ConsumerDescription")
                            .path("ConsumerStatus")
                            .asText()
                            .equals("ACTIVE"));
            peer("kinesis")
                    .getOutputStream()
                    .write(request(
                            "SubscribeToShard",
                            "{\"ConsumerARN\":\"" + consumer + "\",\"ShardId\":\"" + SHARD
                                    + "\",\"StartingPosition\":{\"Type\":\"TRIM_HORIZON\"}}"));
        }
        allAreServed();
    }

    /** Each says that it will be 4 MB, and sends three quarters of that as far as it is read. */
    private void halfForwardMessages() throws Exception {
        byte[] head = ByteBuffer.allocate(8)
                .put(new byte[] {(byte) 0x93, (byte) 0xa1, 't', (byte) 0xc6})
                .putInt(4_000_000)
                .array();
        for (int i = 0; i < 12; i++) {
            send("forward", head, 3_000_000);
        }
        allAreServed();
    }

    private void trickledBodies() throws Exception {
        String head = " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n";
        byte[] put = ("POST /" + head + "X-Amz-Target: Kinesis_20131202.PutRecords\r\n"
                        + "Content-Type: application/x-amz-json-1.1\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] post = ("POST /v1/streams/h/records" + head + "Content-Type: application/json\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 8; i++) {
            send("kinesis", put, 1_500_000);
            send("http", post, 1_500_000);
        }
        allAreServed();
    }

    private void halfLines() throws Exception {
        for (int i = 0; i < 20; i++) {
            send("log4j", new byte[0], 1_500_000);
        }
        allAreServed();
    }

    private Socket peer(String listener) throws IOException {
        InetSocketAddress address = agent.address(listener);
        Socket socket = new Socket();
        peers.add(socket);
        socket.setReceiveBufferSize(4_096);
        socket.connect(address);
        return socket;
    }

    /** Sends a head and then blanks, as long as the agent reads; a thread of its own waits when it does not. */
    private void send(String listener, byte[] head, int blanks) throws IOException {
        Socket socket = peer(listener);
        Thread sending = new Thread(() -> {
            try {
                socket.getOutputStream().write(head);
                byte[] some = " ".repeat(50_000).getBytes(StandardCharsets.US_ASCII);
                for (int sent = 0; sent < blanks; sent += some.length) {
                    socket.getOutputStream().write(some);
                }
            } catch (IOException refused) {
                // As it should be, sooner or later.
            }
        });
        sending.setDaemon(true);
        sending.start();
    }

    /** One good client of each kind, each as often as its protocol says. */
    private void allAreServed() throws Exception {
        for (int round = 0; round < 3; round++) {
            served("PutRecords", "{\"StreamName\":\"s\",\"Records\":[{\"PartitionKey\":\"k\",\"Data\":\"YQ==\"}]}");
            assertFalse(served("GetRecords", "{\"ShardIterator\":\"" + iterator() + "\"}")
                    .path("Records")
                    .isEmpty());
            Awaitility.await()
                    .atMost(LIMIT)
                    .until(() ->
                            post("http", "/v1/streams/h/records", "{\"a\":1}").statusCode() == 200);
            Awaitility.await().atMost(LIMIT).until(this::forwardIsAcknowledged);
            Awaitility.await()
                    .atMost(LIMIT)
                    .until(() -> http.send(
                                            HttpRequest.newBuilder(URI.create(agent.http("admin") + "/metrics"))
                                                    .build(),
                                            HttpResponse.BodyHandlers.ofString())
                                    .statusCode()
                            == 200);
        }
    }

    private boolean forwardIsAcknowledged() {
        byte[] chunk = {
            (byte) 0x94,
            (byte) 0xa1,
            'g',
            0,
            (byte) 0x81,
            (byte) 0xa1,
            'a',
            1,
            (byte) 0x81,
            (byte) 0xa5,
            'c',
            'h',
            'u',
            'n',
            'k',
            (byte) 0xa1,
            'i'
        };
        try (Socket socket = new Socket("127.0.0.1", agent.address("forward").getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(chunk);
            return socket.getInputStream().readNBytes(7).length == 7;
        } catch (IOException refused) {
            return false;
        }
    }

    private String iterator() throws Exception {
        return served(
                        "GetShardIterator",
                        "{\"StreamName\":\"s\",\"ShardId\":\"" + SHARD + "\",\"ShardIteratorType\":\"TRIM_HORIZON\"}")
                .path("ShardIterator")
                .asText();
    }

    private static byte[] request(String operation, String body) {
        return ("POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: Kinesis_20131202." + operation
                        + "\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Calls again while it is told to, as every SDK does. */
    private JsonNode served(String operation, String body) throws Exception {
        Awaitility.await(operation).atMost(LIMIT).until(() -> call(operation, body), answer -> {
            assertTrue(answer.statusCode() == 200 || answer.statusCode() == 503, answer.body());
            lastAnswer = answer.body();
            return answer.statusCode() == 200;
        });
        return lastAnswer.isEmpty() ? json.nullNode() : json.readTree(lastAnswer);
    }

    private String lastAnswer = "";

    private HttpResponse<String> call(String operation, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(agent.http("kinesis"))
                        .header("X-Amz-Target", "Kinesis_20131202." + operation)
                        .header("Content-Type", "application/x-amz-json-1.1")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String listener, String path, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(agent.http(listener) + path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
