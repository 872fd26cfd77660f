package io.penstock.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.agent.Agent;
import io.penstock.agent.StartReport;
import io.penstock.agent.cli.PenstockCommand;
import io.penstock.agent.condition.Conditions;
import io.penstock.agent.config.ConfigurationLoader;
import io.penstock.agent.config.ConfigurationResult;
import io.penstock.base.condition.ConditionName;
import io.penstock.fixtures.CapturedLog;
import io.penstock.fixtures.TestCertificate;
import io.penstock.fixtures.Typed;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * One agent with a target for each way to fail, and clients that misbehave: each failure has one name, with the same
 * sentence and remedy, in the data of the page, in {@code status}, in the details of {@code /readyz}, in the log and in
 * the metric.
 */
@Isolated("it captures the process's output")
@Tag("slow")
class FailureNamesTest {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Pattern CLASS_NAME = Pattern.compile("\\b(java|javax|sun|io|com|org|software)\\.[a-z]+\\."
            + "|\\b(UnknownHost|Connect|SSL\\w*|Socket\\w*|IO|EOF|ClosedChannel|CertPath\\w*|SdkClient|Timeout"
            + "|Completion|IllegalState)Exception");

    @TempDir
    Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();
    /** Each target's section by its name, which is also its stream's. */
    private final Map<String, String> targets = new LinkedHashMap<>();
    /** The place of each condition that is to be found. */
    private final Map<ConditionName, String> expected = new LinkedHashMap<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private void target(String name, String endpoint, String... more) {
        targets.put(name, "endpoint: \"" + endpoint + "\"" + String.join("", more));
    }

    private void odd(String name, Function<String, Optional<String>> answers) throws IOException {
        OddEndpoint endpoint = new OddEndpoint(answers);
        open.add(endpoint);
        target(name, "http://127.0.0.1:" + endpoint.port());
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void networkFailures() throws Exception {
        target("nowhere", "http://no-such-host.invalid:4567");
        expected.put(ConditionName.HOST_UNKNOWN, "target nowhere");
        target("refusing", "http://127.0.0.1:" + closedPort());
        expected.put(ConditionName.CONNECTION_REFUSED, "target refusing");

        TestCertificate certificate = TestCertificate.create(folder, "kinesis");
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(certificate.keys().getKeyManagers(), null, null);
        OddEndpoint encrypted = new OddEndpoint(context.getServerSocketFactory(), operation -> Optional.empty());
        open.add(encrypted);
        target("untrusted", "https://127.0.0.1:" + encrypted.port());
        expected.put(ConditionName.TLS_UNTRUSTED, "target untrusted");
        target(
                "misnamed",
                "https://localhost:" + encrypted.port(),
                ", tls: {ca: \"" + certificate.certificate() + "\"}");
        expected.put(ConditionName.TLS_WRONG_NAME, "target misnamed");
        odd("closing", operation -> Optional.empty());
        expected.put(ConditionName.CONNECTION_LOST, "target closing");
        odd("portal", operation -> OddEndpoint.answer(200, "text/html", "<html>log in first</html>"));
        expected.put(ConditionName.PROXY_OR_LOGIN_PAGE, "target portal");
        odd("proxy", operation -> OddEndpoint.answer(407, "text/html", "<html>who are you</html>"));
        expected.put(ConditionName.PROXY_LOGIN, "target proxy");
        String later = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusYears(6));
        odd("later", operation -> OddEndpoint.error(400, "RequestExpired", "Signature expired", "Date: " + later));
        expected.put(ConditionName.CLOCK_SKEW, "target later");
    }

    private void answersOfTheService() throws IOException {
        odd(
                "denied",
                operation -> OddEndpoint.error(
                        400,
                        "AccessDeniedException",
                        "User: arn:aws:iam::1:user/edge is not authorized to perform: kinesis:" + operation
                                + " on resource: arn:aws:kinesis:us-east-1:1:stream/denied"));
        expected.put(ConditionName.ACCESS_DENIED, "stream denied/denied");
        odd("expired", operation -> OddEndpoint.error(400, "ExpiredTokenException", "The token has expired"));
        expected.put(ConditionName.CREDENTIALS, "target expired");
        odd("kms", operation -> OddEndpoint.error(400, "KMSDisabledException", "The key is disabled"));
        expected.put(ConditionName.KMS, "stream kms/kms");
        odd("missing", operation -> OddEndpoint.error(400, "ResourceNotFoundException", "Stream missing not found"));
        expected.put(ConditionName.STREAM_MISSING, "stream missing/missing");
        odd("small", operation -> OddEndpoint.answer(413, "text/html", "too large"));
        expected.put(ConditionName.REQUEST_TOO_LARGE, "stream small/small");
        odd("broken", operation -> OddEndpoint.error(500, "InternalFailure", "sorry"));
        expected.put(ConditionName.SERVICE_ERROR, "target broken");
        odd("odd", operation -> OddEndpoint.error(400, "SomethingNewException", "not today"));
        expected.put(ConditionName.PARKED, "stream odd/odd");
        odd(
                "slow",
                operation ->
                        OddEndpoint.error(400, "ProvisionedThroughputExceededException", "Rate exceeded for shard"));
        expected.put(ConditionName.THROTTLED, "stream slow/slow");
        odd("invalid", operation -> OddEndpoint.error(400, "ValidationException", "not such a record"));
        expected.put(ConditionName.DEAD_LETTERS, "stream invalid/invalid");
    }

