package io.penstock.tools.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.penstock.agent.cli.PenstockCommand;
import io.penstock.engine.EngineSettings;
import io.penstock.engine.StreamEngine;
import io.penstock.fixtures.Typed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import software.amazon.awssdk.core.SdkSystemSetting;

/** {@code penstock streams} and {@code penstock put} as they are typed. */
@Isolated("captures the process's standard output")
class StreamCommandsTest {
    private static StreamEngine engine;
    private static String endpoint;

    @BeforeAll
    static void start() throws IOException {
        engine = StreamEngine.start(EngineSettings.ephemeral());
        endpoint = "http://127.0.0.1:" + engine.address().getPort();
    }

    @AfterAll
    static void stop() throws IOException {
        System.clearProperty(SdkSystemSetting.CBOR_ENABLED.property());
        engine.close();
    }

    @Test
    void aStreamIsMadeWrittenToReshardedAndDeleted() {
        says("creating life with 2 shards", "streams", "create", "life:2");
        awaitActive("life", 2);
        Typed put = succeeds("put", "life", "hello", "--explicit-hash-key", "0");
        assertTrue(put.out().matches("shardId-000000000000 \\d+\\R"), put.out());
        succeeds("streams", "split", "life", "shardId-000000000000");
        awaitActive("life", 3);
        succeeds("streams", "merge", "life", "shardId-000000000002", "shardId-000000000003");
        awaitActive("life", 2);
        succeeds("streams", "reshard", "life", "4");
        awaitActive("life", 4);
        Typed described = succeeds("streams", "describe", "life");
        assertTrue(described.out().contains("of shardId-000000000002 and shardId-000000000003"), described.out());
        assertEquals(
                "hello",
                succeeds("tail", "life", "--no-follow", "--from-start").out().strip());
        says("deleting life", "streams", "delete", "life");
        await().until(() -> !succeeds("streams").out().contains("life "));
    }

    @Test
    void streamsAreListedWithTheWordForItAndWithout() {
        succeeds("streams", "create", "listed:1");
        awaitActive("listed", 1);
        assertEquals(succeeds("streams").out(), succeeds("streams", "list").out());
        succeeds("streams", "delete", "listed");
    }

    @Test
    void anEndpointNamedBeforeTheSubCommandIsTheOneThatIsAsked() {
        Typed away = Typed.into(
                PenstockCommand::execute, "streams", "--endpoint-url", "http://127.0.0.1:1", "delete", "any");
        assertTrue(away.err().contains("no answer from http://127.0.0.1:1"), away.err());
        Typed behind = Typed.into(
                PenstockCommand::execute,
                "streams",
                "--endpoint-url",
                "http://127.0.0.1:1",
                "list",
                "--endpoint-url",
                endpoint);
        assertEquals(0, behind.status(), behind.err());
    }

    @Test
    void whatTheServiceRefusesIsSaidInItsWords() {
        Typed missing = typed("put", "nothing", "x");
        assertEquals(1, missing.status());
        assertTrue(missing.err().startsWith("penstock: ResourceNotFoundException: Stream nothing"), missing.err());
        Typed shard = typed("streams", "split", "nothing", "shardId-000000000000");
        assertEquals(1, shard.status());
        Typed away = Typed.into(PenstockCommand::execute, "streams", "--endpoint-url", "http://127.0.0.1:1");
        assertEquals(1, away.status());
        assertTrue(away.err().contains("no answer from http://127.0.0.1:1"), away.err());
        assertEquals("", away.out(), "nothing but the failure is printed");
    }

    /** Some endpoints store what comes as CBOR wrongly, and a proxy may not know it at all. */
    @Test
    void everyEndpointIsSpokenToInJson() throws IOException {
        List<String> types = new CopyOnWriteArrayList<>();
        HttpServer foreign = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        foreign.createContext("/", exchange -> {
            types.add(exchange.getRequestHeaders().getFirst("Content-Type"));
            byte[] answer = "{\"ShardId\":\"shardId-0\",\"SequenceNumber\":\"1\"}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.1");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        foreign.start();
        try {
            Typed put = Typed.into(
                    PenstockCommand::execute,
                    "put",
                    "any",
                    "x",
                    "--endpoint-url",
                    "http://127.0.0.1:" + foreign.getAddress().getPort());
            assertEquals("shardId-0 1", put.out().strip(), put.err());
            assertEquals(List.of("application/x-amz-json-1.1"), types);
        } finally {
            foreign.stop(0);
        }
    }

    private static void awaitActive(String stream, int shards) {
        await().until(() ->
                succeeds("streams").out().matches("(?s).*" + stream + "\\s+ACTIVE\\s+" + shards + "\\s+24 h.*"));
    }

    private static void says(String line, String... command) {
        assertEquals(line, succeeds(command).out().strip());
    }

    private static Typed succeeds(String... command) {
        Typed typed = typed(command);
        assertEquals(0, typed.status(), typed.err());
        return typed;
    }

    private static Typed typed(String... command) {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(List.of("--endpoint-url", endpoint));
        return Typed.into(PenstockCommand::execute, words.toArray(String[]::new));
    }
}
