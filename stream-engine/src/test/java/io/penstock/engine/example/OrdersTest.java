package io.penstock.engine.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.engine.EngineSettings;
import io.penstock.engine.StreamEngine;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ExpiredIteratorException;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** The example in docs/engine-tests.md. */
class OrdersTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));
    private StreamEngine engine;
    private KinesisAsyncClient kinesis;

    @BeforeEach
    void start() throws IOException {
        engine = StreamEngine.start(EngineSettings.ephemeral().withClock(now::get));
        engine.createStream("orders", 1);
        kinesis = KinesisAsyncClient.builder()
                .endpointOverride(
                        URI.create("http://127.0.0.1:" + engine.address().getPort()))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
                .build();
    }

    @AfterEach
    void stop() throws IOException {
        engine.close();
        kinesis.close();
    }

    private String iterator() {
        return kinesis.getShardIterator(r -> r.streamName("orders")
                        .shardId("shardId-000000000000")
                        .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                .join()
                .shardIterator();
    }

    @Test
    void anOrderIsRead() {
        kinesis.putRecord(r -> r.streamName("orders").partitionKey("7").data(SdkBytes.fromUtf8String("bread")))
                .join();
        assertEquals(
                "bread",
                kinesis.getRecords(r -> r.shardIterator(iterator()))
                        .join()
                        .records()
                        .get(0)
                        .data()
                        .asUtf8String());
    }

    @Test
    void anIteratorExpiresWithoutASleep() {
        String iterator = iterator();
        now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(6)));
        CompletionException failure = assertThrows(
                CompletionException.class,
                () -> kinesis.getRecords(r -> r.shardIterator(iterator)).join());
        assertEquals(ExpiredIteratorException.class, failure.getCause().getClass());
    }
}
