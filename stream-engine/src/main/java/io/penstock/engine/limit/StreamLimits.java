package io.penstock.engine.limit;

import io.penstock.base.time.AgeClock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The write limits of all streams of an engine, by stream id. Thread-safe. */
public final class StreamLimits {
    private final boolean enforced;
    private final AgeClock clock;
    private final Map<String, WriteLimits> byStreamId = new ConcurrentHashMap<>();

    public StreamLimits(boolean enforced, AgeClock clock) {
        this.enforced = enforced;
        this.clock = clock;
    }

    public boolean enforced() {
        return enforced;
    }

    /** The limits of a stream, made at the first call. */
    public WriteLimits of(String streamId) {
        WriteLimits limits = byStreamId.get(streamId);
        return limits != null ? limits : byStreamId.computeIfAbsent(streamId, key -> new WriteLimits(enforced, clock));
    }

    /** The limits of a stream; empty if nothing was put into it yet. */
    public Optional<WriteLimits> find(String streamId) {
        return Optional.ofNullable(byStreamId.get(streamId));
    }

    /** Forgets a stream that is gone. */
    public void forget(String streamId) {
        byStreamId.remove(streamId);
    }
}
