package io.penstock.engine.junit.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.engine.junit.EngineClock;
import io.penstock.engine.junit.EngineStream;
import io.penstock.engine.junit.WithEngine;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.ExpiredIteratorException;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** The example in docs/engine-tests.md. */
@WithEngine(streams = @EngineStream(name = "orders"))
class OrdersTest {
    private String iterator(KinesisClient kinesis) {
        return kinesis.getShardIterator(r -> r.streamName("orders")
                        .shardId("shardId-000000000000")
                        .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                .shardIterator();
    }

    @Test
    void anOrderIsRead(KinesisClient kinesis) {
        kinesis.putRecord(r -> r.streamName("orders").partitionKey("7").data(SdkBytes.fromUtf8String("bread")));
        String iterator = iterator(kinesis);
        var read = kinesis.getRecords(r -> r.shardIterator(iterator)).records();
        assertEquals("bread", read.get(0).data().asUtf8String());
    }

    @Test
    void anIteratorExpiresWithoutASleep(KinesisClient kinesis, EngineClock clock) {
        String iterator = iterator(kinesis);
        clock.advance(Duration.ofMinutes(6));
        assertThrows(ExpiredIteratorException.class, () -> kinesis.getRecords(r -> r.shardIterator(iterator)));
    }
}
