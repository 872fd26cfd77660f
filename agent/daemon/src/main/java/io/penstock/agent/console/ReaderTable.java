package io.penstock.agent.console;

import io.penstock.engine.watch.Readers;
import io.penstock.engine.watch.Readers.Seen;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The readers of all streams as of the last reading, with their rates. Thread-safe. */
final class ReaderTable {
    /** A shard's iterator age counts as long as a reader has read it within this time. */
    static final long RECENT_MILLIS = 60_000;

    private volatile Map<String, OfStream> streams = Map.of();

    /**
     * Of one stream.
     *
     * @param ages of shards that are read, by index: the largest iterator age in milliseconds
     */
    record OfStream(List<ReaderRow> rows, Map<Integer, Long> ages) {
        private static final OfStream NONE = new OfStream(List.of(), Map.of());

        /** The largest iterator age in milliseconds; -1 if no reader reads. */
        long age() {
            return ages.values().stream().mapToLong(Long::longValue).max().orElse(-1);
        }
    }

    OfStream of(String streamId) {
        return streams.getOrDefault(streamId, OfStream.NONE);
    }

    /** Takes a reading; {@code seconds} after the one before. Called by one thread at a time. */
    void sample(Map<String, List<Seen>> seen, double seconds) {
        Map<String, OfStream> next = new HashMap<>();
        seen.forEach((id, reads) -> next.put(id, table(of(id), reads, seconds)));
        streams = Map.copyOf(next);
    }

    private static OfStream table(OfStream before, List<Seen> reads, double seconds) {
        Map<Readers.Reader, ReaderRow> earlier = new HashMap<>();
        before.rows.forEach(row -> earlier.put(row.reader(), row));
        Map<Readers.Reader, List<Seen>> byReader = new HashMap<>();
        Map<Integer, Long> ages = new HashMap<>();
        for (Seen read : reads) {
            byReader.computeIfAbsent(read.reader(), key -> new ArrayList<>()).add(read);
            if (read.silentMillis() < RECENT_MILLIS) {
                ages.merge(read.shard(), read.millisBehind(), Math::max);
            }
        }
        List<ReaderRow> rows = new ArrayList<>();
        byReader.forEach((reader, shards) -> rows.add(ReaderRow.of(reader, shards, earlier.get(reader), seconds)));
        rows.sort(Comparator.comparingLong(ReaderRow::age)
                .reversed()
                .thenComparing(row -> row.reader().name())
                .thenComparing(row -> row.reader().agent()));
        return new OfStream(List.copyOf(rows), Map.copyOf(ages));
    }
}
