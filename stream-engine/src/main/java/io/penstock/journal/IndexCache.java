package io.penstock.journal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

/**
 * The indexes of sealed segments that were asked for lately, of all logs of a process, bounded in bytes. Thread-safe.
 */
final class IndexCache {
    private final Cache<Segment, SegmentIndex> indexes;

    IndexCache(long bytes) {
        this.indexes = Caffeine.newBuilder()
                .maximumWeight(bytes)
                .weigher((Segment segment, SegmentIndex index) -> index.weight())
                .executor(Runnable::run)
                .build();
    }

    @Nullable
    SegmentIndex get(Segment segment) {
        return indexes.getIfPresent(segment);
    }

    void keep(Segment segment, SegmentIndex index) {
        indexes.put(segment, index);
    }

    void forget(Segment segment) {
        indexes.invalidate(segment);
    }
}
