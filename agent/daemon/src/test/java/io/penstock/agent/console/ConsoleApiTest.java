package io.penstock.agent.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.penstock.engine.EngineSettings;
import io.penstock.engine.StreamEngine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The requests of the console")
@Tag("slow")
class ConsoleApiTest {
    private ConsoleUnderTest console;
    private String id;

    @BeforeEach
    void start() throws IOException {
        console = new ConsoleUnderTest(Duration.ofMinutes(5));
        console.engine.createStream("s", 2);
        id = console.id("s");
    }

    @AfterEach
    void close() throws IOException {
        console.close();
    }

    @Test
    void aTestRecordIsStoredWhereItsHashKeySays() {
        HttpResponse<String> answer =
                post("put", "'key':'k','data':'bread','hash_key':'340282366920938463463374607431768211455'");
        assertEquals(200, answer.statusCode(), answer.body());
        JsonNode stored = ConsoleUnderTest.tree(answer.body());
        assertEquals("shardId-000000000001", stored.get("shard").asText());
        JsonNode read = console.read("s", 1, 10).at("/Records/0");
        assertEquals(
                stored.get("sequence_number").asText(),
                read.get("SequenceNumber").asText());
        assertEquals("YnJlYWQ=", read.get("Data").asText());
        assertEquals(1, changes("put", "done"));
    }

    @Test
    void aPreviewChangesNothingAndIsWhatTheChangeMakes() {
        JsonNode preview = ConsoleUnderTest.tree(
                post("preview", "'action':'reshard','target':4").body());
        assertEquals(2, shards());
        assertEquals(4, preview.get("shards_after").intValue());
        post("reshard", "'target':4");
        assertEquals(4, shards());
        JsonNode after = console.get("/api/console/shards?id=" + id).get("shards");
        for (int i = 0; i < 4; i++) {
            assertEquals(preview.at("/after/" + i + "/first"), after.at("/" + i + "/first"));
            assertEquals(preview.at("/after/" + i + "/i"), after.at("/" + i + "/i"));
        }
    }

    @Test
    void twoShardsAreMergedAndTheLineageSaysSo() {
        HttpResponse<String> answer = post("merge", "'shard':'shardId-0','adjacent':'shardId-1'");
        assertEquals(
                "shards 0 and 1 close, shard 2 opens",
                ConsoleUnderTest.tree(answer.body()).get("said").asText());
        JsonNode all = console.get("/api/console/shards?id=" + id).get("shards");
        assertEquals("[0,1]", all.at("/0/parents").toString());
        assertTrue(all.at("/1").has("closed"));
    }

    @Test
    void withoutThePermissionNothingIsChangedButAPreviewIsMade() {
        console.mayChange = false;
        for (String action : List.of("put", "split", "merge", "reshard")) {
            HttpResponse<String> answer = post(action, "'key':'k','data':'d','shard':'shardId-0','target':4");
            assertEquals(403, answer.statusCode());
            assertTrue(answer.body().contains("admin.allow-changes"), answer.body());
            assertEquals(1, changes(action, "refused"));
        }
        assertEquals(
                200, post("preview", "'action':'split','shard':'shardId-0'").statusCode());
        assertEquals(2, shards());
        assertEquals(
                "false", console.get("/api/console/streams").get("may_change").asText());
    }

    @Test
    void aForeignPageCanChangeNothing() {
        String body = "{'id':'" + id + "','target':4}";
        assertEquals(
                403,
                console.post("/api/console/reshard", body, "origin", "https://evil.example")
                        .statusCode());
        assertEquals(
                415,
                console.post("/api/console/reshard", body, "content-type", "text/plain")
                        .statusCode());
        assertEquals(2, shards());
        String own = console.url("");
        assertEquals(
                200, console.post("/api/console/reshard", body, "origin", own).statusCode());
    }

    @Test
    void badInputIsNamed() {
        refused(400, "put", "'key':7,'data':'d'", "'key' is missing or no text");
        refused(400, "put", "'key':'','data':'d'", "partitionKey");
        refused(400, "put", "'key':'k','data':'d','hash_key':'x'", "explicitHashKey");
        refused(400, "reshard", "'target':'4'", "'target' is no number");
        refused(400, "reshard", "'target':9", "over double");
        refused(400, "split", "'shard':'shardId-9'", "Could not find shard");
        refused(400, "split", "'shard':'shardId-0','at':'1'", "NewStartingHashKey");
        refused(400, "merge", "'shard':'shardId-1','adjacent':'shardId-0'", "not an adjacent pair");
        refused(400, "preview", "'action':'delete'", "'delete' is no change of shards");
        assertEquals(400, console.post("/api/console/put", "[]").statusCode());
        assertEquals(400, console.post("/api/console/put", "{").statusCode());
        assertEquals(
                413,
                console.post("/api/console/put", "'" + "x".repeat(70_000) + "'").statusCode());
        assertEquals(404, console.post("/api/console/put", "{'id':'none'}").statusCode());
    }