    @Test
    void eachFailureIsNamedTheSameInPageStatusReadinessLogAndMetric() throws Exception {
        networkFailures();
        answersOfTheService();
        Path passwords = Files.writeString(folder.resolve("passwords"), "");
        try (CapturedLog log = CapturedLog.of(Conditions.class);
                Agent agent = Agent.start(configuration(passwords), "test")) {
            for (String stream : targets.keySet()) {
                post(agent, stream, "application/octet-stream", "event", 200);
            }
            post(agent, "near", "application/json", "{\"a\": ", 400);
            expected.put(ConditionName.BAD_CLIENT, "client http 127.0.0.1");
            connect(agent);
            expected.put(ConditionName.LOGIN_FAILED, "client mqtt 127.0.0.1");
            expected.put(ConditionName.DISK_LOW, "agent");
            for (Map.Entry<ConditionName, String> each : expected.entrySet()) {
                String id = each.getKey().id();
                await().untilAsserted(() -> assertTrue(
                        conditions(agent).stream()
                                .anyMatch(said -> said.path("name").asText().equals(id)
                                        && place(said).equals(each.getValue())),
                        () -> id + " at " + each.getValue() + " in " + get(agent, "/readyz")));
                await().untilAsserted(() -> assertTrue(
                        log.lines().stream().anyMatch(line -> line.startsWith(id + " (" + each.getValue() + "): ")),
                        () -> id + " at " + each.getValue() + " in " + log.lines()));
            }
            assertSaidEverywhere(agent);
            assertParticulars(agent);
            for (String line : log.lines()) {
                assertFalse(CLASS_NAME.matcher(line).find(), line);
            }
        }
    }

    private void assertSaidEverywhere(Agent agent) throws Exception {
        String typed = Typed.into(
                        PenstockCommand::execute,
                        "status",
                        "--admin",
                        listener(agent, "admin").getAuthority())
                .out();
        JsonNode ready = new ObjectMapper().readTree(get(agent, "/readyz"));
        assertTrue(ready.path("ready").asBoolean(), "no failure of a target keeps input out");
        String metrics = get(agent, "/metrics");
        JsonNode page = new ObjectMapper().readTree(get(agent, "/api/now"));
        assertTrue(page.path("conditions_in_all").asInt() >= expected.size(), page::toString);
        List<String> said = conditions(agent).stream()
                .map(each -> each.path("name").asText() + " at " + place(each) + ": "
                        + each.path("remedy").asText())
                .toList();
        assertFalse(page.path("conditions").isEmpty());
        for (JsonNode shown : page.path("conditions")) {
            String line = shown.path("id").asText() + " at "
                    + shown.path("place").asText() + ": " + shown.path("remedy").asText();
            assertTrue(said.contains(line), () -> line + " in " + said);
        }
        for (Map.Entry<ConditionName, String> each : expected.entrySet()) {
            String id = each.getKey().id();
            assertTrue(typed.contains(id + " (" + each.getValue() + ", for "), () -> id + " in " + typed);
            boolean detailed = false;
            for (JsonNode detail : ready.path("details")) {
                detailed |=
                        detail.path("name").asText().equals(id) && place(detail).equals(each.getValue());
            }
            assertTrue(detailed, () -> id + " in " + ready);
            assertTrue(
                    Pattern.compile("penstock_condition\\{name=\"" + id + "\",severity=\"[a-z-]+\"} [1-9]")
                            .matcher(metrics)
                            .find(),
                    id);
        }
    }

