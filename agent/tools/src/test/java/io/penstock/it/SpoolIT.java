package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("penstock spool")
class SpoolIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int EVENTS = 100_001;
    private static final String CONFIGURATION = AgentProcess.FREE_PORTS + """
            shutdown-timeout: 100ms
            kinesis:
              endpoint: "http://127.0.0.1:1"
            """;

    @TempDir
    Path folder;

    @Test
    void exportsWhatWaitsWithProgressAndRefusesWhileAnAgentRunsThere() throws Exception {
        Path data = folder.resolve("data");
        Path file = folder.resolve("export.ndjson");
        try (AgentProcess agent = AgentProcess.run(folder, CONFIGURATION)) {
            post(agent);
            assertTrue(spool(0, "list").contains("posted"));
            for (String refused : List.of(spool(1, "export", "-o", file.toString()), spool(1, "inspect"))) {
                assertTrue(refused.contains(data.toString()) && refused.contains("in use"), refused);
            }
            agent.terminate();
            assertEquals(0, agent.awaitExit(LIMIT), agent::output);
        }
        Files.deleteIfExists(file);
        assertTrue(spool(0, "inspect").contains("posted: " + EVENTS + " events wait"));
        String said = spool(0, "export", "-o", file.toString(), "posted");
        assertTrue(said.contains("posted: 100000 of " + EVENTS), said);
        assertTrue(said.contains("exported " + EVENTS + " events"), said);
        List<String> lines = Files.readAllLines(file);
        assertEquals(EVENTS, lines.size());
        JsonNode last = new ObjectMapper().readTree(lines.get(EVENTS - 1));
        assertEquals("posted", last.path("stream").asText());
        assertEquals(EVENTS - 1, last.path("offset").asInt());
        assertTrue(last.hasNonNull("accepted"), last.toString());
        String record = new String(last.path("data_base64").binaryValue(), StandardCharsets.UTF_8);
        assertTrue(record.contains("\"n\":" + (EVENTS - 1)), record);
        assertTrue(
                spool(1, "export", "-o", file.toString()).contains(file.toString()), "an existing file was replaced");
        assertTrue(spool(2, "export", "unknown").contains("posted"), "the known streams are not named");
    }

    private String spool(int status, String... arguments) throws Exception {
        String[] command = IntStream.range(0, arguments.length + 3)
                .mapToObj(i -> switch (i) {
                    case 0 -> "spool";
                    case 1 -> arguments[0];
                    case 2 -> "--data";
                    case 3 -> folder.resolve("data").toString();
                    default -> arguments[i - 3];
                })
                .toArray(String[]::new);
        try (AgentProcess spool = AgentProcess.start(command)) {
            assertEquals(status, spool.awaitExit(LIMIT), spool::output);
            return spool.output();
        }
    }

    private static void post(AgentProcess agent) throws Exception {
        String body =
                IntStream.range(0, EVENTS).mapToObj(n -> "{\"n\":" + n + "}").collect(Collectors.joining("\n"));
        HttpRequest request = HttpRequest.newBuilder(agent.http("http").resolve("/v1/streams/posted/records"))
                .timeout(LIMIT)
                .header("content-type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(request, HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer.body());
    }
}
