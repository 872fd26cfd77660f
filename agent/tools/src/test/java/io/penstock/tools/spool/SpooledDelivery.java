package io.penstock.tools.spool;

import static org.awaitility.Awaitility.await;

import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.time.AgeClock;
import io.penstock.delivery.kinesis.settings.Priority;
import io.penstock.delivery.kinesis.settings.TargetSettings;
import io.penstock.delivery.sender.Delivery;
import io.penstock.delivery.sender.deadletter.DeadLetters;
import io.penstock.delivery.sender.status.StreamStatus;
import io.penstock.delivery.spool.Backlog;
import io.penstock.delivery.spool.DiskSpools;
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
import java.util.Map;

/** The spools of a data folder and their delivery, as a run of the agent composes them; without sources. */
final class SpooledDelivery implements AutoCloseable {
    private static final SpoolSettings SPOOL = new SpoolSettings(256 << 20, 0, WhenFull.BLOCK, 100);

    private final Delivery delivery;
    private final LogSystem logs = LogSystem.create(AgeClock.system());
    private final DiskSpools spools;

    SpooledDelivery(Path data, TargetSettings target) throws IOException {
        delivery = Delivery.start(
                Map.of("default", target),
                any -> Priority.NORMAL,
                DeadLetters.folder(data),
                Clock.systemUTC(),
                MemoryBudget.ofHeap(0.25).account(1.0),
                Duration.ofSeconds(30));
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

    /** Appends one record that shares no Kinesis record; it is durable when this returns. */
    void append(StreamId stream, String key, String data) {
        EntryBlock block = new EntryBlock(256, 1 << 20);
        SpooledRecord.begin(block, key, false);
        byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
        block.put(bytes, 0, bytes.length);
        block.end();
        long[] offset = {-1};
        await().until(() -> (offset[0] = spools.spool(stream).append(block)) >= 0);
        await().until(() -> spools.spool(stream).durable().end() > offset[0]);
    }

    void awaitDelivered(StreamId stream, long records) {
        await().until(() -> spools.spool(stream).delivered().end() >= records);
    }

    StreamStatus status(StreamId stream) {
        return delivery.status().stream()
                .filter(each -> each.stream().equals(stream))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        delivery.close(Duration.ZERO);
        spools.close();
        logs.close();
    }
}
