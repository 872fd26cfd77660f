package io.penstock.engine.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.penstock.engine.EngineSettings;
import io.penstock.engine.StreamEngine;
import io.penstock.engine.Tls;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.kinesis.producer.KinesisProducer;
import software.amazon.kinesis.producer.KinesisProducerConfiguration;
import software.amazon.kinesis.producer.UserRecordResult;
import software.amazon.kinesis.retrieval.AggregatorUtil;
import software.amazon.kinesis.retrieval.KinesisClientRecord;

/** The Kinesis Producer Library, which speaks TLS only and aggregates. */
class KplTest {
    private static final String STREAM = "orders";
    private static final int ROUND = 5_000;
    private static final int MOST_ROUNDS = 20;
    private static final StaticCredentialsProvider ANY =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any"));

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void everyUserRecordComesBackAfterDeaggregation() throws Exception {
        MeterRegistry meters = new SimpleMeterRegistry();
        try (StreamEngine engine = StreamEngine.start(
                        EngineSettings.ephemeral().withMeters(meters).withTls(new Tls.Generated(List.of())));
                KinesisAsyncClient kinesis = KinesisAsyncClient.builder()
                        .endpointOverride(URI.create(
                                "http://127.0.0.1:" + engine.address().getPort()))
                        .region(Region.US_EAST_1)
                        .credentialsProvider(ANY)
                        .build()) {
            engine.createStream(STREAM, 4);
            Counter stored = meters.get("penstock.engine.stored.records").counter();
            Set<String> sent = produce(engine.address().getPort(), stored);
            Set<String> found = new HashSet<>();
            for (Shard shard :
                    kinesis.listShards(r -> r.streamName(STREAM)).join().shards()) {
                List<Record> records = readAll(kinesis, shard.shardId());
                new AggregatorUtil()
                        .deaggregate(
                                records.stream()
                                        .map(KinesisClientRecord::fromRecord)
                                        .toList(),
                                shard.hashKeyRange().startingHashKey(),
                                shard.hashKeyRange().endingHashKey())
                        .forEach(record ->
                                found.add(record.partitionKey() + " " + StandardCharsets.UTF_8.decode(record.data())));
            }
            assertEquals(sent, found);
        }
    }

    /** Sends rounds until one was aggregated: at first the KPL does not know the shards and does not aggregate. */
    private static Set<String> produce(int port, Counter stored) throws Exception {
        KinesisProducer producer = new KinesisProducer(new KinesisProducerConfiguration()
                .setKinesisEndpoint("127.0.0.1")
                .setKinesisPort(port)
                .setVerifyCertificate(false)
                .setAggregationEnabled(true)
                .setMetricsLevel("none")
                .setRegion("us-east-1")
                .setCredentialsProvider(ANY));
        try {
            Set<String> sent = new HashSet<>();
            for (int round = 0; round < MOST_ROUNDS; round++) {
                double before = stored.count();
                send(producer, sent);
                if (stored.count() - before < ROUND / 10.0) {
                    return sent;
                }
            }
            return fail("nothing was aggregated in " + MOST_ROUNDS + " rounds");
        } finally {
            producer.destroy();
        }
    }

    private static void send(KinesisProducer producer, Set<String> sent) throws Exception {
        List<Future<UserRecordResult>> results = new ArrayList<>();
        for (int i = 0; i < ROUND; i++) {
            String key = "key " + i % 1000;
            String data = "user record " + sent.size();
            sent.add(key + " " + data);
            results.add(producer.addUserRecord(STREAM, key, ByteBuffer.wrap(data.getBytes(StandardCharsets.UTF_8))));
        }
        producer.flushSync();
        for (Future<UserRecordResult> result : results) {
            assertTrue(result.get().isSuccessful());
        }
    }

    /** All records of a shard, which may be closed. */
    static List<Record> readAll(KinesisAsyncClient kinesis, String shard) {
        List<Record> all = new ArrayList<>();
        String iterator = kinesis.getShardIterator(
                        r -> r.streamName(STREAM).shardId(shard).shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                .join()
                .shardIterator();
        while (true) {
            String next = iterator;
            var page = kinesis.getRecords(r -> r.shardIterator(next)).join();
            all.addAll(page.records());
            iterator = page.nextShardIterator();
            if (page.records().isEmpty() || iterator == null) {
                return all;
            }
        }
    }
}
