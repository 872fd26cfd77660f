package io.penstock.agent;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.agent.config.Configuration;
import io.penstock.agent.config.ConfigurationLoader;
import io.penstock.agent.config.ConfigurationResult;
import io.penstock.engine.EngineSettings;
import io.penstock.engine.StreamEngine;
import io.penstock.fixtures.FakeSts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole agent with a target whose role STS does not give: what its streams, and those of others, do meanwhile. */
class DeniedCredentialsTest {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration PROBE = Duration.ofMillis(50);

    @TempDir
    Path folder;

    @Test
    void theTargetsStreamsAreParkedWithTheReasonOthersGoOnAndItResumesByItselfOnceMended() throws Exception {
        try (FakeSts sts = new FakeSts();
                StreamEngine account = StreamEngine.start(EngineSettings.ephemeral())) {
            sts.error = "AccessDenied";
            try (Agent agent = Agent.start(
                    configuration(
                            sts.uri(),
                            URI.create("http://127.0.0.1:" + account.address().getPort())),
                    "test",
                    PROBE)) {
                post(agent, "audit");
                await().until(() ->
                        stream(agent, "audit").path("condition").asText().equals("parked"));
                assertEquals(
                        "no credentials from role arn:aws:iam::123456789012:role/archive assumed with access key AKIAEXAMPLEEXAMPLE:"
                                + " AccessDenied: not now",
                        stream(agent, "audit").path("detail").asText());
                post(agent, "near");
                await().until(() ->
                        stream(agent, "near").path("delivered_events").asInt() == 1);
                assertEquals("parked", stream(agent, "audit").path("condition").asText());
                assertEquals(1, stream(agent, "audit").path("spooled_events").asInt());
                sts.error = "";
                await().until(() ->
                        stream(agent, "audit").path("delivered_events").asInt() == 1);
                await().until(() ->
                        stream(agent, "audit").path("condition").asText().equals("idle"));
                assertEquals("", stream(agent, "audit").path("detail").asText());
            }
        }
    }

    private Configuration configuration(URI sts, URI account) {
        String yaml = """
                data: %s
                shutdown-timeout: 0ms
                mqtt: {listen: []}
                forward: {listen: []}
                log4j: {listen: []}
                http: {listen: "127.0.0.1:0"}
                admin: {listen: "127.0.0.1:0"}
                engine: {listen: "127.0.0.1:0", default-shards: 1}
                spool: {reserve: 0, max-bytes: 8MiB}
                kinesis: {endpoint: embedded}
                targets:
                  archive:
                    endpoint: "%s"
                    credentials: {source: static, access-key-id: AKIAEXAMPLEEXAMPLE, secret-access-key: hush}
                    assume-role: {role-arn: "arn:aws:iam::123456789012:role/archive"}
                    sts-endpoint: "%s"
                    auto-create: {enabled: true, mode: provisioned, shards: 1}
                routes:
                  - {match: "http:near", stream: near}
                  - {match: "http:audit", stream: audit, target: archive}
                """.formatted(folder, account, sts);
        ConfigurationResult result = ConfigurationLoader.ofProcess().parse(yaml);
        return assertInstanceOf(ConfigurationResult.Loaded.class, result, result::toString)
                .configuration();
    }

    private static JsonNode stream(Agent agent, String name) throws Exception {
        JsonNode status = new ObjectMapper().readTree(get(agent, "/api/status"));
        for (JsonNode stream : status.path("streams")) {
            if (stream.path("stream").asText().equals(name)) {
                return stream;
            }
        }
        throw new AssertionError("no stream " + name + " in " + status);
    }

    private static String get(Agent agent, String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(listener(agent, "admin").resolve(path)).build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private static void post(Agent agent, String stream) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        listener(agent, "http").resolve("/v1/streams/" + stream + "/records"))
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofString(stream))
                .build();
        int status = HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        assertTrue(status == 200, () -> stream + ": " + status);
    }

    private static URI listener(Agent agent, String name) {
        List<String> urls = agent.startReport()
                .listener(name)
                .map(StartReport.Listener::urls)
                .orElseThrow();
        return URI.create(urls.get(0));
    }
}
