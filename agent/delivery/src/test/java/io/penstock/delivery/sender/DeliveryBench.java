package io.penstock.delivery.sender;

import static org.awaitility.Awaitility.await;

import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.time.AgeClock;
import io.penstock.delivery.kinesis.settings.Priority;
import io.penstock.delivery.kinesis.settings.TargetSettings;
import io.penstock.delivery.sender.status.StreamStatus;
import io.penstock.delivery.spool.Backlog;
import io.penstock.delivery.spool.DiskSpools;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.SpoolListener;
import io.penstock.delivery.spool.SpoolSettings;
import io.penstock.delivery.spool.SpooledRecord;
import io.penstock.delivery.spool.StreamId;
import io.penstock.delivery.spool.WhenFull;
import io.penstock.journal.EntryBlock;
import io.penstock.journal.LogSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Spools and delivery as the agent composes them, without sources. */
final class DeliveryBench implements AutoCloseable {
    private static final SpoolSettings SPOOL = new SpoolSettings(256 << 20, 0, WhenFull.BLOCK, 100);

    final Delivery delivery;
    private final LogSystem logs = LogSystem.create(AgeClock.system());
    private final DiskSpools spools;
    private final Map<StreamId, Long> last = new HashMap<>();
    private boolean stopped;

    /** True if records appended from now on may be aggregated. */
    boolean aggregate;

    DeliveryBench(Path data, TargetSettings target) throws IOException {
        this(data, target, Duration.ofSeconds(30));
    }

    /** @param probe the interval between tries of a parked stream */
    DeliveryBench(Path data, TargetSettings target, Duration probe) throws IOException {
        delivery = Delivery.start(
                Map.of("default", target),
                any -> Priority.NORMAL,
                data.resolve("dead-letters"),
                Clock.systemUTC(),
                MemoryBudget.ofHeap(0.25).account(1.0),
                probe);
        spools = DiskSpools.open(data.resolve("spool"), SPOOL, logs, new SpoolListener() {
            @Override
            public void opened(Backlog backlog) {
                delivery.add(backlog);
            }

            @Override
            public void failed(StreamId stream, Throwable cause) {
                throw new AssertionError(stream + " failed", cause);
            }
        });
    }

    /** Appends one record; with an empty key it is late-bound. */
    void append(StreamId stream, String key, String data) {
        EntryBlock block = new EntryBlock(256, 1 << 20);
        if (key.isEmpty()) {
            SpooledRecord.beginLateBound(block, aggregate);
        } else {
            byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
            SpooledRecord.begin(block, keyBytes, 0, keyBytes.length, aggregate);
        }
        byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
        block.put(bytes, 0, bytes.length);
        block.end();
        Spool spool = spools.spool(stream);
        long offset = spool.append(block);
        while (offset < 0) {
            await().pollDelay(Duration.ofMillis(5)).until(() -> true);
            offset = spool.append(block);
        }
        last.put(stream, offset);
    }

    StreamStatus status(StreamId stream) {
        return delivery.status().stream()
                .filter(each -> each.stream().equals(stream))
                .findFirst()
                .orElseGet(() -> StreamStatus.without(stream, Optional.empty()));
    }

    long delivered(StreamId stream) {
        return spools.spool(stream).delivered().end();
    }

    void awaitDelivered(StreamId stream, long records) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> spools.spool(stream).delivered().end() >= records);
    }

    /** Stops as the agent does. Returns the number of records left in the spools. */
    long stop(Duration limit) throws IOException, InterruptedException {
        stopped = true;
        last.forEach((stream, offset) ->
                await().until(() -> spools.spool(stream).durable().end() > offset));
        long left = delivery.close(limit);
        spools.close();
        logs.close();
        return left;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (!stopped) {
            stop(Duration.ofSeconds(5));
        }
    }
}
