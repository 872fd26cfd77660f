package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;

/** The AWS SDK for Java, as it comes, puts into the real process. */
@DisplayName("the Kinesis API as an input, with the AWS SDK for Java")
class KinesisApiIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static String configuration(String ack) {
        return AgentProcess.FREE_PORTS + "kinesis-api: {listen: \"127.0.0.1:0\", ack: " + ack + "}\n";
    }

    private static KinesisAsyncClient client(URI endpoint) {
        return KinesisAsyncClient.builder()
                .httpClientBuilder(NettyNioAsyncHttpClient.builder())
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "thing")))
                .build();
    }

    private static PutRecordsRequestEntry entry(String data, String key) {
        return PutRecordsRequestEntry.builder()
                .data(SdkBytes.fromUtf8String(data))
                .partitionKey(key)
                .build();
    }

    @Test
    void aKillLosesNothingThatWasAcknowledged(@TempDir Path folder) throws Exception {
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        for (int round = 0; round < 3; round++) {
            try (AgentProcess agent = AgentProcess.run(folder, configuration("durable"));
                    KinesisAsyncClient client = client(agent.http("kinesis-api"))) {
                int before = acknowledged.size();
                AtomicBoolean ending = new AtomicBoolean();
                CompletableFuture<Void> load = load(client, round, acknowledged, ending);
                Awaitility.await().atMost(LIMIT).until(() -> acknowledged.size() > before + 2_000);
                agent.kill();
                ending.set(true);
                load.join();
            }
        }
        try (AgentProcess agent = AgentProcess.run(folder, configuration("durable"));
                StreamContents streams = new StreamContents(agent.http("kinesis"))) {
            Set<String> missing = new TreeSet<>(acknowledged);
            Awaitility.await()
                    .atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(500))
                    .untilAsserted(() -> {
                        missing.removeAll(streams.texts("load"));
                        assertEquals(Set.of(), missing, "lost of " + acknowledged.size() + " acknowledged");
                    });
        }
    }

    /** Calls of 100 records, one after the other, until one fails. */
    private static CompletableFuture<Void> load(
            KinesisAsyncClient client, int round, Set<String> acknowledged, AtomicBoolean ending) {
        return CompletableFuture.runAsync(() -> {
            for (int call = 0; !ending.get(); call++) {
                List<PutRecordsRequestEntry> entries = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    entries.add(entry(round + "-" + call + "-" + i, "key-" + i));
                }
                try {
                    PutRecordsResponse answer = client.putRecords(
                                    put -> put.streamName("load").records(entries))
                            .join();
                    for (int i = 0; i < entries.size(); i++) {
                        if (answer.records().get(i).errorCode() == null) {
                            acknowledged.add(entries.get(i).data().asUtf8String());
                        }
                    }
                } catch (RuntimeException killed) {
                    return;
                }
            }
        });
    }

    @Test
    void deliveredAnswersHaveTheStreamsOwnNumbersAndReadersSeeTheRecords(@TempDir Path folder) throws Exception {
        try (AgentProcess agent = AgentProcess.run(folder, configuration("delivered"));
                KinesisAsyncClient client = client(agent.http("kinesis-api"));
                StreamContents streams = new StreamContents(agent.http("kinesis"))) {
            List<PutRecordsRequestEntry> entries = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                entries.add(entry("data-" + i, "key-" + i));
            }
            String last = "340282366920938463463374607431768211455";
            entries.add(entry("last", "key").toBuilder().explicitHashKey(last).build());
            PutRecordsResponse answer = client.putRecords(
                            put -> put.streamName("shop").records(entries))
                    .join();
            assertEquals(0, answer.failedRecordCount());
            Map<String, String> stored = streams.of("shop").stream()
                    .collect(Collectors.toMap(record -> record.data().asUtf8String(), Record::sequenceNumber));
            for (int i = 0; i < entries.size(); i++) {
                String data = entries.get(i).data().asUtf8String();
                assertEquals(stored.get(data), answer.records().get(i).sequenceNumber(), data);
            }
            assertEquals("shardId-000000000003", answer.records().get(20).shardId());
            assertTrue(client.describeStreamSummary(each -> each.streamName("shop"))
                            .join()
                            .streamDescriptionSummary()
                            .openShardCount()
                    == 4);
            assertEquals(Set.copyOf(stored.keySet()), Set.copyOf(read(client, "shop")));
        }
    }

    /** Through the agent, as a consumer reads. */
    private static List<String> read(KinesisAsyncClient client, String stream) {
        ConcurrentLinkedQueue<String> found = new ConcurrentLinkedQueue<>();
        client.listShards(each -> each.streamName(stream)).join().shards().forEach(shard -> {
            String iterator = client.getShardIterator(each ->
                            each.streamName(stream).shardId(shard.shardId()).shardIteratorType("TRIM_HORIZON"))
                    .join()
                    .shardIterator();
            client.getRecords(each -> each.shardIterator(iterator))
                    .join()
                    .records()
                    .forEach(record -> found.add(new String(record.data().asByteArray(), StandardCharsets.UTF_8)));
        });
        return List.copyOf(found);
    }
}
