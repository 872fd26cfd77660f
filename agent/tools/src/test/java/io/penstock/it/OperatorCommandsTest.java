package io.penstock.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import io.penstock.agent.Agent;
import io.penstock.agent.StartReport;
import io.penstock.agent.admin.AdminKey;
import io.penstock.agent.cli.CheckedOutput;
import io.penstock.agent.cli.PenstockCommand;
import io.penstock.agent.config.Configuration;
import io.penstock.agent.config.ConfigurationLoader;
import io.penstock.agent.config.ConfigurationResult;
import io.penstock.base.auth.PasswordEntries;
import io.penstock.fixtures.Typed;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("captures the process's standard output")
@DisplayName("The operator's commands at a running agent")
class OperatorCommandsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private Agent start() throws Exception {
        return start("");
    }

    /** @param more of {@code admin:} */
    private Agent start(String more) throws Exception {
        String yaml = """
                data: %s
                shutdown-timeout: 0ms
                mqtt: {listen: "127.0.0.1:0"}
                forward: {listen: []}
                log4j: {listen: []}
                http: {listen: "127.0.0.1:0"}
                admin: {listen: "127.0.0.1:0"%s}
                engine: {listen: "127.0.0.1:0", default-shards: 1}
                spool: {reserve: 0, max-bytes: 8MiB}
                routes: [{match: "http:orders", stream: orders}]
                """.formatted(folder, more);
        Configuration configuration = assertInstanceOf(
                        ConfigurationResult.Loaded.class,
                        ConfigurationLoader.ofProcess().parse(yaml))
                .configuration();
        return Agent.start(configuration, "test");
    }

    private static InetSocketAddress admin(Agent agent) {
        return agent.startReport()
                .listener("admin")
                .map(StartReport.Listener::first)
                .orElseThrow();
    }

    private Typed typed(Agent agent, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--admin", "127.0.0.1:" + admin(agent).getPort()));
        return Typed.into(PenstockCommand::execute, all.toArray(new String[0]));
    }

    private void letters(String name, String... texts) throws Exception {
        Path letters = Files.createDirectories(folder.resolve("dead-letters"));
        StringBuilder lines = new StringBuilder();
        int number = 0;
        for (String text : texts) {
            String data = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
            lines.append("{\"letter\":" + ++number
                    + ",\"time\":\"2026-01-01T00:00:00Z\",\"stream\":\"orders\",\"reason\":\"too odd\","
                    + "\"attempts\":1,\"partition_key\":\"k\",\"data_base64\":\"" + data + "\"}\n");
        }
        Files.writeString(letters.resolve(name), lines.toString());
    }

    @Test
    void showReplayAndDropDeadLettersWithoutAStop() throws Exception {
        letters("default~orders.ndjson", "one", "two");
        letters("default~orders.ndjson.taken", "zero");
        try (Agent agent = start()) {
            String data = folder.toString();
            Typed listed = Typed.into(PenstockCommand::execute, "dead-letters", "list", "--data", data);
            assertTrue(listed.out().contains("orders                                  3  too odd"), listed.out());
            Typed shown = Typed.into(PenstockCommand::execute, "dead-letters", "show", "orders", "--data", data);
            assertTrue(shown.out().contains("key k: too odd") && shown.out().contains("    one"), shown.out());
            Typed replayed = typed(agent, "dead-letters", "replay", "--data", data);
            assertEquals(0, replayed.status(), replayed.err());
            assertEquals(
                    "orders: 3 dead letters are in the spool again",
                    replayed.out().strip());
            await().atMost(LIMIT)
                    .until(() -> typed(agent, "status", "--json").out().contains("\"delivered_events\" : 3"));
            assertTrue(Files.notExists(folder.resolve("dead-letters/default~orders.ndjson")));
            Typed nothing = typed(agent, "dead-letters", "replay", "--data", data);
            assertTrue(nothing.out().startsWith("there are no dead letters in "), nothing.out());
            letters("default~orders.ndjson", "three");
            Typed unsure = typed(agent, "dead-letters", "drop", "--data", data);
            assertEquals(2, unsure.status());
            Typed dropped = typed(agent, "dead-letters", "drop", "orders", "--yes", "--data", data);
            assertEquals("orders: 1 dead letter is deleted", dropped.out().strip(), dropped.err());
            assertTrue(Files.notExists(folder.resolve("dead-letters/default~orders.ndjson")));
        }
    }

    private static int post(InetSocketAddress admin, String what, String word, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + admin.getPort() + "/api/dead-letters/" + what))
                .header("authorization", word)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    void replayOnceWhatIsRefusedAgain() throws Exception {
        letters("default~orders.ndjson", "x".repeat(1_500_000));
        letters("default~orders.ndjson.taken", "zero");
        Path file = folder.resolve("dead-letters/default~orders.ndjson");
        try (Agent agent = start()) {
            Typed replayed = typed(agent, "dead-letters", "replay", "--data", folder.toString());
            assertEquals(
                    "orders: 2 dead letters are in the spool again",
                    replayed.out().strip(),
                    replayed.err());
            await().atMost(LIMIT).until(() -> Files.exists(file));
            await().atMost(LIMIT)
                    .until(() -> typed(agent, "status", "--json").out().contains("\"dead_letters\" : 1"));
        }
    }

    @Test
    void replayAndDropWithoutAnAgent() throws Exception {
        String data = folder.toString();
        start().close();
        letters("default~orders.ndjson", "one", "two");
        Typed replayed = Typed.into(PenstockCommand::execute, "dead-letters", "replay", "orders", "--data", data);
        assertEquals(
                "orders: 2 dead letters are in the spool again", replayed.out().strip(), replayed.err());
        letters("default~orders.ndjson", "three");
        Typed dropped = Typed.into(PenstockCommand::execute, "dead-letters", "drop", "--yes", "--data", data);
        assertEquals("orders: 1 dead letter is deleted", dropped.out().strip(), dropped.err());
        try (Agent agent = start()) {
            await().atMost(LIMIT)
                    .until(() -> typed(agent, "status", "--json").out().contains("\"delivered_events\" : 2"));
        }
    }

    @Test
    void refuseToChangeAnythingWithoutTheAgentsKey() throws Exception {
        letters("default~orders.ndjson", "one");
        Path elsewhere = Files.createTempDirectory(folder.getParent(), "other");
        try (Agent agent = start()) {
            Files.createDirectories(elsewhere.resolve("dead-letters"));
            Files.copy(
                    folder.resolve("dead-letters/default~orders.ndjson"),
                    elsewhere.resolve("dead-letters/default~orders.ndjson"));
            Typed reload = typed(agent, "reload", "--data", elsewhere.toString());
            assertEquals(1, reload.status());
            assertTrue(reload.err().contains("nothing may be changed through this port"), reload.err());
            InetSocketAddress admin = admin(agent);
            assertEquals(403, post(admin, "drop", "", "{\"streams\":[{\"stream\":\"orders\"}]}"));
            String word = "Bearer " + AdminKey.read(folder);
            for (String wrong : List.of("", "{", "[]", "{}", "{\"streams\":[{\"stream\":\"../x\"}]}")) {
                assertEquals(400, post(admin, "drop", word, wrong), wrong);
            }
            assertEquals(200, post(admin, "drop", word, "{\"streams\":[{\"stream\":\"unknown\"}]}"));
            assertTrue(Files.notExists(folder.resolve("spool/default~unknown")));
            assertTrue(Files.exists(folder.resolve("dead-letters/default~orders.ndjson")));
        }
    }

    @Test
    void proveWhoTheyAreToAnAgentWithOperators() throws Exception {
        PasswordEntries.empty().with("joe", "secret").write(folder.resolve("operators"));
        Path password = Files.writeString(folder.resolve("joe.password"), "secret\n");
        String auth = ", allow-changes: true, auth: {password-file: \"" + folder.resolve("operators") + "\"}";
        try (Agent agent = start(auth)) {
            String file = Files.writeString(folder.resolve("penstock.yaml"), "data: " + folder)
                    .toString();
            assertEquals(0, typed(agent, "status", "--config", file).status(), "the agent's own user");
            String[] joe = {"--user", "joe", "--password-file", password.toString()};
            String other = Files.writeString(folder.resolve("other.yaml"), "data: " + folder.resolve("x"))
                    .toString();
            Typed stranger = typed(agent, "status", "--config", other);
            assertEquals(1, stranger.status());
            assertTrue(stranger.err().contains("asks for a user: give --user and --password-file"), stranger.err());
            assertEquals(
                    0, typed(agent, "clients", joe[0], joe[1], joe[2], joe[3]).status());
            typed(agent, "reload", joe[0], joe[1], joe[2], joe[3]);
            Typed events = Typed.into(PenstockCommand::execute, "status", "--user", "joe");
            assertEquals(2, events.status());
            assertTrue(
                    get(admin(agent), "/api/events").contains("Reload asked for by user 'joe' at 127.0.0.1: nothing"));
            Files.writeString(password, "guess");
            Typed wrong = typed(agent, "status", joe[0], joe[1], joe[2], joe[3]);
            assertEquals(1, wrong.status());
            assertTrue(wrong.err().contains("the user or the password is wrong"), wrong.err());
        }
    }

    private String get(InetSocketAddress admin, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin.getPort() + path))
                .header("authorization", "Bearer " + AdminKey.read(folder))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** `.ci/clients/closed_pipes.py` does the same with real processes and pipes. */
    @Test
    void endQuietlyWhenTheirReaderHasGone() throws Exception {
        letters("default~orders.ndjson", "one");
        try (Agent agent = start()) {
            String admin = "127.0.0.1:" + admin(agent).getPort();
            String data = folder.toString();
            String engine =
                    agent.startReport().listener("kinesis").orElseThrow().urls().get(0);
            for (String words : List.of(
                    "--help",
                    "status --admin " + admin,
                    "status --json --admin " + admin,
                    "status --watch --admin " + admin,
                    "status --watch --json --admin " + admin,
                    "clients --admin " + admin,
                    "clients --json --admin " + admin,
                    "dead-letters list --data " + data,
                    "dead-letters show orders --data " + data,
                    "dead-letters replay --data " + data + " --admin " + admin,
                    "spool list --data " + data,
                    "streams list --endpoint-url " + engine,
                    "put orders bread --endpoint-url " + engine,
                    "streams describe orders --endpoint-url " + engine,
                    "tail orders --from-start --endpoint-url " + engine,
                    "tail orders --from-start --json --endpoint-url " + engine,
                    "generate-completion")) {
                endsQuietly(words);
            }
        }
        endsQuietly("spool inspect --data " + folder);
        endsQuietly("spool export --data " + folder);
    }

    private static void endsQuietly(String words) {
        Typed typed = intoAClosedPipe(words.split(" "));
        // status ends with 1 as long as the agent, which has just started, does not say that it is ready.
        assertTrue(List.of(0, 1, CheckedOutput.READER_GONE).contains(typed.status()), words + typed);
        assertTrue(typed.err().isEmpty() || typed.err().startsWith("exported "), words + typed);
    }

    private static Typed intoAClosedPipe(String... words) {
        return Typed.into(
                args -> {
                    System.setOut(new PrintStream(new OutputStream() {
                        @Override
                        public void write(int b) throws IOException {
                            throw new IOException("Broken pipe");
                        }
                    }));
                    return PenstockCommand.execute(args);
                },
                words);
    }

    @Test
    void listTheClientsThatAreConnected() throws Exception {
        try (Agent agent = start()) {
            InetSocketAddress mqtt = agent.startReport()
                    .listener("mqtt")
                    .map(StartReport.Listener::first)
                    .orElseThrow();
            Mqtt5BlockingClient client = MqttClient.builder()
                    .useMqttVersion5()
                    .identifier("device-7")
                    .serverAddress(mqtt)
                    .buildBlocking();
            client.connect();
            Mqtt3BlockingClient older = MqttClient.builder()
                    .useMqttVersion3()
                    .identifier("device-6")
                    .serverAddress(mqtt)
                    .buildBlocking();
            older.connect();
            await().atMost(LIMIT)
                    .until(() -> typed(agent, "clients", "--json").out().contains("\"found\":2,"));
            Typed listed = typed(agent, "clients");
            assertEquals(0, listed.status(), listed.err());
            assertTrue(listed.out().contains("mqtt      device-7 "), listed.out());
            assertTrue(listed.out().contains(" MQTT 5 "), listed.out());
            assertTrue(listed.out().contains(" MQTT 3.1.1 "), listed.out());
            listed.out().lines().forEach(line -> assertTrue(line.length() <= 80, line));
            Typed none = typed(agent, "clients", "--search", "device-8", "--json");
            assertTrue(none.out().contains("\"found\":0"), none.out());
            assertEquals(2, typed(agent, "clients", "--limit", "0").status());
            older.disconnect();
            client.disconnect();
        }
    }
}
