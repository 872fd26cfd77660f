package io.penstock.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.agent.config.ConfigurationLoader;
import io.penstock.agent.config.ConfigurationResult;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The console of an agent that sends to another endpoint")
class ConsoleWithoutEngineTest {
    private static final String ABSENCE = "No stream engine runs in this agent, which sends to other endpoints; the"
            + " console shows the streams of the engine only, which kinesis.endpoint: embedded starts";

    @Test
    void saysWhyItShowsNothingAndWhatStartsAnEngine(@TempDir Path folder) throws Exception {
        ConfigurationResult result = ConfigurationLoader.ofProcess().parse("""
                data: %s
                shutdown-timeout: 0ms
                mqtt: {listen: []}
                forward: {listen: []}
                log4j: {listen: []}
                http: {listen: []}
                admin: {listen: "127.0.0.1:0"}
                kinesis: {endpoint: "http://127.0.0.1:1"}
                spool: {reserve: 0}
                """.formatted(folder));
        try (Agent agent = Agent.start(
                assertInstanceOf(ConfigurationResult.Loaded.class, result).configuration(), "test")) {
            String admin =
                    agent.startReport().listener("admin").orElseThrow().urls().get(0);
            HttpClient http = HttpClient.newHttpClient();
            HttpResponse<String> streams = http.send(
                    HttpRequest.newBuilder(URI.create(admin).resolve("/api/console/streams"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(
                    ABSENCE,
                    new ObjectMapper().readTree(streams.body()).get("absence").asText());
            HttpResponse<String> one = http.send(
                    HttpRequest.newBuilder(URI.create(admin).resolve("/api/console/stream?id=1"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(404, one.statusCode());
            assertEquals(
                    ABSENCE,
                    new ObjectMapper().readTree(one.body()).get("error").asText());
        }
    }
}
