package io.penstock.delivery.kinesis.settings;

import java.util.Optional;

/**
 * What a target's streams cost, as the operator entered it; in whatever currency. A month has 730 hours.
 *
 * @param provisioned of streams in provisioned mode
 * @param onDemand of streams in on-demand mode
 */
public record Prices(Optional<Provisioned> provisioned, Optional<OnDemand> onDemand) {
    private static final double HOURS_A_MONTH = 730;
    private static final double SECONDS_A_MONTH = HOURS_A_MONTH * 3600;
    private static final double GIGABYTE = 1 << 20;

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

        /** A month like this. */
        public double month(int shards, double unitsPerSecond) {
            return shards * HOURS_A_MONTH * shardHour + unitsPerSecond * SECONDS_A_MONTH / 1_000_000 * millionUnits;
        }
    }

    /**
     * By what goes in.
     *
     * @param streamHour one stream for an hour
     * @param gigabyte 1 GiB written, each record rounded up to the next 1 KiB (Kinesis pricing, on-demand mode)
     */
    public record OnDemand(double streamHour, double gigabyte) {
        public OnDemand {
            notNegative(streamHour, gigabyte);
        }

        /**
         * A month like this.
         *
         * @param kibibytesPerSecond as they are rounded
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
