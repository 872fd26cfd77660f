package io.penstock.engine.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.engine.EngineSettings;
import io.penstock.engine.JsonClient;
import io.penstock.engine.StreamEngine;
import io.penstock.engine.Tls;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.utils.AttributeMap;

/** The AWS SDK for Java with its default protocols, CBOR over HTTP/2: through a split and a merge, in order per key. */
class SdkOrderTest {
    private static final int KEYS = 20;
    private static final int CALLS = 200;
    private static final AttributeMap ANY_CERTIFICATE = AttributeMap.builder()
            .put(SdkHttpConfigurationOption.TRUST_ALL_CERTIFICATES, true)
            .build();

    private int sent;

    private void put(KinesisAsyncClient kinesis) {
        for (int call = 0; call < CALLS; call++) {
            int number = sent++;
            List<PutRecordsRequestEntry> entries = IntStream.range(0, KEYS)
                    .mapToObj(key -> PutRecordsRequestEntry.builder()
                            .partitionKey("key " + key)
                            .data(SdkBytes.fromUtf8String(key + " " + number))
                            .build())
                    .toList();
            assertEquals(
                    0,
                    kinesis.putRecords(r -> r.streamName("orders").records(entries))
                            .join()
                            .failedRecordCount());
        }
    }

    private static void awaitActive(KinesisAsyncClient kinesis) {
        kinesis.waiter().waitUntilStreamExists(r -> r.streamName("orders")).join();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void everyRecordIsReadInOrder(String scheme) throws Exception {
        try (StreamEngine engine = StreamEngine.start(EngineSettings.ephemeral()
                        .withTransition(Duration.ofMillis(100))
                        .withTls(new Tls.Generated(List.of())));
                KinesisAsyncClient kinesis = KinesisAsyncClient.builder()
                        .endpointOverride(URI.create(
                                scheme + "://localhost:" + engine.address().getPort()))
                        .region(Region.US_EAST_1)
                        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
                        .httpClient(NettyNioAsyncHttpClient.builder().buildWithDefaults(ANY_CERTIFICATE))
                        .build()) {
            engine.createStream("orders", 2);
            put(kinesis);
            kinesis.splitShard(r -> r.streamName("orders")
                            .shardToSplit(JsonClient.shardId(0))
                            .newStartingHashKey("85070591730234615865843651857942052864"))
                    .join();
            awaitActive(kinesis);
            put(kinesis);
            kinesis.mergeShards(r -> r.streamName("orders")
                            .shardToMerge(JsonClient.shardId(2))
                            .adjacentShardToMerge(JsonClient.shardId(3)))
                    .join();
            awaitActive(kinesis);
            put(kinesis);
            Map<String, Integer> next = new HashMap<>();
            for (Shard shard :
                    kinesis.listShards(r -> r.streamName("orders")).join().shards()) {
                for (Record record : KplTest.readAll(kinesis, shard.shardId())) {
                    String[] parts = record.data().asUtf8String().split(" ");
                    assertEquals(next.merge(parts[0], 1, Integer::sum) - 1, Integer.parseInt(parts[1]), parts[0]);
                }
            }
            assertEquals(KEYS, next.size());
            assertTrue(next.values().stream().allMatch(count -> count == sent), next::toString);
        }
    }
}
