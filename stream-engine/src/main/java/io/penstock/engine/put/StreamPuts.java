package io.penstock.engine.put;

import io.netty.channel.EventLoop;
import io.penstock.base.ack.MutableRoom;
import io.penstock.base.ack.MutableWatermark;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.limit.WriteLimits;
import io.penstock.engine.meter.EngineMeters;
import io.penstock.engine.stream.Distribution;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.SequenceNumber;
import io.penstock.engine.watch.StreamTraffic;
import io.penstock.journal.EntryBlock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The puts into one of the engine's streams: one lane per event loop that has put into it. Thread-safe. */
final class StreamPuts implements LiveStream.Observer, PutTarget.Stream {
    private final LiveStream stream;
    private final WriteLimits limits;
    private final EngineMeters meters;
    private final StreamTraffic traffic;
    private final Supplier<EntryBlock> blocks;
    private final Runnable gone;
    private final MutableWatermark durable = new MutableWatermark();
    private final MutableRoom room = new MutableRoom();
    /** The turn of the next record, for streams whose shards take records in turn. */
    private final AtomicInteger turns = new AtomicInteger();

    private final Map<EventLoop, PutLane> lanes = new ConcurrentHashMap<>();

    /** @param blocks the block that all lanes of the calling loop share */
    StreamPuts(
            LiveStream stream,
            WriteLimits limits,
            EngineMeters meters,
            StreamTraffic traffic,
            Supplier<EntryBlock> blocks,
            Runnable gone) {
        this.stream = stream;
        this.limits = limits;
        this.meters = meters;
        this.traffic = traffic;
        this.blocks = blocks;
        this.gone = gone;
    }

    @Override
    public int maxRecordBytes() {
        return stream.meta().options().maxRecordKiB() << 10;
    }

    @Override
    public boolean needsKeys() {
        return !spreads();
    }

    private boolean spreads() {
        return stream.meta().options().distribution() == Distribution.AUTO;
    }

    @Override
    public void checkOrdering(String sequenceNumber) {
        if (SequenceNumber.parse(sequenceNumber)
                .filter(number -> number.created() == stream.meta().createdAt())
                .isEmpty()) {
            throw ServiceException.invalidArgument("ExclusiveMinimumSequenceNumber " + sequenceNumber
                    + " used in PutRecord on stream "
                    + stream.meta().name() + " under account "
                    + stream.meta().scope().account()
                    + " is invalid.");
        }
    }

    @Override
    public boolean put(PutBatch batch, Puts.Call call) {
        if (spreads()) {
            batch.spread(turns.getAndAdd(batch.count()));
            // Without shards that belong to keys there is no order to keep.
            batch.ordered = false;
        }
        admit(batch);
        PutAnswer answer = new PutAnswer(call.codec(), call.single(), stream.meta(), meters, call.reply());
        return lane(call.loop()).submit(batch, answer);
    }

    PutLane lane(EventLoop loop) {
        PutLane lane = lanes.get(loop);
        return lane != null
                ? lane
                : lanes.computeIfAbsent(loop, key -> new PutLane(stream, traffic, key, blocks.get(), durable, room));
    }

    private void admit(PutBatch batch) {
        if (!limits.enforced()) {
            return;
        }
        batch.map(stream.shards());
        boolean anyFailed = false;
        for (int i = 0; i < batch.count(); i++) {
            ErrorType reason = anyFailed && batch.ordered ? failureOfKey(batch, i) : null;
            if (reason == null && !limits.take(batch.shard(i), batch.size(i), batch.hashHigh(i), batch.hashLow(i))) {
                reason = ErrorType.THROUGHPUT_EXCEEDED;
            }
            if (reason != null) {
                batch.fail(i, reason);
                anyFailed = true;
            }
        }
    }

    private static @Nullable ErrorType failureOfKey(PutBatch batch, int record) {
        for (int i = 0; i < record; i++) {
            if (batch.failure(i) != null && batch.sameKey(i, record)) {
                return batch.failure(i);
            }
        }
        return null;
    }

    @Override
    public void durable(long end) {
        durable.raise(end);
    }

    @Override
    public void changed() {
        if (stream.isGone() || stream.hasFailed()) {
            durable.raise(stream.log().durableEnd());
            durable.fail();
        }
        room.tell();
        if (stream.isGone()) {
            gone.run();
        }
    }
}
