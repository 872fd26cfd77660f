package io.penstock.engine.watch;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.penstock.base.time.AgeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who reads which shard, and how far behind, as seen by the reads themselves. Keeps the latest {@value #MOST} pairs of
 * reader and shard, each until it was not read for {@link #FORGET}. Thread-safe.
 */
public final class Readers {
    static final int MOST = 10_000;
    static final Duration FORGET = Duration.ofMinutes(15);

    private final AgeClock clock;
    private final Cache<Key, Counts> seen =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterAccess(FORGET).build();

    private record Key(String streamId, int shard, Reader reader) {}

    private static final class Counts {
        private long records;
        private long bytes;
        private long millisBehind;
        private long at;
    }

    /** How records are read. */
    public enum Kind {
        /** GetRecords. */
        POLLING,
        /** SubscribeToShard of a registered consumer. */
        FAN_OUT
    }

    /**
     * A reader, as far as its calls say who it is.
     *
     * @param name the access key id of calls, or the name of the registered consumer; empty if unknown
     * @param agent the header {@code User-Agent}; empty for a registered consumer
     */
    public record Reader(Kind kind, String name, String agent) {}

    /**
     * What a reader has read of one shard.
     *
     * @param millisBehind the age of the last record that the latest read returned; 0 if that read reached the end
     * @param silentMillis since the latest read
     */
    public record Seen(int shard, Reader reader, long records, long bytes, long millisBehind, long silentMillis) {}

    public Readers(AgeClock clock) {
        this.clock = clock;
    }

    /** A read has returned records, or none. */
    public void read(String streamId, int shard, Reader reader, int records, long bytes, long millisBehind) {
        Counts counts = seen.get(new Key(streamId, shard, reader), key -> new Counts());
        synchronized (counts) {
            counts.records += records;
            counts.bytes += bytes;
            counts.millisBehind = millisBehind;
            counts.at = clock.millis();
        }
    }

    /** All of them, by stream id. */
    public Map<String, List<Seen>> byStream() {
        Map<String, List<Seen>> all = new HashMap<>();
        long now = clock.millis();
        seen.asMap().forEach((key, counts) -> {
            Seen one;
            synchronized (counts) {
                one = new Seen(
                        key.shard,
                        key.reader,
                        counts.records,
                        counts.bytes,
                        counts.millisBehind,
                        Math.max(0, now - counts.at));
            }
            all.computeIfAbsent(key.streamId, id -> new ArrayList<>()).add(one);
        });
        return all;
    }
}
