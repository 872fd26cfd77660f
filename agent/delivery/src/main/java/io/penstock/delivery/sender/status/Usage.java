package io.penstock.delivery.sender.status;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.kinesis.shards.StreamSummary;
import io.penstock.delivery.sender.schedule.Lane;
import io.penstock.delivery.sender.schedule.Lanes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A stream's actual use of its shards, minute by minute for the last hour. Any thread may call {@link #publish}. */
@OwnedBy(ThreadRole.SENDER)
public final class Usage {
    /** A record costs one unit for each begun piece of this size (Kinesis pricing, PUT payload unit). */
    private static final int UNIT_BYTES = 25 << 10;

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
    private volatile @Nullable Known answer;

    /**
     * One minute of activity, and the idle time after it.
     *
     * @param seconds of both
     * @param busiest the largest share of its limit that a shard used in the minute
     * @param taken the load of at most {@link ShardTotals#NAMED} shards, without those that were split or merged in the
     *     minute
     */
    record Minute(double seconds, Total sent, double busiest, List<Taken> taken) {
        /** The seconds with activity. */
        double busySeconds() {
            return Math.min(seconds, MINUTE / SECOND);
        }
    }

    /** The load of one shard: Kinesis records and their bytes. */
    record Taken(String shard, long records, long bytes) {}

    /** The records that were sent, and those that were accepted. */
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

    /** What was computed of the minutes that are published: it stays the same until the next one, and is asked often. */
    private record Known(Published of, int shards, StreamSummary.Mode mode, StreamUsage usage) {}

    private record Published(List<Minute> minutes, long at) {}

    /** @param end the spool's end, so that only later records count as accepted */
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

    /** The size of one Kinesis record in on-demand mode: KiB, rounded up (Kinesis pricing, data in). */
    public static int kibibytes(int bytes) {
        return (bytes + KIBIBYTE - 1) / KIBIBYTE;
    }

    /** Updates the usage. To be called once per pass. */
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

    /** The usage of the last hour. Any thread. */
    public StreamUsage publish(int shards, StreamSummary.Mode mode, long now) {
        Published last = published;
        Known known = answer;
        if (known != null
                && known.of == last
                && known.shards == shards
                && known.mode == mode
                && now - last.at <= MINUTE) {
            return known.usage;
        }
        // The present minute is not counted yet; any longer time since the last one was idle.
        StreamUsage usage = StreamUsage.of(last.minutes, Math.max(0, (now - last.at - MINUTE) / SECOND), shards, mode);
        answer = now - last.at <= MINUTE ? new Known(last, shards, mode, usage) : null;
        return usage;
    }
}
