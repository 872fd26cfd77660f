package io.penstock.engine.put;

import io.penstock.engine.limit.StreamLimits;
import io.penstock.engine.meter.EngineMeters;
import io.penstock.engine.scope.Scope;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.StreamNames;
import io.penstock.engine.watch.Traffic;
import io.penstock.journal.EntryBlock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Puts into the engine's own streams, answered after the records are durable unless the engine is configured otherwise.
 */
public final class EnginePuts implements PutTarget {
    /** The size of the largest call with the maximum number of records, including framing. */
    private static final int MAX_BLOCK = 12 << 20;

    private static final int FIRST_BLOCK = 1 << 16;

    private final StreamNames names;
    private final Scope own;
    private final StreamLimits limits;
    private final EngineMeters meters;
    private final Traffic traffic;
    private final Map<String, StreamPuts> byStreamId = new ConcurrentHashMap<>();
    private final ThreadLocal<EntryBlock> blocks =
            ThreadLocal.withInitial(() -> new EntryBlock(FIRST_BLOCK, MAX_BLOCK));

    /**
     * @param own the scope of calls that say nothing else
     * @param limits throttle shards as the service does, if they are enforced
     * @param traffic counts what each shard takes
     */
    public EnginePuts(StreamNames names, Scope own, StreamLimits limits, EngineMeters meters, Traffic traffic) {
        this.names = names;
        this.own = own;
        this.limits = limits;
        this.meters = meters;
        this.traffic = traffic;
    }

    @Override
    public Stream stream(String authorization, Optional<String> name, Optional<String> arn, Optional<String> id) {
        LiveStream stream = names.requireUsable(own.ofCall(authorization), name, arn, id);
        String key = stream.meta().id();
        StreamPuts puts = byStreamId.get(key);
        return puts != null ? puts : byStreamId.computeIfAbsent(key, absent -> observing(absent, stream));
    }

    private StreamPuts observing(String id, LiveStream stream) {
        StreamPuts puts = new StreamPuts(stream, limits.of(id), meters, traffic.of(id), blocks::get, () -> forget(id));
        stream.observe(puts);
        return puts;
    }

    private void forget(String id) {
        byStreamId.remove(id);
        limits.forget(id);
    }
}
