package io.penstock.delivery.sender.read;

import io.penstock.delivery.kinesis.shards.Hash128;
import io.penstock.delivery.kinesis.shards.Shard;
import io.penstock.delivery.sender.schedule.SendRecord;
import java.util.List;

/**
 * Records that were read past because their lane was full while others ran dry: those of a hash key range, or all
 * late-bound ones, from an offset on. They are read again as the lane drains, and nothing else of the range is taken
 * up before that, so that the order of a key holds. The range outlives a reshard, and no two overlap, so that no record
 * is taken up twice. Owned by the sender's thread.
 */
final class SkippedRange {
    private final Shard range;
    private final boolean lateBound;

    /** Where reading goes on. */
    long from;

    private SkippedRange(Shard range, boolean lateBound, long from) {
        this.range = range;
        this.lateBound = lateBound;
        this.from = from;
    }

    /** Around the key of {@code record}, which none of {@code others} covers: as much of its shard as they leave. */
    static SkippedRange of(SendRecord record, Shard shard, long from, List<SkippedRange> others) {
        if (record.lateBound()) {
            return new SkippedRange(shard, true, from);
        }
        Hash128 point = record.point();
        Hash128 first = shard.first();
        Hash128 last = shard.last();
        for (SkippedRange other : others) {
            if (other.lateBound) {
                continue;
            }
            if (other.range.last().compareTo(point) < 0 && other.range.last().compareTo(first) >= 0) {
                first = other.range.last().next();
            }
            if (other.range.first().compareTo(point) > 0 && other.range.first().compareTo(last) <= 0) {
                last = other.range.first().previous();
            }
        }
        return new SkippedRange(new Shard(shard.id(), first, last), false, from);
    }

    boolean covers(SendRecord record) {
        return record.lateBound() ? lateBound : !lateBound && range.holds(record.point());
    }
}
