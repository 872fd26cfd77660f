package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.kinesis.model.KinesisException;

/** The agent calls its own engine also when that takes signed calls only. */
@DisplayName("an engine in the agent with auth: sigv4")
class SignedEngineIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void theAgentDeliversToItAndOnlyKnownClientsRead(@TempDir Path folder) throws Exception {
        Path keys = Files.writeString(
                folder.resolve("keys"),
                "[reader]\naws_access_key_id = READER\naws_secret_access_key = a long enough secret\n");
        String configuration = AgentProcess.FREE_PORTS.replace(
                "engine:\n", "engine:\n  auth: sigv4\n  credentials-file: " + keys + "\n");
        try (AgentProcess agent = AgentProcess.run(folder, configuration);
                StreamContents known = new StreamContents(agent.http("kinesis"), "READER", "a long enough secret");
                StreamContents unknown = new StreamContents(agent.http("kinesis"))) {
            HttpRequest request = HttpRequest.newBuilder(agent.http("http").resolve("/v1/streams/posted/records"))
                    .header("Content-Type", "text/plain")
                    .POST(HttpRequest.BodyPublishers.ofString("bread"))
                    .build();
            HttpResponse<String> answer =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            assertEquals(200, answer.statusCode(), answer::body);
            Awaitility.await().atMost(LIMIT).until(() -> known.of("posted").size() == 1);
            CompletionException refused = assertThrows(CompletionException.class, () -> unknown.of("posted"));
            assertEquals(
                    "UnrecognizedClientException",
                    assertInstanceOf(KinesisException.class, refused.getCause())
                            .awsErrorDetails()
                            .errorCode());
        }
    }
}