    @Test
    void aTailDecodesAndTheNinthIsRefused() throws Exception {
        console.put("s", "k", Aggregates.of("a", "one", "b", "two"), 1);
        List<Stream<String>> open = new ArrayList<>();
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create(console.url("/api/console/tail?recent=10&id=" + id)))
                .build();
        for (int i = 0; i < Tails.MOST; i++) {
            open.add(http.send(request, BodyHandlers.ofLines()).body());
        }
        assertEquals(503, http.send(request, BodyHandlers.ofString()).statusCode());
        String event = open.get(0)
                .filter(line -> line.startsWith("data: {\"records"))
                .findFirst()
                .orElseThrow();
        JsonNode record = ConsoleUnderTest.tree(event.substring(6)).at("/records/0");
        assertEquals("aggregated", record.get("form").asText());
        assertEquals("two", record.at("/parts/1/text").asText());
        open.forEach(Stream::close);
        Awaitility.await().until(() -> console.console.tails() == 0);
    }

    @Test
    void aTailThatIsTooSlowSaysHowManyItLeftOut() throws Exception {
        console.put("s", "k", "x", 2_000);
        var stream = console.engine.view().streams().findById(id).orElseThrow();
        Awaitility.await().until(() -> stream.log().durableEnd() == 2_000);
        Tail tail = new Tail(stream, console.engine.view().clock(), Tail.ALL, 1_000);
        JsonNode event = ConsoleUnderTest.tree(new String(tail.next().orElseThrow(), StandardCharsets.UTF_8));
        assertEquals(1_000 - Tail.MOST_RECORDS, event.get("left_out").intValue());
        assertEquals(Tail.MOST_RECORDS, event.get("records").size());
        assertTrue(tail.next().isEmpty());
        console.put("s", "k", "y", 30);
        Awaitility.await().until(() -> stream.log().durableEnd() == 2_030);
        List<String> read = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            ConsoleUnderTest.tree(new String(tail.next().orElseThrow(), StandardCharsets.UTF_8))
                    .get("records")
                    .forEach(record -> read.add(record.at("/sequence_number").asText()));
        }
        assertEquals(30, read.stream().distinct().count(), "none is skipped or shown twice between two turns");
    }

    @Test
    void theEngineAloneHasItsConsoleOnItsOwnPort() throws Exception {
        try (EngineConsole pages = new EngineConsole(true, new SimpleMeterRegistry());
                StreamEngine engine = StreamEngine.start(pages.on(EngineSettings.ephemeral()))) {
            engine.createStream("alone", 1);
            String url = "http://127.0.0.1:" + engine.address().getPort();
            HttpResponse<String> page = send(url + "/console");
            assertTrue(page.body().contains("/assets/console.js"));
            assertTrue(page.headers()
                    .firstValue("content-security-policy")
                    .orElseThrow()
                    .contains("default-src 'self'"));
            assertEquals(200, send(url + "/assets/uplot.js").statusCode());
            JsonNode streams =
                    ConsoleUnderTest.tree(send(url + "/api/console/streams").body());
            assertEquals("alone", streams.at("/streams/0/name").asText());
            String body = "{\"id\":\"" + streams.at("/streams/0/id").asText() + "\",\"target\":2}";
            HttpRequest.Builder change = HttpRequest.newBuilder(URI.create(url + "/api/console/reshard"))
                    .header("content-type", "application/json")
                    .POST(BodyPublishers.ofString(body));
            HttpClient http = HttpClient.newHttpClient();
            assertEquals(
                    403,
                    http.send(
                                    change.copy()
                                            .header("origin", "https://evil.example")
                                            .build(),
                                    BodyHandlers.ofString())
                            .statusCode());
            assertEquals(200, http.send(change.build(), BodyHandlers.ofString()).statusCode());
        }
    }

    @Test
    void theEngineAloneChangesNothingUnlessAllowedAndOnALoopbackAddress() throws Exception {
        EngineSettings open = EngineSettings.ephemeral().withListen(new InetSocketAddress("0.0.0.0", 0));
        for (boolean allowed : new boolean[] {false, true}) {
            EngineSettings settings = allowed ? open : EngineSettings.ephemeral();
            try (EngineConsole pages = new EngineConsole(allowed, new SimpleMeterRegistry());
                    StreamEngine engine = StreamEngine.start(pages.on(settings))) {
                JsonNode streams = ConsoleUnderTest.tree(
                        send("http://127.0.0.1:" + engine.address().getPort() + "/api/console/streams")
                                .body());
                assertEquals("false", streams.get("may_change").asText());
                assertTrue(streams.get("why_not").asText().contains("--allow-changes"));
            }
        }
    }

    @Test
    void anEngineThatTakesSignedCallsOnlyHasNoConsole(@TempDir Path folder) throws Exception {
        Path keys = folder.resolve("credentials");
        Files.writeString(
                keys, "[reports]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = aSecretOfTwentyLetters\n");
        try (EngineConsole pages = new EngineConsole(true, new SimpleMeterRegistry());
                StreamEngine engine =
                        StreamEngine.start(pages.on(EngineSettings.ephemeral().withCredentialsFile(keys)))) {
            String url = "http://127.0.0.1:" + engine.address().getPort();
            assertEquals(403, send(url + "/console").statusCode());
            assertTrue(send(url + "/api/console/streams").statusCode() >= 400);
        }
    }

    private static HttpResponse<String> send(String url) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String action, String members) {
        return console.post("/api/console/" + action, "{'id':'" + id + "'," + members + "}");
    }

    private void refused(int status, String action, String members, String words) {
        HttpResponse<String> answer = post(action, members);
        assertEquals(status, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains(words), answer.body());
    }

    private int shards() {
        return console.get("/api/console/streams").at("/streams/0/shards").intValue();
    }

    private double changes(String action, String outcome) {
        return console.meters
                .get("penstock.console.changes")
                .tag("action", action)
                .tag("outcome", outcome)
                .counter()
                .count();
    }
}