    private void assertParticulars(Agent agent) throws Exception {
        assertTrue(found(agent, ConditionName.HOST_UNKNOWN).contains("no-such-host.invalid:4567"));
        assertTrue(found(agent, ConditionName.TLS_UNTRUSTED).contains("tls.ca"));
        assertTrue(found(agent, ConditionName.TLS_WRONG_NAME).contains("localhost"));
        assertTrue(found(agent, ConditionName.PROXY_OR_LOGIN_PAGE).contains("text/html"));
        String skew = found(agent, ConditionName.CLOCK_SKEW);
        assertTrue(
                skew.matches("this machine's clock is (6 years|5 years 36\\d days) .*behind the endpoint's.*"), skew);
        assertTrue(found(agent, ConditionName.ACCESS_DENIED).contains("allow kinesis:PutRecords on the stream"));
        assertTrue(found(agent, ConditionName.KMS).contains("enable the stream's KMS key"));
        assertTrue(found(agent, ConditionName.LOGIN_FAILED).contains("user 'bob'"));
        assertTrue(found(agent, ConditionName.LOGIN_FAILED).contains("client id 'gauge'"));
        assertFalse(found(agent, ConditionName.LOGIN_FAILED).contains("hush"));
        for (JsonNode said : conditions(agent)) {
            String text = said.path("sentence").asText() + said.path("remedy").asText();
            assertFalse(CLASS_NAME.matcher(text).find(), text);
            assertFalse(said.path("remedy").asText().isEmpty(), text);
        }
    }

    private static String found(Agent agent, ConditionName name) throws Exception {
        for (JsonNode each : conditions(agent)) {
            if (each.path("name").asText().equals(name.id())) {
                return each.path("sentence").asText() + "; "
                        + each.path("remedy").asText();
            }
        }
        throw new AssertionError(name + " in " + conditions(agent));
    }

    private io.penstock.agent.config.Configuration configuration(Path passwords) throws IOException {
        StringBuilder more = new StringBuilder("targets:\n");
        StringBuilder routes = new StringBuilder("routes:\n");
        targets.forEach((name, section) -> {
            more.append("  ").append(name).append(": {").append(section);
            more.append(
                    ", credentials: {source: static, access-key-id: AKIAEXAMPLEEXAMPLE, secret-access-key: hush}}\n");
            routes.append("  - {match: \"http:")
                    .append(name)
                    .append("\", stream: ")
                    .append(name);
            routes.append(", target: ").append(name).append("}\n");
        });
        long free = Files.getFileStore(folder).getUsableSpace();
        String yaml = """
                data: %s
                shutdown-timeout: 0ms
                mqtt: {listen: "127.0.0.1:0", auth: {password-file: "%s"}}
                forward: {listen: []}
                log4j: {listen: []}
                http: {listen: "127.0.0.1:0"}
                admin: {listen: "127.0.0.1:0"}
                engine: {listen: "127.0.0.1:0"}
                spool: {reserve: %d, max-bytes: 8MiB}
                """.formatted(folder.resolve("data"), passwords, free / 10 * 7) + more + routes;
        ConfigurationResult result = ConfigurationLoader.ofProcess().parse(yaml);
        return assertInstanceOf(ConfigurationResult.Loaded.class, result, result::toString)
                .configuration();
    }

    private static List<JsonNode> conditions(Agent agent) throws Exception {
        List<JsonNode> all = new ArrayList<>();
        new ObjectMapper()
                .readTree(get(agent, "/api/status"))
                .path("conditions")
                .forEach(all::add);
        return all;
    }

    private static String place(JsonNode condition) {
        JsonNode place = condition.path("place");
        return (place.path("kind").asText() + " " + place.path("name").asText()).strip();
    }

    private static String get(Agent agent, String path) {
        HttpRequest request =
                HttpRequest.newBuilder(listener(agent, "admin").resolve(path)).build();
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static void post(Agent agent, String stream, String type, String body, int expectedStatus)
            throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        listener(agent, "http").resolve("/v1/streams/" + stream + "/records"))
                .header("Content-Type", type)
                .timeout(Duration.ofMinutes(1))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        assertEquals(
                expectedStatus,
                HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode(),
                stream);
    }

    /** An MQTT CONNECT with a wrong password. */
    private static void connect(Agent agent) throws IOException {
        URI mqtt = URI.create("mqtt://" + listener(agent, "mqtt").toString().replaceFirst("^[a-z]+://", ""));
        try (Socket client = new Socket(mqtt.getHost(), mqtt.getPort())) {
            String connect = "\0\4MQTT\4\u00c2\0\0\0\5gauge\0\3bob\0\4hush";
            byte[] packet = ("\20" + (char) connect.length() + connect).getBytes(StandardCharsets.ISO_8859_1);
            client.getOutputStream().write(packet);
            byte[] answer = client.getInputStream().readNBytes(4);
            assertEquals(0x20, answer[0]);
        }
    }

    private static URI listener(Agent agent, String name) {
        List<String> urls = agent.startReport()
                .listener(name)
                .map(StartReport.Listener::urls)
                .orElseThrow();
        String url = urls.get(0);
        return URI.create(url.contains("://") ? url : "tcp://" + url);
    }
}
