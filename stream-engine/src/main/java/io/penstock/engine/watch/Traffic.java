package io.penstock.engine.watch;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The traffic of all streams, by stream id. Thread-safe; bounded by the shards that exist, see {@link #keepOnly}. */
public final class Traffic {
    private final Map<String, StreamTraffic> streams = new ConcurrentHashMap<>();

    /** The traffic of a stream, made at the first call. */
    public StreamTraffic of(String streamId) {
        StreamTraffic traffic = streams.get(streamId);
        return traffic != null ? traffic : streams.computeIfAbsent(streamId, key -> new StreamTraffic());
    }

    /** The traffic of a stream; empty if it had none. */
    public Optional<StreamTraffic> find(String streamId) {
        return Optional.ofNullable(streams.get(streamId));
    }

    /**
     * Forgets streams and shards that are gone.
     *
     * @param ids of the streams that exist
     * @param present the shards that a stream has now
     */
    public void keepOnly(Set<String> ids, Function<String, Set<Integer>> present) {
        streams.keySet().retainAll(ids);
        streams.forEach((id, traffic) -> {
            Set<Integer> shards = present.apply(id);
            if (traffic.size() > shards.size()) {
                traffic.keepOnly(shards);
            }
        });
    }
}
