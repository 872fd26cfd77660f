package io.penstock.delivery.sender.read;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.kinesis.shards.ShardMap;
import io.penstock.delivery.sender.schedule.SendRecord;
import io.penstock.delivery.sender.status.StreamStatus;
import java.time.Duration;

/**
 * Examines the partition keys of one stream, one window of records at a time, and gives advice when they leave shards
 * unused: too few keys, or one shard that gets most records. Bounded by the
 * number of shards.
 */
@OwnedBy(ThreadRole.SENDER)
public final class KeyDoctor {
    private static final long WINDOW_RECORDS = 10_000;
    private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();
    private static final long LEAST_RECORDS = 200;
    private static final double CROWDED = 3;

    private ShardMap map = ShardMap.UNKNOWN;
    private KeySketch sketch = new KeySketch();
    private long[] perShard = new long[1];
    private long records;
    private long windowStart;
    private StreamStatus.Keys diagnosis = StreamStatus.Keys.NONE;

    /** Counts a record with a given partition key. */
    @SuppressWarnings("ReferenceEquality") // maps are replaced when they change, and this runs per record
    void saw(SendRecord record, int shard, ShardMap now, long nanos) {
        if (now != map) {
            map = now;
            open(nanos);
        }
        sketch.add(record.hashHigh(), record.hashLow());
        perShard[shard]++;
        records++;
        if (records >= WINDOW_RECORDS || (records >= LEAST_RECORDS && nanos - windowStart >= WINDOW_NANOS)) {
            diagnose();
            open(nanos);
        }
    }

    private void open(long nanos) {
        sketch = new KeySketch();
        perShard = new long[map.shards().size()];
        records = 0;
        windowStart = nanos;
    }

    private void diagnose() {
        long keys = sketch.estimate();
        int shards = perShard.length;
        int idle = 0;
        long largest = 0;
        for (long each : perShard) {
            idle += each == 0 ? 1 : 0;
            largest = Math.max(largest, each);
        }
        double share = (double) largest / records;
        diagnosis =
                new StreamStatus.Keys(keys, idle, share, map.known() ? advice(keys, shards, idle, share) : "", false);
    }

    private static String advice(long keys, int shards, int idle, double share) {
        if (shards > 1 && idle > 0) {
            return keys + (keys == 1 ? " key" : " keys") + " over " + shards + " shards, " + idle + " of them "
                    + (idle == 1 ? "gets" : "get") + " nothing; use a partition key with more values, such as"
                    + " {clientid}, or random";
        }
        if (shards > 1 && share * shards >= CROWDED) {
            return "one of " + shards + " shards gets " + Math.round(share * 100) + " % of the records; use a partition"
                    + " key whose values are more alike in number, or random";
        }
        return "";
    }

    /** The diagnosis of the last window. */
    public StreamStatus.Keys diagnosis() {
        return diagnosis;
    }
}
