package io.penstock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code GET /health} for containers, and {@code POST /_penstock/reset} for tests. */
class HealthTest {
    @Test
    void anEngineThatListensIsWell() throws IOException {
        try (StreamEngine engine = StreamEngine.start(EngineSettings.ephemeral())) {
            JsonClient client = new JsonClient(engine);
            URI health = client.uri().resolve("/health");
            JsonClient.Reply reply = client.send(HttpRequest.newBuilder(health).build());
            assertEquals(200, reply.status());
            assertEquals("{\"status\":\"ok\"}", reply.text());
            JsonClient.Reply foreign = client.send(HttpRequest.newBuilder(health)
                    .header("Origin", "http://example.com")
                    .build());
            assertEquals(403, foreign.status());
            JsonClient.Reply other = client.send(
                    HttpRequest.newBuilder(client.uri().resolve("/healthy")).build());
            assertEquals(405, other.status());
        }
    }

    private static int reset(JsonClient client) {
        return client.send(HttpRequest.newBuilder(client.uri().resolve("/_penstock/reset"))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build())
                .status();
    }

    @Test
    void aResetRemovesAllStreamsOfAnEphemeralEngine() throws IOException {
        try (StreamEngine engine = StreamEngine.start(EngineSettings.ephemeral())) {
            JsonClient client = new JsonClient(engine);
            client.createStream("s", 2);
            client.put("s", "k", "x");
            String iterator = client.iterator("s", JsonClient.shardId(0), "TRIM_HORIZON");
            engine.createStream("far", 1, "eu-west-1");
            assertEquals(204, reset(client));
            assertEquals(0, engine.streamCount());
            assertEquals(
                    "ResourceNotFoundException",
                    client.call("GetRecords", "{'ShardIterator':'" + iterator + "'}")
                            .errorType());
            client.createStream("s", 1);
            client.put("s", "k", "y");
            assertEquals(List.of("y"), client.readAll("s", JsonClient.shardId(0)));
        }
    }

    @Test
    void anEngineWhoseStreamsAreToLastIsNotReset(@TempDir Path data) throws IOException {
        try (StreamEngine engine = StreamEngine.start(EngineSettings.persistent(data)
                .withListen(new InetSocketAddress("127.0.0.1", 0))
                .withTls(new Tls.Off())
                .withReserveBytes(0))) {
            JsonClient client = new JsonClient(engine);
            client.createStream("s", 1);
            assertEquals(403, reset(client));
            assertEquals(1, engine.streamCount());
        }
    }
}
