package io.penstock.engine.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import io.penstock.engine.tls.ServerCertificate;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.kinesis.producer.KinesisProducer;
import software.amazon.kinesis.producer.KinesisProducerConfiguration;
import software.amazon.kinesis.producer.UserRecordResult;
import software.amazon.kinesis.retrieval.AggregatorUtil;
import software.amazon.kinesis.retrieval.KinesisClientRecord;

/** The Kinesis Producer Library puts into the agent's Kinesis API, over TLS, while the agent is killed. */
class KplIntoAgentTest {
    private static final String STREAM = "orders";
    private static final int KILLS = 4;
    private static final int ROUND = 5_000;
    private static final ConditionFactory SOON =
            Awaitility.await().atMost(Duration.ofMinutes(3)).pollInterval(Duration.ofMillis(50));
    private static final StaticCredentialsProvider ANY =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any"));

    @TempDir
    Path folder;

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicInteger answered = new AtomicInteger();

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void aKillOfTheAgentLosesNoUserRecordThatItHasAcknowledged() throws Exception {
        ServerCertificate made = ServerCertificate.inFolder(folder.resolve("tls"), List.of(), Instant.now());
        try (AgentProcess agent =
                new AgentProcess(folder, "tls: {certificate: \"" + made.chain() + "\", key: \"" + made.key() + "\"}")) {
            KinesisProducer producer = new KinesisProducer(new KinesisProducerConfiguration()
                    .setKinesisEndpoint("127.0.0.1")
                    .setKinesisPort(agent.apiPort())
                    .setVerifyCertificate(false)
                    .setRecordTtl(Duration.ofMinutes(3).toMillis())
                    .setMetricsLevel("none")
                    .setRegion("us-east-1")
                    .setCredentialsProvider(ANY));
            int sent = 0;
            try {
                for (int round = 0; round <= KILLS; round++) {
                    int before = acknowledged.size();
                    for (int i = 0; i < ROUND; i++) {
                        put(producer, sent++);
                    }
                    // With the first acknowledgements others are on their way.
                    SOON.until(() -> acknowledged.size() > before);
                    if (round < KILLS) {
                        agent.killAndStart();
                    }
                }
                int all = sent;
                SOON.until(() -> answered.get() == all);
            } finally {
                producer.destroy();
            }
            assertTrue(acknowledged.size() > sent / 2, () -> acknowledged.size() + " acknowledged");
            SOON.untilAsserted(() -> {
                Set<String> missing = new HashSet<>(acknowledged);
                missing.removeAll(stored(agent.enginePort()));
                assertEquals(Set.of(), missing);
            });
        }
    }

    private void put(KinesisProducer producer, int number) {
        String data = "user record " + number;
        Futures.addCallback(
                producer.addUserRecord(
                        STREAM, "key " + number % 1000, ByteBuffer.wrap(data.getBytes(StandardCharsets.UTF_8))),
                new FutureCallback<UserRecordResult>() {
                    @Override
                    public void onSuccess(UserRecordResult result) {
                        acknowledged.add(data);
                        answered.incrementAndGet();
                    }

                    @Override
                    public void onFailure(Throwable failure) {
                        answered.incrementAndGet();
                    }
                },
                MoreExecutors.directExecutor());
    }

    private static Set<String> stored(int port) {
        Set<String> found = new HashSet<>();
        try (KinesisAsyncClient kinesis = KinesisAsyncClient.builder()
                .endpointOverride(URI.create("http://127.0.0.1:" + port))
                .region(Region.US_EAST_1)
                .credentialsProvider(ANY)
                .build()) {
            for (Shard shard :
                    kinesis.listShards(r -> r.streamName(STREAM)).join().shards()) {
                List<Record> records = KplTest.readAll(kinesis, shard.shardId());
                new AggregatorUtil()
                        .deaggregate(
                                records.stream()
                                        .map(KinesisClientRecord::fromRecord)
                                        .toList(),
                                shard.hashKeyRange().startingHashKey(),
                                shard.hashKeyRange().endingHashKey())
                        .forEach(record -> found.add(
                                StandardCharsets.UTF_8.decode(record.data()).toString()));
            }
        }
        return found;
    }
}
