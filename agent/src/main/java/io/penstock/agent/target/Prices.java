package io.penstock.agent.target;

/**
 * What a target's provisioned streams cost, as the operator entered it; in whatever currency.
 *
 * @param shardHour one shard for an hour
 * @param millionUnits a million PUT payload units of 25 KB each
 */
public record Prices(double shardHour, double millionUnits) {
    private static final double HOURS_A_MONTH = 730;
    private static final double SECONDS_A_MONTH = HOURS_A_MONTH * 3600;

    public Prices {
        if (!(shardHour >= 0) || !(millionUnits >= 0)) {
            throw new IllegalArgumentException("prices are not negative");
        }
    }

    /** A month of 730 hours like this. */
    public double month(int shards, double unitsPerSecond) {
        return shards * HOURS_A_MONTH * shardHour + unitsPerSecond * SECONDS_A_MONTH / 1_000_000 * millionUnits;
    }
}
