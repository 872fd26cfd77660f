package io.penstock.agent.console;

import io.penstock.engine.watch.ShardTraffic;

/** Records and bytes in a second, into shards and out to readers. */
record Rate(double recordsIn, double bytesIn, double recordsOut, double bytesOut) {
    static final Rate NONE = new Rate(0, 0, 0, 0);

    /** The limits of a shard; see the service's quotas. */
    private static final double RECORDS_OF_SHARD = 1000;

    private static final double BYTES_OF_SHARD = 1 << 20;

    /** What came between two readings; an entry that was forgotten between them counts from zero. */
    static Rate between(ShardTraffic.Totals before, ShardTraffic.Totals now, double seconds) {
        boolean anew = now.recordsIn() < before.recordsIn() || now.recordsOut() < before.recordsOut();
        ShardTraffic.Totals from = anew ? ShardTraffic.Totals.NONE : before;
        return new Rate(
                (now.recordsIn() - from.recordsIn()) / seconds,
                (now.bytesIn() - from.bytesIn()) / seconds,
                (now.recordsOut() - from.recordsOut()) / seconds,
                (now.bytesOut() - from.bytesOut()) / seconds);
    }

    Rate plus(Rate other) {
        return new Rate(
                recordsIn + other.recordsIn,
                bytesIn + other.bytesIn,
                recordsOut + other.recordsOut,
                bytesOut + other.bytesOut);
    }

    boolean isNone() {
        return recordsIn == 0 && recordsOut == 0;
    }

    /** The share of the write limit of one shard. */
    double share() {
        return Math.max(recordsIn / RECORDS_OF_SHARD, bytesIn / BYTES_OF_SHARD);
    }
}
