package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.cli.PenstockCommand;
import io.penstock.engine.EngineSettings;
import io.penstock.engine.StreamEngine;
import io.penstock.fixtures.Typed;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Reloads of the real process under load from all inputs, with each kind of change")
@Tag("long")
class ReloadIT {
    private static final Pattern MARK = Pattern.compile("#[a-z0-9]+ \\d+#");
    private static final int ROUNDS = Integer.getInteger("penstock.reload.rounds", 1);
    private static final int EVENTS = Integer.getInteger("penstock.reload.events", 20);

    private final Marks marks = new Marks();

    @TempDir
    private Path folder;

    private StreamEngine other;
    private AgentProcess agent;
    private InetSocketAddress admin;

    /** A section of the configuration in the place of the one that the agent was started with. */
    private record Step(String what, Map<String, String> sections) {
        Step(String what, String section, String value) {
            this(what, Map.of(section, value));
        }
    }

    @Test
    void loseNothingAndStoreNothingTwice() throws Exception {
        Path passwords = Files.writeString(folder.resolve("passwords"), "");
        StreamEngine second = StreamEngine.start(EngineSettings.ephemeral());
        other = second;
        try (second;
                AgentProcess running = AgentProcess.run(folder, configuration(Map.of()))) {
            agent = running;
            admin = agent.address("admin");
            MixedLoad load = MixedLoad.start(agent, marks);
            awaitMore();
            for (int round = 0; round < ROUNDS; round++) {
                for (Step step : steps(passwords, other.address().getPort())) {
                    Files.writeString(folder.resolve("penstock.yaml"), configuration(step.sections()));
                    Typed typed = reload();
                    assertEquals(0, typed.status(), () -> step.what() + ": " + typed.err() + agent.output());
                    awaitMore();
                }
                refuse();
            }
            Files.writeString(folder.resolve("penstock.yaml"), configuration(Map.of()));
            assertEquals(0, reload().status());
            awaitMore();
            load.end();
            assertEachStoredOnce(List.of(
                    agent.http("kinesis"),
                    URI.create("http://127.0.0.1:" + other.address().getPort())));
        }
    }

    private static List<Step> steps(Path passwords, int other) {
        String routes = "[{match: \"mqtt:load/#\", stream: %s, %s}, {match: \"forward:**\", stream: forward-2},"
                + " {match: \"http:posted\", stream: posted-2}]";
        String third = "{other: " + target(other) + ", third: " + target(other) + "}";
        return List.of(
                new Step("routes and fields", "routes", routes.formatted("load-2", "add: {site: north}")),
                new Step(
                        "a template and a priority",
                        "routes",
                        routes.formatted("\"load-{topic(2)}\"", "priority: urgent")),
                new Step("a target's way of sending", "kinesis", "{endpoint: embedded, linger: 1ms, connections: 8}"),
                new Step("a rate", "kinesis", "{endpoint: embedded, max-rate: 1MiB}"),
                new Step("another target", "routes", routes.formatted("load-3", "target: other")),
                new Step("a target more", "targets", third),
                new Step("an ACL", "mqtt", "{listen: \"127.0.0.1:0\", acl: [{allow: \"load/#\"}]}"),
                new Step(
                        "users",
                        "mqtt",
                        "{listen: \"127.0.0.1:0\", allow-anonymous: true, auth: {password-file: " + passwords + "}}"),
                new Step("a listener more", "mqtt", "{listen: [\"127.0.0.1:0\", \"127.0.0.2:0\"]}"),
                new Step("an HTTP listener more", "http", "{listen: [\"127.0.0.1:0\", \"127.0.0.2:0\"]}"),
                new Step("no MQTT and no forward listener", Map.of("mqtt", "{listen: []}", "forward", "{listen: []}")),
                new Step(
                        "the time of acknowledgements",
                        Map.of(
                                "mqtt", "{listen: \"127.0.0.1:0\", ack: delivered}",
                                "forward", "{listen: \"127.0.0.1:0\", ack: delivered}",
                                "log4j", "{listen: \"127.0.0.1:0\", ack: delivered}",
                                "http", "{listen: \"127.0.0.1:0\", ack: delivered}")),
                new Step("the Kinesis API as a source", "kinesis-api", "{listen: \"127.0.0.1:0\", ack: memory}"),
                new Step("a limit", "http", "{listen: \"127.0.0.1:0\", limits: {requests-per-second: 1000000}}"),
                new Step(
                        "a bridge",
                        "mqtt",
                        "{listen: \"127.0.0.1:0\", bridges: [{name: b, urls: [\"mqtt://127.0.0.1:9\"], topics: [{filter: \"#\"}]}]}"));
    }

