package io.penstock.agent.sessions;

import io.penstock.base.ack.Watermark;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.StreamId;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The streams whose spools have records with a session's mark, or may get some. Any thread. */
final class MarkedStreams {
    private final Function<Spool, Watermark> acknowledged;
    private final ConcurrentMap<StreamId, StreamState> streams = new ConcurrentHashMap<>();
    private final ConcurrentMap<Watermark, StreamState> byWatermark = new ConcurrentHashMap<>();

    /** The number of the next new stream; guarded by the monitor. */
    private int next;

    /** @param acknowledged what the acknowledgement of a record in this spool waits for */
    MarkedStreams(Function<Spool, Watermark> acknowledged) {
        this.acknowledged = acknowledged;
    }

    /** Adds those that the log has, before any other. */
    synchronized void recall(Replay found) {
        found.streams.forEach((number, id) -> {
            streams.put(id, new StreamState(number, id, found.storedBelow(number)));
            next = Math.max(next, number + 1);
        });
    }

    /** The stream of this spool. */
    StreamState of(Spool spool) {
        StreamState known = streams.get(spool.stream());
        return known != null && known.spool == spool ? known : register(spool);
    }

    private synchronized StreamState register(Spool spool) {
        StreamState stream = streams.get(spool.stream());
        if (stream == null) {
            stream = new StreamState(next++, spool.stream(), 0);
        }
        stream.spool = spool;
        stream.acknowledged = acknowledged.apply(spool);
        streams.put(spool.stream(), stream);
        byWatermark.put(spool.durable(), stream);
        byWatermark.put(spool.delivered(), stream);
        return stream;
    }

    @Nullable
    StreamState get(StreamId id) {
        return streams.get(id);
    }

    /** The stream whose spool has this watermark; null if none has. */
    @Nullable
    StreamState get(Watermark where) {
        return byWatermark.get(where);
    }

    @Nullable
    StreamState get(int number) {
        return streams.values().stream()
                .filter(stream -> stream.number == number)
                .findFirst()
                .orElse(null);
    }

    Collection<StreamState> all() {
        return streams.values();
    }

    /** Below this offset the spool of the stream may lose its records. */
    long neededFrom(StreamId id) {
        StreamState known = streams.get(id);
        return known == null || !known.marked ? Long.MAX_VALUE : known.storedBelow;
    }
}
