package io.penstock.agent.console;

import io.penstock.engine.watch.Readers;
import io.penstock.engine.watch.Readers.Seen;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reader of a stream, over all shards that it has read.
 *
 * @param shards how many these are
 * @param age the largest iterator age in milliseconds of those that it has read of late
 * @param silent milliseconds since its latest read
 * @param records read since it was first seen
 * @param bytes likewise
 * @param recordRate records a second
 * @param byteRate bytes a second
 */
record ReaderRow(
        Readers.Reader reader,
        int shards,
        long age,
        long silent,
        long records,
        long bytes,
        double recordRate,
        double byteRate) {
    /** @param before the row of the reading before; null if there was none */
    static ReaderRow of(Readers.Reader reader, List<Seen> shards, @Nullable ReaderRow before, double seconds) {
        long silent = shards.stream().mapToLong(Seen::silentMillis).min().orElse(0);
        long age = shards.stream()
                .filter(shard -> shard.silentMillis() - silent < ReaderTable.RECENT_MILLIS)
                .mapToLong(Seen::millisBehind)
                .max()
                .orElse(0);
        long records = shards.stream().mapToLong(Seen::records).sum();
        long bytes = shards.stream().mapToLong(Seen::bytes).sum();
        return new ReaderRow(
                reader,
                shards.size(),
                age,
                silent,
                records,
                bytes,
                before == null ? 0 : rate(records - before.records, seconds),
                before == null ? 0 : rate(bytes - before.bytes, seconds));
    }

    private static double rate(long more, double seconds) {
        return seconds > 0 ? Math.max(0, more) / seconds : 0;
    }
}
