package io.penstock.agent.config;

import io.penstock.agent.route.Parsed;
import io.penstock.agent.target.Prices;
import java.util.Optional;

/** {@code prices:} of a target: what its shards and payload units cost, for the month's estimate. */
final class PricesSection {
    private PricesSection() {}

    /** Nothing without the key: then nothing is estimated. */
    static Optional<Prices> read(Section target) {
        boolean wanted = target.has("prices");
        return target.section("prices", section -> {
            Optional<Double> shardHour = price(section, "shard-hour", wanted);
            Optional<Double> units = price(section, "million-put-units", wanted);
            return shardHour.flatMap(hour -> units.map(million -> new Prices(hour, million)));
        });
    }

    private static Optional<Double> price(Section section, String key, boolean wanted) {
        if (wanted && !section.has(key)) {
            section.lacks(key, "is missing", "write a number such as 0.015");
        }
        return section.optional(
                key,
                text -> text.matches("\\d{1,9}(\\.\\d{1,9})?")
                        ? Parsed.right(Double.parseDouble(text))
                        : Parsed.wrong("\"" + text + "\" is no price", "write a number such as 0.015"));
    }
}
