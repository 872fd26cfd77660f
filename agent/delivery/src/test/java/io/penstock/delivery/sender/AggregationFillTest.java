package io.penstock.delivery.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.delivery.sender.call.CallLimits;
import io.penstock.delivery.sender.status.StreamStatus;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Aggregates hold many records for any number of shards, and even in small calls. */
class AggregationFillTest {
    private static final String DATA = "x".repeat(200);

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "8, 10485760, 100",
        "8, 262144, 100",
        "2, 65536, 100",
        "16, 10485760, 210",
        "200, 10485760, 180",
        "206, 10485760, 100",
        "256, 10485760, 100",
        "600, 10485760, 35"
    })
    void aBacklogGoesOutInWellFilledAggregates(int shards, int callBytes, int eventsPerRecord) {
        SenderBench bench = new SenderBench(folder, shards, 42);
        CallLimits usual = bench.limits;
        bench.limits = new CallLimits(
                usual.maxRecords(),
                callBytes,
                usual.aggregateBytes(),
                usual.maxCalls(),
                false,
                usual.lingerNanos(),
                usual.timeoutNanos());
        bench.window = 64 << 20;
        bench.backlog.aggregate = true;
        int records = 150_000;
        for (int i = 0; i < records; i++) {
            bench.backlog.append("key-" + i, DATA);
        }
        bench.start().runToTheEnd();
        StreamStatus status = bench.sender.status();
        assertEquals(records, status.delivered().records());
        assertTrue(
                status.delivered().records()
                        >= (long) eventsPerRecord * status.delivered().kinesisRecords(),
                status::toString);
    }
}
