package io.penstock.delivery.kinesis.settings;

import io.penstock.base.settings.As;
import io.penstock.base.settings.Completed;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Notation;
import io.penstock.base.settings.Parsed;
import io.penstock.base.settings.Written;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * {@code prices:} The prices of a target's streams as the operator entered them, in any currency. A month has 730
 * hours.
 */
public record Prices(
        @Key(example = "0.015")
        @As(Price.class)
        @Doc("in provisioned mode: one shard for an hour, as a number such as `0.015`. Together with the next")
        Optional<Double> shardHour,

        @Key(example = "0.014") @As(Price.class) @Doc("a million PUT payload units of 25 KB each")
        Optional<Double> millionPutUnits,

        @Key(example = "0.04")
        @As(Price.class)
        @Doc("in on-demand mode: one stream for an hour; `0` where there is no such charge. Together with the next")
        Optional<Double> onDemandStreamHour,

        @Key(example = "0.08") @As(Price.class) @Doc("1 GiB written, each record rounded up to the next 1 KiB")
        Optional<Double> onDemandGigabyte)
        implements Completed<Prices> {
    private static final double HOURS_A_MONTH = 730;
    private static final double SECONDS_A_MONTH = HOURS_A_MONTH * 3600;
    private static final double GIGABYTE = 1 << 20;

    public Prices(Optional<Provisioned> provisioned, Optional<OnDemand> onDemand) {
        this(
                provisioned.map(Provisioned::shardHour),
                provisioned.map(Provisioned::millionUnits),
                onDemand.map(OnDemand::streamHour),
                onDemand.map(OnDemand::gigabyte));
    }

    /** Of streams in provisioned mode. */
    public Optional<Provisioned> provisioned() {
        return shardHour.flatMap(hour -> millionPutUnits.map(million -> new Provisioned(hour, million)));
    }

    /** Of streams in on-demand mode. */
    public Optional<OnDemand> onDemand() {
        return onDemandStreamHour.flatMap(hour -> onDemandGigabyte.map(data -> new OnDemand(hour, data)));
    }

    @Override
    public Prices completed(Written prices) {
        boolean onDemand = prices.has("on-demand-stream-hour") || prices.has("on-demand-gigabyte");
        boolean provisioned = prices.has("shard-hour") || prices.has("million-put-units") || !onDemand;
        require(prices, provisioned, "shard-hour", "million-put-units");
        require(prices, onDemand, "on-demand-stream-hour", "on-demand-gigabyte");
        return this;
    }

    private static void require(Written prices, boolean wanted, String... keys) {
        for (String key : keys) {
            if (wanted && !prices.has(key)) {
                prices.lacks(key, "is missing", Price.REMEDY);
            }
        }
    }

    /** A number in any currency. */
    static final class Price implements Notation<Double> {
        private static final String REMEDY = "write a number such as 0.015";

        @Override
        public Parsed<Double> parse(String text) {
            return text.matches(pattern())
                    ? Parsed.right(Double.parseDouble(text))
                    : Parsed.wrong("\"" + text + "\" is no price", REMEDY);
        }

        @Override
        public String format(Double price) {
            return new BigDecimal(Double.toString(price)).toPlainString();
        }

        @Override
        public String pattern() {
            return "\\d{1,9}(\\.\\d{1,9})?";
        }
    }

    /**
     * By shards and payload units.
     *
     * @param shardHour one shard for an hour
     * @param millionUnits a million PUT payload units of 25 KB each
     */
    public record Provisioned(double shardHour, double millionUnits) {
        public Provisioned {
            notNegative(shardHour, millionUnits);
        }

        /** The price of a month with this usage. */
        public double month(int shards, double unitsPerSecond) {
            return shards * HOURS_A_MONTH * shardHour + unitsPerSecond * SECONDS_A_MONTH / 1_000_000 * millionUnits;
        }
    }

    /**
     * By ingested data.
     *
     * @param streamHour one stream for an hour
     * @param gigabyte 1 GiB written, each record rounded up to the next 1 KiB (Kinesis pricing, on-demand mode)
     */
    public record OnDemand(double streamHour, double gigabyte) {
        public OnDemand {
            notNegative(streamHour, gigabyte);
        }

        /**
         * The price of a month with this usage.
         *
         * @param kibibytesPerSecond with each record rounded up
         */
        public double month(double kibibytesPerSecond) {
            return HOURS_A_MONTH * streamHour + kibibytesPerSecond * SECONDS_A_MONTH / GIGABYTE * gigabyte;
        }
    }

    private static void notNegative(double one, double other) {
        if (!(one >= 0) || !(other >= 0)) {
            throw new IllegalArgumentException("prices are not negative");
        }
    }
}
