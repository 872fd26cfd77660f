package io.penstock.delivery.sender.read;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.kinesis.shards.Hash128;
import io.penstock.delivery.kinesis.shards.Shard;
import io.penstock.delivery.sender.schedule.SendRecord;
import java.util.List;

/**
 * Records that were skipped because their lane was full while others were empty: from an offset on, those of a hash key
 * range, or all late-bound ones. They are read again as the lane drains. Until then no other record of the range is
 * added, so the order of a key is kept. The range survives a reshard. No two ranges overlap, so no record is added
 * twice.
 */
@OwnedBy(ThreadRole.SENDER)
final class SkippedRange {
    private final Shard range;
    private final boolean lateBound;

    /** The offset at which reading continues. */
    long from;

    private SkippedRange(Shard range, boolean lateBound, long from) {
        this.range = range;
        this.lateBound = lateBound;
        this.from = from;
    }

    /**
     * A range with the key of {@code record}, which none of {@code others} covers: the shard's range without theirs.
     */
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
