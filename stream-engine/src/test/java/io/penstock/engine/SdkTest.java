package io.penstock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ExpiredIteratorException;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.ScalingType;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** With the AWS SDK for Java: CBOR over HTTP/2 with prior knowledge. */
class SdkTest {
    private final ManualClock clock = new ManualClock();
    private StreamEngine engine;
    private KinesisAsyncClient client;

    @BeforeEach
    void start() throws IOException {
        engine = StreamEngine.start(EngineSettings.ephemeral().withClock(clock));
        client = Sdk.client(engine).build();
        client.createStream(r -> r.streamName("s").shardCount(2)).join();
        client.waiter().waitUntilStreamExists(r -> r.streamName("s")).join();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        engine.close();
    }

    private String iterator(String shard, ShardIteratorType type) {
        return client.getShardIterator(r -> r.streamName("s").shardId(shard).shardIteratorType(type))
                .join()
                .shardIterator();
    }

    @Test
    void recordsComeBackByteForByte() {
        byte[] data = new byte[100_000];
        new Random(1).nextBytes(data);
        List<PutRecordsRequestEntry> entries = IntStream.range(0, 20)
                .mapToObj(i -> PutRecordsRequestEntry.builder()
                        .partitionKey("ключ" + i)
                        .explicitHashKey(i % 2 == 0 ? "0" : "340282366920938463463374607431768211455")
                        .data(SdkBytes.fromByteArray(data))
                        .build())
                .toList();
        PutRecordsResponse put =
                client.putRecords(r -> r.streamName("s").records(entries)).join();
        assertEquals(0, put.failedRecordCount());
        GetRecordsResponse got = client.getRecords(
                        r -> r.shardIterator(iterator("shardId-000000000001", ShardIteratorType.TRIM_HORIZON)))
                .join();
        assertEquals(10, got.records().size());
        assertEquals(0, got.millisBehindLatest());
        for (int i = 0; i < 10; i++) {
            Record record = got.records().get(i);
            assertEquals(SdkBytes.fromByteArray(data), record.data());
            assertEquals("ключ" + (2 * i + 1), record.partitionKey());
            assertEquals(put.records().get(2 * i + 1).sequenceNumber(), record.sequenceNumber());
            assertEquals(Instant.ofEpochMilli(clock.millis()), record.approximateArrivalTimestamp());
        }
    }

    @Test
    void aSingleRecordIsPutAndFoundByTime() {
        client.putRecord(r -> r.streamName("s").partitionKey("a").data(SdkBytes.fromUtf8String("one")))
                .join();
        clock.advance(java.time.Duration.ofMillis(1));
        Instant later = clock.instant();
        client.putRecord(r -> r.streamName("s").partitionKey("a").data(SdkBytes.fromUtf8String("two")))
                .join();
        String iterator = client.getShardIterator(r -> r.streamName("s")
                        .shardId("shardId-000000000000")
                        .shardIteratorType(ShardIteratorType.AT_TIMESTAMP)
                        .timestamp(later))
                .join()
                .shardIterator();
        List<Record> records =
                client.getRecords(r -> r.shardIterator(iterator)).join().records();
        assertEquals(
                List.of("two"),
                records.stream().map(r -> r.data().asUtf8String()).toList());
    }

    @Test
    void shardsAreSplitMergedAndScaled() {
        client.splitShard(r ->
                        r.streamName("s").shardToSplit("shardId-000000000000").newStartingHashKey("1000"))
                .join();
        client.mergeShards(r -> r.streamName("s")
                        .shardToMerge("shardId-000000000003")
                        .adjacentShardToMerge("shardId-000000000001"))
                .join();
        client.updateShardCount(r -> r.streamName("s").targetShardCount(4).scalingType(ScalingType.UNIFORM_SCALING))
                .join();
        List<Shard> shards = client.listShards(r -> r.streamName("s")).join().shards();
        assertEquals(
                4,
                shards.stream()
                        .filter(s -> s.sequenceNumberRange().endingSequenceNumber() == null)
                        .count());
        GetRecordsResponse end = client.getRecords(
                        r -> r.shardIterator(iterator("shardId-000000000000", ShardIteratorType.TRIM_HORIZON)))
                .join();
        assertNull(end.nextShardIterator());
        assertEquals(2, end.childShards().size());
    }

    @Test
    void streamsAreListedAndDescribed() {
        assertEquals(List.of("s"), client.listStreams().join().streamNames());
        assertEquals(
                clock.instant(),
                client.describeStreamSummary(r -> r.streamName("s"))
                        .join()
                        .streamDescriptionSummary()
                        .streamCreationTimestamp());
        client.deleteStream(r -> r.streamName("s")).join();
        assertEquals(List.of(), client.listStreams().join().streamNames());
    }

    @Test
    void errorsAreOfTheirType() {
        Throwable missing = assertThrows(
                        CompletionException.class,
                        () -> client.describeStream(r -> r.streamName("none")).join())
                .getCause();
        ResourceNotFoundException notFound = assertInstanceOf(ResourceNotFoundException.class, missing);
        assertEquals(
                "Stream none under account 000000000000 not found.",
                notFound.awsErrorDetails().errorMessage());
        String iterator = iterator("shardId-000000000000", ShardIteratorType.LATEST);
        clock.advance(java.time.Duration.ofMinutes(6));
        assertInstanceOf(
                ExpiredIteratorException.class,
                assertThrows(
                                CompletionException.class,
                                () -> client.getRecords(r -> r.shardIterator(iterator))
                                        .join())
                        .getCause());
        KinesisException invalid = assertInstanceOf(
                KinesisException.class,
                assertThrows(
                                CompletionException.class,
                                () -> client.createStream(
                                                r -> r.streamName("a b").shardCount(1))
                                        .join())
                        .getCause());
        assertEquals("ValidationException", invalid.awsErrorDetails().errorCode());
    }
}
