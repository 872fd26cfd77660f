package io.penstock.agent.config;

import io.penstock.agent.route.Parsed;
import io.penstock.delivery.kinesis.settings.Prices;
import java.util.Optional;

/**
 * {@code prices:} of a target: what its streams cost, for the month's estimate; for provisioned mode, for on-demand
 * mode, or for both, to compare.
 */
final class PricesSection {
    static final String SHARD_HOUR = "shard-hour";
    static final String MILLION_UNITS = "million-put-units";
    static final String STREAM_HOUR = "on-demand-stream-hour";
    static final String GIGABYTE = "on-demand-gigabyte";
    private static final String REMEDY = "write a number such as 0.015";

    private PricesSection() {}

    /** Nothing without the key: then nothing is estimated. */
    static Optional<Prices> read(Section target) {
        boolean wanted = target.has("prices");
        return target.section("prices", section -> wanted ? Optional.of(prices(section)) : absent(section));
    }

    private static Prices prices(Section section) {
        boolean onDemand = section.has(STREAM_HOUR) || section.has(GIGABYTE);
        boolean provisioned = section.has(SHARD_HOUR) || section.has(MILLION_UNITS) || !onDemand;
        Optional<Double> shardHour = price(section, SHARD_HOUR, provisioned);
        Optional<Double> units = price(section, MILLION_UNITS, provisioned);
        Optional<Double> streamHour = price(section, STREAM_HOUR, onDemand);
        Optional<Double> gigabyte = price(section, GIGABYTE, onDemand);
        return new Prices(
                shardHour.flatMap(hour -> units.map(million -> new Prices.Provisioned(hour, million))),
                streamHour.flatMap(hour -> gigabyte.map(data -> new Prices.OnDemand(hour, data))));
    }

    /** Asks for the keys all the same, so that they are known to be keys. */
    private static Optional<Prices> absent(Section section) {
        for (String key : new String[] {SHARD_HOUR, MILLION_UNITS, STREAM_HOUR, GIGABYTE}) {
            price(section, key, false);
        }
        return Optional.empty();
    }

    private static Optional<Double> price(Section section, String key, boolean wanted) {
        if (wanted && !section.has(key)) {
            section.lacks(key, "is missing", REMEDY);
        }
        return section.optional(
                key,
                text -> text.matches("\\d{1,9}(\\.\\d{1,9})?")
                        ? Parsed.right(Double.parseDouble(text))
                        : Parsed.wrong("\"" + text + "\" is no price", REMEDY));
    }
}
