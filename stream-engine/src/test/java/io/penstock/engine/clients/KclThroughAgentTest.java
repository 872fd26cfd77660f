package io.penstock.engine.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/**
 * The Kinesis Client Library 3, and in another run the 2, reads a stream through the agent's Kinesis API, which passes its
 * calls on: by polling
 * with the default {@code pass-through}, and with enhanced fan-out, for which it registers a consumer, with {@code all}.
 */
class KclThroughAgentTest {
    private static final String STREAM = "orders";
    private static final ConditionFactory SOON =
            Awaitility.await().atMost(Duration.ofMinutes(3)).pollInterval(Duration.ofMillis(200));

    @TempDir
    Path folder;

    private final Set<String> sent = new HashSet<>();

    private void put(KinesisAsyncClient kinesis, int count) {
        List<PutRecordsRequestEntry> entries = IntStream.range(sent.size(), sent.size() + count)
                .mapToObj(number -> PutRecordsRequestEntry.builder()
                        .partitionKey("key " + number)
                        .data(SdkBytes.fromUtf8String("record " + number))
                        .build())
                .toList();
        assertEquals(
                0,
                kinesis.putRecords(r -> r.streamName(STREAM).records(entries))
                        .join()
                        .failedRecordCount());
        entries.forEach(entry -> sent.add(entry.data().asUtf8String()));
    }

    @ParameterizedTest
    @CsvSource({"polling, read-only", "fanout, all"})
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void everyRecordIsProcessedAlsoAfterTheAgentIsKilled(String mode, String passThrough) throws Exception {
        try (AgentProcess agent = new AgentProcess(folder, "pass-through: " + passThrough);
                KclWorkers workers = new KclWorkers(STREAM, agent.apiPort(), folder);
                KinesisAsyncClient kinesis = KinesisAsyncClient.builder()
                        .endpointOverride(URI.create("http://127.0.0.1:" + agent.apiPort()))
                        .region(Region.US_EAST_1)
                        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
                        .build()) {
            put(kinesis, 500);
            SOON.until(() -> kinesis.describeStreamSummary(r -> r.streamName(STREAM))
                    .handle((summary, missing) -> missing == null)
                    .join());
            workers.start("ada", mode);
            awaitAllProcessed(workers);
            put(kinesis, 500);
            awaitAllProcessed(workers);
            agent.killAndStart();
            put(kinesis, 500);
            awaitAllProcessed(workers);
        }
    }

    private void awaitAllProcessed(KclWorkers workers) {
        SOON.untilAsserted(() -> {
            Set<String> missing = new HashSet<>(sent);
            workers.noted("record").forEach(missing::remove);
            assertEquals(Set.of(), missing);
        });
    }
}
