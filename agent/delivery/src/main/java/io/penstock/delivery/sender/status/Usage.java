package io.penstock.delivery.sender.status;

import io.penstock.delivery.kinesis.shards.StreamSummary;
import io.penstock.delivery.sender.schedule.Lane;
import io.penstock.delivery.sender.schedule.Lanes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What a stream really takes of its shards, minute by minute for the last hour. Owned by the sender's thread; what it
 * {@link #publish}es is for any.
 */
public final class Usage {
    /** A record costs as many units as it has pieces of this size (Kinesis pricing, PUT payload unit). */
    private static final int UNIT_BYTES = 25 * 1024;

    private static final int KIBIBYTE = 1024;

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final int MINUTES = 60;
    private static final double SECOND = Duration.ofSeconds(1).toNanos();

    private final Lanes lanes;
    private final StreamCounters counters;
    private final Deque<Minute> minutes = new ArrayDeque<>();
    private Total before;
    private long startedAt;
    private volatile Published published;

    /**
     * One minute, and the rest after it in which nothing was to be done.
     *
     * @param seconds of both
     * @param busiest the largest share of its limit that a shard used in the minute
     * @param taken what each shard got of it, of {@link ShardTotals#NAMED} shards at most; none of those that were
     *     split or merged meanwhile
     */
    record Minute(double seconds, Total sent, double busiest, List<Taken> taken) {
        /** The part in which something happened. */
        double busySeconds() {
            return Math.min(seconds, MINUTE / SECOND);
        }
    }

    /** What one shard got: Kinesis records and their bytes. */
    record Taken(String shard, long records, long bytes) {}

    /** What was sent, and came in to be sent. */
    record Total(
            long records,
            long kinesisRecords,
            long bytes,
            long units,
            long unitsAlone,
            long kibibytes,
            long kibibytesAlone,
            long accepted) {
        static final Total NONE = new Total(0, 0, 0, 0, 0, 0, 0, 0);

        Total plus(Total more) {
            return new Total(
                    records + more.records,
                    kinesisRecords + more.kinesisRecords,
                    bytes + more.bytes,
                    units + more.units,
                    unitsAlone + more.unitsAlone,
                    kibibytes + more.kibibytes,
                    kibibytesAlone + more.kibibytesAlone,
                    accepted + more.accepted);
        }

        Total minus(Total earlier) {
            return new Total(
                    records - earlier.records,
                    kinesisRecords - earlier.kinesisRecords,
                    bytes - earlier.bytes,
                    units - earlier.units,
                    unitsAlone - earlier.unitsAlone,
                    kibibytes - earlier.kibibytes,
                    kibibytesAlone - earlier.kibibytesAlone,
                    accepted - earlier.accepted);
        }
    }

    private record Published(List<Minute> minutes, long at) {}

    /** @param end the spool's, so that only what comes in from now on counts as accepted */
    public Usage(Lanes lanes, StreamCounters counters, long end, long now) {
        this.lanes = lanes;
        this.counters = counters;
        this.startedAt = now;
        this.published = new Published(List.of(), now);
        this.before = total(end);
    }

    private Total total(long end) {
        return new Total(
                counters.delivered.sum(),
                counters.kinesisRecords.sum(),
                counters.kinesisBytes.sum(),
                counters.units.sum(),
                counters.unitsAlone.sum(),
                counters.kibibytes.sum(),
                counters.kibibytesAlone.sum(),
                end);
    }

    /** PUT payload units of one Kinesis record. */
    public static int units(int bytes) {
        return Math.max(1, (bytes + UNIT_BYTES - 1) / UNIT_BYTES);
    }

    /** What on-demand mode counts of one Kinesis record: KiB, each begun (Kinesis pricing, data in). */
    public static int kibibytes(int bytes) {
        return (bytes + KIBIBYTE - 1) / KIBIBYTE;
    }

    /** Once at each pass. */
    public void look(long now, long end) {
        if (now - startedAt < MINUTE) {
            return;
        }
        double seconds = (now - startedAt) / SECOND;
        double busiest = 0;
        List<Taken> taken = new ArrayList<>();
        for (Lane lane : lanes.lanes()) {
            Lane.Taken by = lane.take();
            if (taken.size() < ShardTotals.NAMED && !lane.name().isEmpty()) {
                taken.add(new Taken(lane.name(), by.records(), by.bytes()));
            }
            busiest = Math.max(busiest, by.cost() / lane.shards() / Math.min(seconds, MINUTE / SECOND));
        }
        Total total = total(end);
        minutes.addLast(new Minute(seconds, total.minus(before), busiest, List.copyOf(taken)));
        if (minutes.size() > MINUTES) {
            minutes.removeFirst();
        }
        before = total;
        startedAt = now;
        published = new Published(List.copyOf(minutes), now);
    }

    /** Of the last hour. Any thread. */
    public StreamUsage publish(int shards, StreamSummary.Mode mode, long now) {
        Published last = published;
        // A minute that has begun is not counted yet; what is longer ago was rest, or there would be a new minute.
        return StreamUsage.of(last.minutes, Math.max(0, (now - last.at - MINUTE) / SECOND), shards, mode);
    }
}
