package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("penstock engine --transition")
class EngineTransitionIT {
    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();

    private JsonNode call(AgentProcess engine, String operation, String body) throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(engine.http("kinesis"))
                        .header("X-Amz-Target", "Kinesis_20131202." + operation)
                        .header("Content-Type", "application/x-amz-json-1.1")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return answer.body().isEmpty() ? json.nullNode() : json.readTree(answer.body());
    }

    private String status(AgentProcess engine, String stream) throws Exception {
        return call(engine, "DescribeStreamSummary", "{\"StreamName\":\"" + stream + "\"}")
                .path("StreamDescriptionSummary")
                .path("StreamStatus")
                .asText();
    }

    @Test
    void streamsAreInTransitionForThatTimeAndThoseOfTheCommandLineAreThereAtOnce() throws Exception {
        try (AgentProcess engine = AgentProcess.start(
                "engine",
                "--ephemeral",
                "--listen",
                "127.0.0.1:0",
                "--stream",
                "split:1",
                "--stream",
                "deleted:1",
                "--transition",
                "10m")) {
            engine.awaitReady();
            assertEquals("ACTIVE", status(engine, "split"));
            call(engine, "CreateStream", "{\"StreamName\":\"made\",\"ShardCount\":1}");
            assertEquals("CREATING", status(engine, "made"));
            assertEquals(
                    "ResourceNotFoundException",
                    call(engine, "PutRecord", "{\"StreamName\":\"made\",\"PartitionKey\":\"k\",\"Data\":\"YQ==\"}")
                            .path("__type")
                            .asText());
            String split = "{\"StreamName\":\"split\",\"ShardToSplit\":\"shardId-0\",\"NewStartingHashKey\":\"%d\"}";
            call(engine, "SplitShard", split.formatted(5));
            assertEquals("UPDATING", status(engine, "split"));
            assertEquals(
                    "ResourceInUseException",
                    call(engine, "SplitShard", split.formatted(7))
                            .path("__type")
                            .asText());
            call(engine, "DeleteStream", "{\"StreamName\":\"deleted\"}");
            assertEquals("DELETING", status(engine, "deleted"));
        }
    }
}