    private static String target(int port) {
        return "{endpoint: \"http://127.0.0.1:" + port + "\", auto-create: {enabled: true, shards: 2}}";
    }

    private void refuse() throws Exception {
        Files.writeString(folder.resolve("penstock.yaml"), configuration(Map.of("mqtt", "{listn: []}")));
        new ProcessBuilder("kill", "-HUP", String.valueOf(agent.pid())).start().waitFor();
        agent.awaitLine(Pattern.compile("Reload: nothing is changed.*listn: is no key of mqtt"), Duration.ofMinutes(1));
        awaitMore();
    }

    private Typed reload() {
        return Typed.into(
                PenstockCommand::execute,
                "reload",
                "--admin",
                "127.0.0.1:" + admin.getPort(),
                "--data",
                folder.resolve("data").toString());
    }

    /** Each client has had more events acknowledged since the last change. */
    private void awaitMore() {
        Map<String, Integer> before = marks.counts();
        Awaitility.await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
            for (String client : MixedLoad.CLIENTS) {
                int more = marks.counts().getOrDefault(client, 0) - before.getOrDefault(client, 0);
                assertTrue(more >= EVENTS, () -> client + " has " + more + " more\n" + agent.output());
            }
        });
    }

    private void assertEachStoredOnce(List<URI> endpoints) {
        Awaitility.await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
            Map<String, Integer> found = new TreeMap<>();
            for (URI endpoint : endpoints) {
                try (StreamContents streams = new StreamContents(endpoint)) {
                    List<String> names = new ArrayList<>(
                            streams.client().listStreams().join().streamNames());
                    for (String name : names) {
                        streams.texts(name).forEach(text -> count(text, found));
                    }
                }
            }
            List<String> missing = marks.acknowledged().stream()
                    .filter(mark -> !found.containsKey(mark))
                    .toList();
            assertEquals(List.of(), missing, "lost of " + marks.counts());
            found.forEach((mark, times) -> assertEquals(1, times, mark));
        });
    }

    private static void count(String text, Map<String, Integer> into) {
        Matcher found = MARK.matcher(text);
        while (found.find()) {
            into.merge(found.group(), 1, Integer::sum);
        }
    }

    private String configuration(Map<String, String> changed) {
        Map<String, String> sections = new TreeMap<>(Map.of(
                "mqtt", "{listen: \"127.0.0.1:0\"}",
                "forward", "{listen: \"127.0.0.1:0\"}",
                "log4j", "{listen: \"127.0.0.1:0\"}",
                "http", "{listen: \"127.0.0.1:0\"}",
                "admin", "{listen: \"127.0.0.1:0\"}",
                "engine", "{listen: \"127.0.0.1:0\", default-shards: 2}",
                "kinesis", "{endpoint: embedded}",
                "targets", "{other: " + target(other.address().getPort()) + "}",
                "routes", "[{match: \"mqtt:load/#\", stream: load, format: raw}]"));
        sections.putAll(changed);
        StringBuilder yaml = new StringBuilder();
        sections.forEach(
                (key, value) -> yaml.append(key).append(": ").append(value).append('\n'));
        return yaml.toString();
    }
}
