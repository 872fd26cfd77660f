package io.penstock.engine.put;

import io.netty.channel.EventLoop;
import io.penstock.base.ack.MutableRoom;
import io.penstock.base.ack.MutableWatermark;
import io.penstock.engine.limit.WriteLimits;
import io.penstock.engine.stream.LiveStream;
import io.penstock.journal.EntryBlock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The put lanes of one stream, one per event loop that has put into it. Thread-safe. */
final class StreamPuts implements LiveStream.Observer {
    private final LiveStream stream;
    private final WriteLimits limits;
    private final Runnable gone;
    private final MutableWatermark durable = new MutableWatermark();
    private final MutableRoom room = new MutableRoom();
    private final Map<EventLoop, PutLane> lanes = new ConcurrentHashMap<>();

    StreamPuts(LiveStream stream, WriteLimits limits, Runnable gone) {
        this.stream = stream;
        this.limits = limits;
        this.gone = gone;
    }

    /** @param block shared by all lanes of the loop */
    PutLane lane(EventLoop loop, Supplier<EntryBlock> block) {
        PutLane lane = lanes.get(loop);
        return lane != null
                ? lane
                : lanes.computeIfAbsent(loop, key -> new PutLane(stream, key, block.get(), durable, room));
    }

    WriteLimits limits() {
        return limits;
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
