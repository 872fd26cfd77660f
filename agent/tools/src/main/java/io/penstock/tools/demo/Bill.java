package io.penstock.tools.demo;

/** What Amazon would ask for so far. Not thread-safe. */
final class Bill {
    private final DemoSettings.Prices prices;
    private double shardHours;
    private long before;

    /** @param now a clock that only runs forward, in nanoseconds */
    Bill(DemoSettings.Prices prices, long now) {
        this.prices = prices;
        this.before = now;
    }

    /** The open shards until now. */
    void add(long now, int openShards) {
        shardHours += (now - before) / 3.6e12 * openShards;
        before = now;
    }

    /** In US dollars. */
    double dollars(long records) {
        return shardHours * prices.shardHour() + records / 1e6 * prices.millionPuts();
    }
}
