package io.penstock.agent;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import io.penstock.agent.admin.AdminKey;
import io.penstock.agent.config.Configuration;
import io.penstock.agent.config.ConfigurationLoader;
import io.penstock.agent.config.ConfigurationResult;
import io.penstock.agent.logging.LogSettings;
import io.penstock.agent.reload.ReloadOutcome;
import io.penstock.agent.reload.ReloadRefusedException;
import io.penstock.engine.EngineSettings;
import io.penstock.engine.StreamEngine;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A reload of a whole agent's configuration")
@Tag("slow")
class ReloadTest {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    Path folder;

    private final Map<String, String> sections = new TreeMap<>();
    private Agent agent;

    @BeforeEach
    void start() throws Exception {
        set("data", folder.toString());
        set("shutdown-timeout", "0ms");
        set("mqtt", "{listen: \"127.0.0.1:0\"}");
        set("forward", "{listen: \"127.0.0.1:0\"}");
        set("log4j", "{listen: []}");
        set("http", "{listen: \"127.0.0.1:0\"}");
        set("admin", "{listen: \"127.0.0.1:0\"}");
        set("engine", "{listen: \"127.0.0.1:0\", default-shards: 1}");
        set("spool", "{reserve: 0, max-bytes: 8MiB}");
        set("routes", "[{match: \"http:in\", stream: first}]");
        agent = Agent.start(read(), "test");
        agent.reloadsFrom(this::read);
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    private void set(String key, String value) {
        sections.put(key, value);
    }

    private Configuration read() throws ReloadRefusedException {
        StringBuilder yaml = new StringBuilder();
        sections.forEach(
                (key, value) -> yaml.append(key).append(": ").append(value).append('\n'));
        ConfigurationResult result = ConfigurationLoader.ofProcess().parse(yaml.toString());
        if (result instanceof ConfigurationResult.Invalid invalid) {
            throw new ReloadRefusedException(invalid.mistakes().get(0).describe("file"));
        }
        return ((ConfigurationResult.Loaded) result).configuration();
    }

    private List<String> reload() {
        return agent.reload().lines();
    }

    @Test
    void sendsTheNextEventByTheNewRoutes() throws Exception {
        assertEquals(200, post("http", "in"));
        set("routes", "[{match: \"http:in\", stream: second, add: {site: north}}]");
        List<String> said = reload();
        assertEquals("routes[0].stream: first → second", said.get(0));
        assertEquals(200, post("http", "in"));
        awaitDelivered("first", 1);
        awaitDelivered("second", 1);
    }

    @Test
    void saysThatNothingChangedWhenTheFileSaysWhatIsInEffect() {
        assertEquals(List.of("nothing is changed: the file says what is in effect"), reload());
    }

    @Test
    void refusesAnInvalidFileWholeAndShowsItOnStatusAndInMetrics() throws Exception {
        set("routes", "[{match: \"http:in\", stream: second}]");
        set("mqtt", "{listn: []}");
        ReloadOutcome outcome = agent.reload();
        assertTrue(outcome.isRefused());
        assertTrue(
                outcome.lines().get(0).contains("listn: is no key of mqtt"),
                outcome.lines().get(0));
        assertEquals(200, post("http", "in"));
        awaitDelivered("first", 1);
        assertTrue(has("reload-refused"));
        String metrics = get("/metrics");
        assertTrue(metrics.contains("penstock_config_reloads_total{outcome=\"refused\"} 1.0"), metrics);
        assertTrue(metrics.contains("penstock_config_last_reload_successful 0.0"), metrics);
        set("mqtt", "{listen: \"127.0.0.1:0\"}");
        assertFalse(agent.reload().isRefused());
        assertFalse(has("reload-refused"));
    }

    @Test
    void refusesAFileWholeWhoseAddressIsTaken() throws Exception {
        try (ServerSocket other = new ServerSocket()) {
            other.bind(new InetSocketAddress("127.0.0.1", 0));
            set("routes", "[{match: \"http:in\", stream: second}]");
            set("mqtt", "{listen: [\"127.0.0.1:0\", \"127.0.0.1:" + other.getLocalPort() + "\"]}");
            ReloadOutcome outcome = agent.reload();
            assertTrue(outcome.isRefused());
            assertTrue(
                    outcome.lines().get(0).contains(":" + other.getLocalPort()),
                    outcome.lines().get(0));
        }
        assertEquals(200, post("http", "in"));
        awaitDelivered("first", 1);
        assertEquals(1, addresses("mqtt").size());
    }

    @Test
    void namesWhatNeedsARestartWithItsReasonAndAppliesTheRest() throws Exception {
        set("memory", "{budget: 50%}");
        set("routes", "[{match: \"http:in\", stream: second}]");
        List<String> said = reload();
        assertEquals(
                List.of(
                        "routes[0].stream: first → second",
                        "memory.budget: \"60%\" → \"50%\" needs a restart, because buffers are sized by it at the start"),
                said);
        assertTrue(has("restart-needed"));
        assertEquals(
                List.of(
                        "memory.budget: \"60%\" → \"50%\" needs a restart, because buffers are sized by it at the start"),
                reload());
    }

    @Test
    void listensOnNewAddressesAndNoLongerOnFormerOnesWhoseConnectionsStay() throws Exception {
        int former = addresses("mqtt").get(0).getPort();
        Mqtt5BlockingClient client = connected(former, "a");
        set("mqtt", "{listen: [\"127.0.0.2:0\"]}");
        assertFalse(agent.reload().isRefused());
        publish(client);
        assertThrows(ConnectException.class, () -> new Socket("127.0.0.1", former).close());
        InetSocketAddress added = addresses("mqtt").get(0);
        assertEquals("127.0.0.2", added.getAddress().getHostAddress());
        new Socket(added.getAddress(), added.getPort()).close();
        client.disconnect();
    }

    @Test
    void switchesSourcesOnAndOff() throws Exception {
        set("log4j", "{listen: \"127.0.0.1:0\"}");
        set("http", "{listen: []}");
        set("forward", "{listen: []}");
        int http = addresses("http").get(0).getPort();
        assertFalse(agent.reload().isRefused());
        new Socket("127.0.0.1", addresses("log4j").get(0).getPort()).close();
        await().until(() -> refused(http));
        set("http", "{listen: \"127.0.0.1:0\"}");
        set("log4j", "{listen: []}");
        assertFalse(agent.reload().isRefused());
        assertEquals(200, post("http", "in"));
        assertFalse(agent.startReport().listener("log4j").isPresent());
    }

    private static boolean refused(int port) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return false;
        } catch (ConnectException gone) {
            return true;
        }
    }

    @Test
    void permitsAConnectedClientByTheNewRulesFromItsNextPublishOn() {
        Mqtt5BlockingClient client = connected(addresses("mqtt").get(0).getPort(), "a");
        publish(client);
        set("mqtt", "{listen: \"127.0.0.1:0\", acl: [{deny: \"#\"}]}");
        assertFalse(agent.reload().isRefused());
        assertThrows(Mqtt5PubAckException.class, () -> publish(client));
        set("mqtt", "{listen: \"127.0.0.1:0\"}");
        assertFalse(agent.reload().isRefused());
        publish(client);
        client.disconnect();
    }

    @Test
    void limitsTheNextRequestOfAnHttpClient() throws Exception {
        assertEquals(200, post("http", "in"));
        set("http", "{listen: \"127.0.0.1:0\", limits: {requests-per-second: 1}}");
        int port = addresses("http").get(0).getPort();
        assertFalse(agent.reload().isRefused());
        assertEquals(port, addresses("http").get(0).getPort());
        await().until(() -> post("http", "in") == 429);
    }

    @Test
    void sendsToATargetThatIsNewAndKeepsTheEventsOfOneThatIsGone() throws Exception {
        try (StreamEngine other = StreamEngine.start(EngineSettings.ephemeral())) {
            String target = "{other: {endpoint: \"http://127.0.0.1:%d\", auto-create: {enabled: true, shards: 1}%s}}";
            set("targets", target.formatted(other.address().getPort(), ""));
            set("routes", "[{match: \"http:in\", stream: there, target: other}]");
            assertFalse(agent.reload().isRefused());
            assertEquals(200, post("http", "in"));
            awaitDelivered("there", 1);
            set("targets", target.formatted(other.address().getPort(), ", linger: 0ms, ordering: none"));
            assertFalse(agent.reload().isRefused());
            assertEquals(200, post("http", "in"));
            awaitDelivered("there", 2);
            sections.remove("targets");
            set("routes", "[{match: \"http:in\", stream: first}]");
            assertFalse(agent.reload().isRefused());
            await().until(() -> stream("there").path("detail").asText().contains("is not configured any more"));
            assertEquals(200, post("http", "in"));
            awaitDelivered("first", 1);
        }
    }

    @Test
    void acknowledgesByTheNewValueAndKeepsThePromisesOfTheFormerOne() throws Exception {
        set("targets", "{away: {endpoint: \"http://127.0.0.1:1\"}}");
        set("routes", "[{match: \"http:in\", stream: there, target: away}]");
        set("http", "{listen: \"127.0.0.1:0\", ack: delivered}");
        List<String> said = reload();
        assertTrue(said.contains("http.ack: durable → delivered"), said.toString());
        CompletableFuture<HttpResponse<Void>> former =
                HTTP.sendAsync(posting("http", "in"), HttpResponse.BodyHandlers.discarding());
        await().until(() -> stream("there").path("spooled_events").asInt() == 1);
        set("http", "{listen: \"127.0.0.1:0\", ack: durable}");
        assertEquals(List.of("http.ack: delivered → durable"), reload());
        assertEquals(200, post("http", "in"));
        assertTrue(!former.isDone() || former.join().statusCode() != 200, "answered though nothing is delivered");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqtt", "forward", "log4j", "kinesis-api"})
    void appliesAnotherTimeOfAcknowledgements(String source) {
        set(source, "{listen: \"127.0.0.1:0\"}");
        assertFalse(agent.reload().isRefused());
        set(source, "{listen: \"127.0.0.1:0\", ack: memory}");
        assertEquals(List.of(source + ".ack: durable → memory"), reload());
    }

    @Test
    void keepsTheIdentifiersOfAClientWhoseAcknowledgementsChange() {
        Mqtt5BlockingClient client = connected(addresses("mqtt").get(0).getPort(), "a");
        publish(client);
        set("mqtt", "{listen: \"127.0.0.1:0\", ack: delivered}");
        assertFalse(agent.reload().isRefused());
        publish(client);
        set("mqtt", "{listen: \"127.0.0.1:0\", ack: memory}");
        assertFalse(agent.reload().isRefused());
        publish(client);
        client.disconnect();
    }

    @Test
    void switchesThePathsOfFluentdAndOpenTelemetryOffAndOn() throws Exception {
        int port = addresses("http").get(0).getPort();
        assertEquals(200, postJson("/app/log", "{\"a\": 1}"));
        assertEquals(200, postJson("/v1/logs", "{}"));
        set("http", "{listen: \"127.0.0.1:0\", fluentd: false, otlp: false}");
        assertEquals(List.of("http.fluentd: true → false", "http.otlp: true → false"), reload());
        assertEquals(404, postJson("/app/log", "{\"a\": 1}"));
        assertEquals(404, postJson("/v1/logs", "{}"));
        assertEquals(200, post("http", "in"));
        set("http", "{listen: \"127.0.0.1:0\"}");
        assertFalse(agent.reload().isRefused());
        assertEquals(200, postJson("/app/log", "{\"a\": 1}"));
        assertEquals(200, postJson("/v1/logs", "{}"));
        assertEquals(port, addresses("http").get(0).getPort());
    }

    @Test
    void changesListenersSignaturesAndRulesOfTheKinesisApi() throws Exception {
        set("kinesis-api", "{listen: \"127.0.0.1:0\"}");
        assertFalse(agent.reload().isRefused());
        int former = addresses("kinesis-api").get(0).getPort();
        assertEquals(200, put());
        Path keys = Files.writeString(
                folder.resolve("keys"),
                "[edge]\naws_access_key_id = AKIAEDGE\naws_secret_access_key = not-a-secret-0123456789\n");
        String signed = ", auth: sigv4, credentials-file: " + keys;
        set("kinesis-api", "{listen: \"127.0.0.1:0\"" + signed + "}");
        assertFalse(agent.reload().isRefused());
        assertEquals(former, addresses("kinesis-api").get(0).getPort());
        assertEquals(400, put());
        set("kinesis-api", "{listen: \"127.0.0.1:0\", auth: sigv4, credentials-file: /nowhere}");
        ReloadOutcome refused = agent.reload();
        assertTrue(refused.isRefused() && refused.lines().get(0).contains("/nowhere"), refused.toString());
        set("kinesis-api", "{listen: \"127.0.0.2:0\", pass-through: none}");
        assertFalse(agent.reload().isRefused());
        assertEquals(200, put());
        await().until(() -> refused(former));
        set("kinesis-api", "{listen: []}");
        assertFalse(agent.reload().isRefused());
        assertFalse(agent.startReport().listener("kinesis-api").isPresent());
    }

    private int put() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(listener("kinesis-api"))
                .header("Content-Type", "application/x-amz-json-1.1")
                .header("X-Amz-Target", "Kinesis_20131202.PutRecord")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"StreamName\":\"in\",\"Data\":\"YQ==\",\"PartitionKey\":\"k\"}"))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private int postJson(String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(listener("http").resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    @Test
    void tellsTheLogItsNewLevels() {
        List<LogSettings> told = new ArrayList<>();
        agent.logsTo(told::add);
        set("log", "{level: warn, levels: {io.penstock: debug}, format: json}");
        assertEquals(3, reload().size());
        assertEquals(
                List.of(new LogSettings(
                        LogSettings.Level.WARN, Map.of("io.penstock", "debug"), LogSettings.Format.JSON)),
                told);
        set("log", "{levels: {io.penstock: debgu}}");
        assertTrue(
                reload().get(0).contains("log.levels.io.penstock: \"debgu\" is no level; did you mean debug"),
                reload().toString());
    }

    @Test
    void isAskedForOverHttpByTheAgentsUserOrWhereChangesAreAllowed() throws Exception {
        assertEquals(403, ask(""));
        assertEquals(403, ask("00"));
        set("routes", "[{match: \"http:in\", stream: second}]");
        assertEquals(200, ask(AdminKey.read(folder)));
        set("admin", "{listen: \"127.0.0.1:0\", allow-changes: true}");
        assertFalse(agent.reload().isRefused());
        assertEquals(200, ask(""));
        set("mqtt", "nonsense");
        assertEquals(422, ask(""));
        assertEquals(200, post("http", "in"));
        awaitDelivered("second", 1);
    }

    private int ask(String key) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(listener("admin").resolve("/api/reload"))
                .header("Authorization", "Bearer " + key)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private static Mqtt5BlockingClient connected(int port, String id) {
        Mqtt5BlockingClient client = MqttClient.builder()
                .useMqttVersion5()
                .identifier(id)
                .serverHost("127.0.0.1")
                .serverPort(port)
                .buildBlocking();
        client.connect();
        return client;
    }

    private static void publish(Mqtt5BlockingClient client) {
        client.publishWith().topic("t").qos(MqttQos.AT_LEAST_ONCE).send();
    }

    private void awaitDelivered(String stream, int events) {
        await().until(() -> stream(stream).path("delivered_events").asInt() == events);
    }

    private JsonNode status() throws Exception {
        return new ObjectMapper().readTree(get("/api/status"));
    }

    private boolean has(String condition) throws Exception {
        for (JsonNode each : status().path("conditions")) {
            if (each.path("name").asText().equals(condition)) {
                return true;
            }
        }
        return false;
    }

    private JsonNode stream(String name) throws Exception {
        for (JsonNode stream : status().path("streams")) {
            if (stream.path("stream").asText().equals(name)) {
                return stream;
            }
        }
        return new ObjectMapper().createObjectNode();
    }

    private String get(String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(listener("admin").resolve(path)).build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private int post(String listener, String stream) throws Exception {
        return HTTP.send(posting(listener, stream), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private HttpRequest posting(String listener, String stream) {
        return HttpRequest.newBuilder(listener(listener).resolve("/v1/streams/" + stream + "/records"))
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofString(stream))
                .build();
    }

    private List<InetSocketAddress> addresses(String name) {
        return agent.startReport().listener(name).orElseThrow().addresses();
    }

    private URI listener(String name) {
        List<String> urls = agent.startReport()
                .listener(name)
                .map(StartReport.Listener::urls)
                .orElseThrow();
        return URI.create(urls.get(0));
    }
}
