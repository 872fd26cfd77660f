package io.penstock.agent;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.agent.config.ConfigurationLoader;
import io.penstock.agent.config.ConfigurationResult;
import io.penstock.base.auth.PasswordEntries;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The list of a whole agent's clients")
@Tag("slow")
class ClientListTest {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String SIGNED = "AWS4-HMAC-SHA256 Credential=AKIDSITE/20261201/us-east-1/kinesis/aws4_request,"
            + " SignedHeaders=host, Signature=0";
    private static final String BASIC = "Basic am9lOnNlY3JldA==";

    private Agent agent;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        PasswordEntries.empty().with("joe", "secret").write(folder.resolve("users"));
        ConfigurationResult result = ConfigurationLoader.ofProcess().parse("""
                data: %1$s
                shutdown-timeout: 0ms
                mqtt: {listen: []}
                forward: {listen: []}
                log4j: {listen: "127.0.0.1:0"}
                http: {listen: "127.0.0.1:0", auth: {password-file: "%1$s/users"}}
                kinesis-api: {listen: "127.0.0.1:0"}
                admin: {listen: "127.0.0.1:0"}
                engine: {listen: "127.0.0.1:0", default-shards: 1}
                spool: {reserve: 0}
                """.formatted(folder));
        agent = Agent.start(((ConfigurationResult.Loaded) result).configuration(), "test");
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    @Test
    void countsTheEventsOfEachConnectionOfHttpLog4jAndTheKinesisApi() throws Exception {
        send("http", "/v1/streams/s/records", "application/x-ndjson", "{\"a\":1}\n{\"a\":2}\n");
        send("http", "/v1/logs", "application/json", """
                {"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"a"}}]}]}]}""");
        send("kinesis-api", "/", "application/x-amz-json-1.1", """
                {"StreamName":"s","Data":"YQ==","PartitionKey":"k"}""");
        try (Socket lines = new Socket(
                "127.0.0.1",
                agent.startReport()
                        .listener("log4j")
                        .orElseThrow()
                        .addresses()
                        .get(0)
                        .getPort())) {
            lines.getOutputStream().write("{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n".getBytes(StandardCharsets.UTF_8));
            await().untilAsserted(() -> assertEquals(
                    Map.of("http HTTP joe", 3, "kinesis Kinesis API AKIDSITE", 1, "log4j JSON lines ", 3), clients()));
        }
    }

    private void send(String listener, String path, String type, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(url(listener).resolve(path))
                .header("Content-Type", type)
                .header("X-Amz-Target", "Kinesis_20131202.PutRecord")
                .header("Authorization", "kinesis-api".equals(listener) ? SIGNED : BASIC)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer.body());
    }

    /** Events by source, protocol, and name or user. */
    private Map<String, Integer> clients() throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(url("admin").resolve("/api/clients")).build();
        JsonNode all = new ObjectMapper()
                .readTree(
                        http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        Map<String, Integer> events = new TreeMap<>();
        for (JsonNode client : all.get("clients")) {
            events.merge(
                    client.get("source").asText() + " " + client.get("protocol").asText() + " "
                            + client.get("name").asText() + client.get("user").asText(),
                    client.get("events").asInt(),
                    Integer::sum);
        }
        return events;
    }

    private URI url(String listener) {
        return URI.create(
                agent.startReport().listener(listener).orElseThrow().urls().get(0));
    }
}
