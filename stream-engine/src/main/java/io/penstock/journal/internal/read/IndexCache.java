package io.penstock.journal.internal.read;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.penstock.journal.internal.segment.Segment;
import io.penstock.journal.internal.segment.SegmentIndex;
import org.jspecify.annotations.Nullable;

/** The recently used indexes of sealed segments, for all logs of a process; bounded in bytes. Thread-safe. */
public final class IndexCache {
    private final Cache<Segment, SegmentIndex> indexes;

    public IndexCache(long bytes) {
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

    public void keep(Segment segment, SegmentIndex index) {
        indexes.put(segment, index);
    }

    public void forget(Segment segment) {
        indexes.invalidate(segment);
    }
}
