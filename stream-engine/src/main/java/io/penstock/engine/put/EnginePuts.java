package io.penstock.engine.put;

import io.penstock.base.time.AgeClock;
import io.penstock.engine.limit.WriteLimits;
import io.penstock.engine.meter.EngineMeters;
import io.penstock.engine.scope.Scope;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.StreamNames;
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
    private final AgeClock clock;
    private final Scope own;
    private final boolean enforceLimits;
    private final EngineMeters meters;
    private final Map<String, StreamPuts> byStreamId = new ConcurrentHashMap<>();
    private final ThreadLocal<EntryBlock> blocks =
            ThreadLocal.withInitial(() -> new EntryBlock(FIRST_BLOCK, MAX_BLOCK));

    /**
     * @param own the scope of calls that say nothing else
     * @param enforceLimits true to throttle shards as the service does
     */
    public EnginePuts(StreamNames names, Scope own, AgeClock clock, boolean enforceLimits, EngineMeters meters) {
        this.names = names;
        this.clock = clock;
        this.own = own;
        this.enforceLimits = enforceLimits;
        this.meters = meters;
    }

    @Override
    public Stream stream(String authorization, Optional<String> name, Optional<String> arn, Optional<String> id) {
        LiveStream stream = names.requireUsable(own.ofCall(authorization), name, arn, id);
        String key = stream.meta().id();
        StreamPuts puts = byStreamId.get(key);
        return puts != null ? puts : byStreamId.computeIfAbsent(key, absent -> observing(absent, stream));
    }

    private StreamPuts observing(String id, LiveStream stream) {
        StreamPuts puts = new StreamPuts(
                stream, new WriteLimits(enforceLimits, clock), meters, blocks::get, () -> byStreamId.remove(id));
        stream.observe(puts);
        return puts;
    }
}
