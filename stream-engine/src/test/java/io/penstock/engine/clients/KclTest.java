package io.penstock.engine.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.engine.EngineSettings;
import io.penstock.engine.JsonClient;
import io.penstock.engine.StreamEngine;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.dynamodb.services.local.main.ServerRunner;
import software.amazon.dynamodb.services.local.server.DynamoDBProxyServer;

/**
 * The Kinesis Client Library 3, its workers in processes of their own, leases in DynamoDB Local: through a split and a
 * merge, the death of a worker and a restart, no record is missed.
 */
class KclTest {
    private static final String STREAM = "orders";
    private static final ConditionFactory SOON =
            Awaitility.await().atMost(Duration.ofMinutes(3)).pollInterval(Duration.ofMillis(200));

    @TempDir
    Path folder;

    private final Map<String, Process> workers = new HashMap<>();
    private final Set<String> sent = new HashSet<>();
    private StreamEngine engine;
    private KinesisAsyncClient kinesis;
    private DynamoDBProxyServer leases;
    private DynamoDbAsyncClient dynamo;
    private String dynamoEndpoint;

    @BeforeEach
    void start() throws Exception {
        engine = StreamEngine.start(EngineSettings.ephemeral().withTransition(Duration.ofMillis(100)));
        StaticCredentialsProvider any = StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any"));
        kinesis = KinesisAsyncClient.builder()
                .endpointOverride(URI.create(endpoint()))
                .region(Region.US_EAST_1)
                .credentialsProvider(any)
                .build();
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        leases = ServerRunner.createServerFromCommandLineArgs(
                new String[] {"-inMemory", "-disableTelemetry", "-port", String.valueOf(port)});
        leases.start();
        dynamoEndpoint = "http://127.0.0.1:" + port;
        dynamo = DynamoDbAsyncClient.builder()
                .endpointOverride(URI.create(dynamoEndpoint))
                .region(Region.US_EAST_1)
                .credentialsProvider(any)
                .build();
        kinesis.createStream(r -> r.streamName(STREAM).shardCount(2)).join();
        awaitActive();
    }

    @AfterEach
    void close() throws Exception {
        workers.values().forEach(Process::destroyForcibly);
        kinesis.close();
        dynamo.close();
        leases.stop();
        engine.close();
    }

    private String endpoint() {
        return "http://127.0.0.1:" + engine.address().getPort();
    }

    private void awaitActive() {
        kinesis.waiter().waitUntilStreamExists(r -> r.streamName(STREAM)).join();
    }

    private void work(String name, String mode) throws IOException {
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        workers.put(
                name,
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-Xmx256m",
                                "-cp",
                                classes,
                                KclWorker.class.getName(),
                                endpoint(),
                                dynamoEndpoint,
                                STREAM,
                                name,
                                mode,
                                notes(name).toString())
                        .redirectErrorStream(true)
                        .redirectOutput(new File(folder.toFile(), name + ".log"))
                        .start());
    }

    private Path notes(String worker) {
        return folder.resolve(worker + ".notes");
    }

    private List<String> noted(String worker, String kind) {
        try {
            return Files.exists(notes(worker))
                    ? Files.readAllLines(notes(worker)).stream()
                            .filter(line -> line.startsWith(kind + " "))
                            .map(line -> line.substring(kind.length() + 1))
                            .toList()
                    : List.of();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Set<String> noted(String kind) {
        Set<String> all = new HashSet<>();
        workers.keySet().forEach(worker -> all.addAll(noted(worker, kind)));
        return all;
    }

    private void put(int count) {
        int from = sent.size();
        for (int first = from; first < from + count; first += 100) {
            List<PutRecordsRequestEntry> entries = IntStream.range(first, first + 100)
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
    }

    private void awaitAllProcessed() {
        SOON.untilAsserted(() -> {
            Set<String> missing = new HashSet<>(sent);
            missing.removeAll(noted("record"));
            assertEquals(Set.of(), missing);
        });
    }

    /** Leases by owner, those of shards that are read to their end left out. */
    private Map<String, List<String>> owners(String mode) {
        Map<String, List<String>> owners = new HashMap<>();
        for (Map<String, AttributeValue> row :
                dynamo.scan(r -> r.tableName("app-" + mode)).join().items()) {
            AttributeValue owner = row.get("leaseOwner");
            if (owner != null && !row.get("checkpoint").s().equals("SHARD_END")) {
                owners.computeIfAbsent(owner.s(), key -> new ArrayList<>())
                        .add(row.get("leaseKey").s());
            }
        }
        return owners;
    }

    /** The KCL moves leases by their load, so that some goes on meanwhile. */
    private void awaitBalance(String mode) {
        SOON.pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            put(100);
            assertEquals(Set.of("ada", "bob"), owners(mode).keySet());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"polling", "fanout"})
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void everyRecordIsProcessedThroughASplitAMergeADeathAndARestart(String mode) throws Exception {
        work("ada", mode);
        put(1000);
        awaitAllProcessed();
        work("bob", mode);
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
        SOON.untilAsserted(() -> assertEquals(Set.of(split, merged.get(0), merged.get(1)), noted("end")));

        // Both have work, whoever had the parents.
        awaitBalance(mode);
        workers.get("bob").destroyForcibly().waitFor();
        SOON.untilAsserted(() -> assertEquals(Set.of("ada"), owners(mode).keySet()));
        put(500);
        awaitAllProcessed();

        workers.get("ada").destroy();
        assertTrue(workers.get("ada").waitFor(60, TimeUnit.SECONDS));
        Set<String> before = Set.copyOf(sent);
        put(500);
        work("cyd", mode);
        awaitAllProcessed();
        Set<String> again = new HashSet<>(noted("cyd", "record"));
        again.retainAll(before);
        assertEquals(Set.of(), again, "it goes on after the checkpoint");
    }
}
