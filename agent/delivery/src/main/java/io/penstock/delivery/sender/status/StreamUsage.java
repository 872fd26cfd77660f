package io.penstock.delivery.sender.status;

import io.penstock.delivery.kinesis.settings.Prices;
import io.penstock.delivery.kinesis.shards.StreamSummary;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A stream's use of its shards in the last hour, as averages per second, and the conclusions. Immutable.
 *
 * @param sent what was sent, per second
 * @param shards the load of its shards
 * @param other the figures for the other way: without aggregation if events are aggregated, else with it
 * @param cost of a month with this usage, if prices are known
 */
public record StreamUsage(Sent sent, Shards shards, Other other, Optional<Cost> cost) {
    /** The name of the item for all other shards. */
    public static final String OTHERS = "others";

    /** No usage is known yet. */
    public static final StreamUsage NONE = new StreamUsage(
            new Sent(0, 0, 0, 0, 0),
            new Shards(0, StreamSummary.Mode.UNKNOWN, 0, 0, List.of()),
            new Other(0, 0, 0, false),
            Optional.empty());

    private static final double HOUR = 3600;

    /** The share of a shard's limit that should be used at most. */
    static final double LEFT_FREE = 0.8;

    private static final double SHARD_RECORDS = 1000;
    private static final double SHARD_BYTES = 1 << 20;
    private static final double UNIT_BYTES = 25 << 10;
    private static final double KIBIBYTE = 1024;

    /**
     * Averages per second.
     *
     * @param records events
     * @param kinesisRecords Kinesis records that held them
     * @param bytes data and partition keys of those
     * @param units their PUT payload units
     * @param kibibytes their size in KiB, each record rounded up
     */
    public record Sent(double records, double kinesisRecords, double bytes, double units, double kibibytes) {}

    /**
     * @param open shards as last reported; 0 if unknown
     * @param mode the stream's capacity mode
     * @param busiest the largest share of its limit that a shard used in any minute
     * @param needed shards that the busiest minute needs, with a fifth of each one's limit free, also of the hottest
     *     one's; 0 if unknown
     * @param loads the load of each shard: up to 32 by name; the rest, including former shards, as {@link #OTHERS}
     */
    public record Shards(int open, StreamSummary.Mode mode, double busiest, int needed, List<Load> loads) {}

    /**
     * @param units per second
     * @param kibibytes per second
     * @param needed shards
     * @param aggregated true if these figures are for aggregated events
     */
    public record Other(double units, double kibibytes, int needed, boolean aggregated) {}

    /**
     * The load of one shard, as averages per second.
     *
     * @param shard its id; for adjacent shards that are counted together, the first one's id and how many more
     * @param records Kinesis records
     * @param bytes their data and partition keys
     */
    public record Load(String shard, double records, double bytes) {
        /** A description in words. */
        public String describe() {
            return String.format(Locale.ROOT, "%s %.1f records and %.1f KiB", shard, records, bytes / 1024);
        }
    }

    /**
     * The cost of a month.
     *
     * @param provisioned with the present shards, or those that the other way needs; for a stream in on-demand mode,
     *     with the needed shards
     * @param onDemand independent of the shards
     */
    public record Cost(Optional<Month> provisioned, Optional<Month> onDemand) {}

    /** For the present way and for the other way. */
    public record Month(double now, double other) {}

    static StreamUsage of(List<Usage.Minute> minutes, double idleSeconds, int shards, StreamSummary.Mode mode) {
        double seconds = idleSeconds;
        Usage.Total sent = Usage.Total.NONE;
        double busiest = 0;
        ShardTotals totals = new ShardTotals();
        double peak = 0;
        double peakAlone = 0;
        double peakBytes = 0;
        int keptByHottest = 0;
        for (int i = minutes.size() - 1; i >= 0 && seconds < HOUR; i--) {
            Usage.Minute minute = minutes.get(i);
            seconds += minute.seconds();
            sent = sent.plus(minute.sent());
            busiest = Math.max(busiest, minute.busiest());
            keptByHottest = Math.max(keptByHottest, keptByHottest(minute, shards));
            minute.taken().forEach(totals::add);
            // Computed from the accepted records: for a shard at its limit, the sent records do not show the demand.
            double demand = minute.sent().records() == 0
                    ? 0
                    : (double) minute.sent().accepted() / minute.sent().records() / minute.busySeconds();
            peakBytes = Math.max(peakBytes, minute.sent().bytes() * demand / SHARD_BYTES);
            peak = Math.max(peak, minute.sent().kinesisRecords() * demand / SHARD_RECORDS);
            peakAlone = Math.max(peakAlone, minute.sent().records() * demand / SHARD_RECORDS);
        }
        if (sent.records() == 0 || seconds == 0) {
            return NONE;
        }
        boolean aggregated = sent.kinesisRecords() < sent.records();
        Other other = aggregated
                ? new Other(
                        sent.unitsAlone() / seconds,
                        sent.kibibytesAlone() / seconds,
                        shardsFor(Math.max(peakAlone, peakBytes)),
                        false)
                : new Other(
                        sent.bytes() / UNIT_BYTES / seconds,
                        sent.bytes() / KIBIBYTE / seconds,
                        shardsFor(peakBytes),
                        true);
        return new StreamUsage(
                new Sent(
                        sent.records() / seconds,
                        sent.kinesisRecords() / seconds,
                        sent.bytes() / seconds,
                        sent.units() / seconds,
                        sent.kibibytes() / seconds),
                new Shards(
                        shards,
                        mode,
                        busiest,
                        Math.max(shardsFor(Math.max(peak, peakBytes)), keptByHottest),
                        totals.perSecond(sent, seconds)),
                other,
                Optional.empty());
    }

    /**
     * The number of shards that must stay so that the hottest one, with its part of the load of the removed shards,
     * keeps a fifth of its limit free; all of them if it does not even now.
     */
    private static int keptByHottest(Usage.Minute minute, int shards) {
        double free = LEFT_FREE - minute.busiest();
        if (shards < 2 || free <= 0) {
            return shards;
        }
        Usage.Total sent = minute.sent();
        double all = Math.max(sent.kinesisRecords() / SHARD_RECORDS, sent.bytes() / SHARD_BYTES) / minute.busySeconds();
        double each = Math.max(0, all - minute.busiest()) / (shards - 1);
        return (int) Math.ceil(shards * each / (free + each));
    }

    private static int shardsFor(double demand) {
        return (int) Math.max(1, Math.ceil(demand / LEFT_FREE));
    }

    /** True if usage is known. */
    public boolean known() {
        return sent.records > 0;
    }

    /** This usage with its costs; in provisioned mode only if the shards are known. */
    public StreamUsage priced(Prices prices) {
        boolean onDemand = shards.mode == StreamSummary.Mode.ON_DEMAND;
        int ownShards = onDemand ? shards.needed : shards.open;
        int otherShards = onDemand
                ? other.needed
                : other.aggregated ? Math.min(shards.open, other.needed) : Math.max(shards.open, other.needed);
        Cost priced = new Cost(
                prices.provisioned()
                        .filter(price -> shards.open > 0)
                        .map(price ->
                                new Month(price.month(ownShards, sent.units), price.month(otherShards, other.units))),
                prices.onDemand().map(price -> new Month(price.month(sent.kibibytes), price.month(other.kibibytes))));
        if (!known() || (priced.provisioned.isEmpty() && priced.onDemand.isEmpty())) {
            return this;
        }
        return new StreamUsage(sent, shards, other, Optional.of(priced));
    }

    /** A description in words; empty if no usage is known. */
    public String describe() {
        return known() ? UsageWords.of(this) : "";
    }
}
