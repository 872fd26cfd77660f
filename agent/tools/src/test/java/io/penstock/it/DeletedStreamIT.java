package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.engine.EngineSettings;
import io.penstock.engine.StreamEngine;
import io.penstock.faults.FaultPlan;
import io.penstock.faults.FaultPlan.Fault;
import io.penstock.faults.FaultyKinesis;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;

@Tag("long") // a stream that is missing is looked for every half minute
@DisplayName("DeleteStream through the agent, while its spool holds acknowledged records of the stream")
class DeletedStreamIT {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final String STREAM = "orders";
    /** From the start: the proxy draws a fault before the call comes that meets it. */
    private static final FaultPlan NO_PUTS = FaultPlan.NONE.with(Fault.ERROR_500, 1);

    private final Set<String> acknowledged = new HashSet<>();

    private static String configuration(FaultyKinesis target, boolean autoCreate) {
        return AgentProcess.FREE_PORTS + """
                kinesis-api: {listen: "127.0.0.1:0", pass-through: all}
                kinesis: {endpoint: "%s", auto-create: {enabled: %s, shards: 1}}
                """.formatted(target.uri(), autoCreate);
    }

    private void put(KinesisAsyncClient client, String data) {
        client.putRecord(put -> put.streamName(STREAM).partitionKey("k").data(SdkBytes.fromUtf8String(data)))
                .join();
        acknowledged.add(data);
    }

    /** With records in the spool that the target did not take, and without the stream there. */
    private void putAndDelete(KinesisAsyncClient client, StreamContents target, FaultyKinesis faults) {
        create(target.client());
        Instant made = made(target);
        put(client, "one");
        put(client, "two");
        client.deleteStream(request -> request.streamName(STREAM)).join();
        // Until it is gone a stream takes puts, which go with it.
        await(() -> assertNotEquals(made, made(target)));
        faults.plan(FaultPlan.NONE);
    }

    /** When the stream was made; the epoch if it is not there. */
    private static Instant made(StreamContents target) {
        try {
            return target.client()
                    .describeStreamSummary(request -> request.streamName(STREAM))
                    .join()
                    .streamDescriptionSummary()
                    .streamCreationTimestamp();
        } catch (CompletionException gone) {
            if (gone.getCause() instanceof ResourceNotFoundException) {
                return Instant.EPOCH;
            }
            throw gone;
        }
    }

    private static void create(KinesisAsyncClient client) {
        client.createStream(request -> request.streamName(STREAM).shardCount(1)).join();
    }

    private static void await(Runnable assertion) {
        Awaitility.await()
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .untilAsserted(assertion::run);
    }

    private void assertDelivered(StreamContents target) {
        await(() -> assertEquals(acknowledged, Set.copyOf(target.texts(STREAM))));
    }

    @Test
    void bringsTheStreamBackWhereMissingStreamsAreMade(@TempDir Path folder) throws Exception {
        try (StreamEngine engine = StreamEngine.start(EngineSettings.ephemeral());
                StreamContents target = new StreamContents(uri(engine));
                FaultyKinesis faults = new FaultyKinesis(0, uri(engine), NO_PUTS, 1);
                AgentProcess agent = AgentProcess.run(folder, configuration(faults, true));
                StreamContents through = new StreamContents(agent.http("kinesis-api"))) {
            putAndDelete(through.client(), target, faults);
            assertDelivered(target);
        }
    }

    @Test
    void parksTheStreamUntilItIsMadeAgain(@TempDir Path folder) throws Exception {
        try (StreamEngine engine = StreamEngine.start(EngineSettings.ephemeral());
                StreamContents target = new StreamContents(uri(engine));
                FaultyKinesis faults = new FaultyKinesis(0, uri(engine), NO_PUTS, 1);
                AgentProcess agent = AgentProcess.run(folder, configuration(faults, false));
                StreamContents through = new StreamContents(agent.http("kinesis-api"))) {
            putAndDelete(through.client(), target, faults);
            await(() -> assertTrue(status(agent).contains("stream-missing")));
            await(() -> assertTrue(isRefused(through.client())));
            create(through.client());
            assertDelivered(target);
        }
    }

    /** A put before the agent knows that the stream is gone is acknowledged. */
    private boolean isRefused(KinesisAsyncClient client) {
        try {
            put(client, "further " + acknowledged.size());
            return false;
        } catch (CompletionException refused) {
            return refused.getCause() instanceof ResourceNotFoundException;
        }
    }

    private static String status(AgentProcess agent) {
        return HttpClient.newHttpClient()
                .sendAsync(
                        HttpRequest.newBuilder(agent.http("admin").resolve("/api/status"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .join()
                .body();
    }

    private static URI uri(StreamEngine engine) {
        return URI.create("http://127.0.0.1:" + engine.address().getPort());
    }
}
