package io.penstock.engine.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.engine.EngineSettings;
import io.penstock.engine.JsonClient;
import io.penstock.engine.StreamEngine;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/**
 * The Kinesis Client Library 3, and in another run the KCL 2, with its workers in separate processes and leases in
 * DynamoDB Local: through a split and a merge, the death of a worker and a restart, no record is missed, and each worker
 * gets those of a key in order.
 */
class KclTest {
    private static final String STREAM = "orders";
    private static final int KEYS = 50;
    private static final ConditionFactory SOON =
            Awaitility.await().atMost(Duration.ofMinutes(3)).pollInterval(Duration.ofMillis(200));

    @TempDir
    Path folder;

    private final Set<String> sent = new HashSet<>();
    private StreamEngine engine;
    private KinesisAsyncClient kinesis;
    private KclWorkers workers;

    @BeforeEach
    void start() throws Exception {
        engine = StreamEngine.start(EngineSettings.ephemeral().withTransition(Duration.ofMillis(100)));
        kinesis = KinesisAsyncClient.builder()
                .endpointOverride(
                        URI.create("http://127.0.0.1:" + engine.address().getPort()))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
                .build();
        workers = new KclWorkers(STREAM, engine.address().getPort(), folder);
        kinesis.createStream(r -> r.streamName(STREAM).shardCount(2)).join();
        awaitActive();
    }

    @AfterEach
    void close() throws Exception {
        workers.close();
        kinesis.close();
        engine.close();
    }

    private void awaitActive() {
        kinesis.waiter().waitUntilStreamExists(r -> r.streamName(STREAM)).join();
    }

    private void put(int count) {
        int from = sent.size();
        for (int first = from; first < from + count; first += 100) {
            List<PutRecordsRequestEntry> entries = IntStream.range(first, first + 100)
                    .mapToObj(number -> PutRecordsRequestEntry.builder()
                            .partitionKey("key " + number % KEYS)
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
    }

    private void awaitAllProcessed() {
        SOON.untilAsserted(() -> {
            Set<String> missing = new HashSet<>(sent);
            workers.noted("record").forEach(missing::remove);
            assertEquals(Set.of(), missing);
        });
        workers.names().forEach(this::assertOrder);
    }

    /** What a worker processes again after another one's death does not count. */
    private void assertOrder(String worker) {
        Map<Integer, Integer> latest = new HashMap<>();
        Set<String> seen = new HashSet<>();
        for (String record : workers.noted(worker, "record")) {
            int number = Integer.parseInt(record.substring("record ".length()));
            if (seen.add(record)) {
                Integer before = latest.put(number % KEYS, number);
                assertTrue(before == null || before < number, () -> worker + ": " + number + " after " + before);
            }
        }
    }

    /** The KCL moves leases by their load, so load must continue. */
    private void awaitBalance(String mode) {
        SOON.pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            put(100);
            assertEquals(Set.of("ada", "bob"), workers.owners(mode).keySet());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"polling", "fanout"})
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void everyRecordIsProcessedThroughASplitAMergeADeathAndARestart(String mode) throws Exception {
        workers.start("ada", mode);
        put(1000);
        awaitAllProcessed();
        workers.start("bob", mode);
        awaitBalance(mode);

        String split = JsonClient.shardId(0);
        kinesis.splitShard(r -> r.streamName(STREAM)
                        .shardToSplit(split)
                        .newStartingHashKey("85070591730234615865843651857942052864"))
                .join();
        awaitActive();
        put(500);
        awaitAllProcessed();

        List<String> merged = List.of(JsonClient.shardId(2), JsonClient.shardId(3));
        kinesis.mergeShards(
                        r -> r.streamName(STREAM).shardToMerge(merged.get(0)).adjacentShardToMerge(merged.get(1)))
                .join();
        awaitActive();
        put(500);
        awaitAllProcessed();
        SOON.untilAsserted(
                () -> assertEquals(Set.of(split, merged.get(0), merged.get(1)), Set.copyOf(workers.noted("end"))));

        // For the KCL 2 the leases of ended shards are load, too: one worker may have all shards that go on.
        String dead = workers.owners(mode).keySet().iterator().next();
        String left = dead.equals("ada") ? "bob" : "ada";
        workers.kill(dead);
        SOON.untilAsserted(() -> assertEquals(Set.of(left), workers.owners(mode).keySet()));
        put(500);
        awaitAllProcessed();

        workers.stop(left);
        Set<String> before = Set.copyOf(sent);
        put(500);
        workers.start("cyd", mode);
        awaitAllProcessed();
        Set<String> again = new HashSet<>(workers.noted("cyd", "record"));
        again.retainAll(before);
        assertEquals(Set.of(), again, "it goes on after the checkpoint");
    }
}
