package io.penstock.delivery.sender.status;

import io.penstock.delivery.kinesis.shards.StreamSummary.Mode;
import io.penstock.delivery.sender.status.StreamUsage.Cost;
import io.penstock.delivery.sender.status.StreamUsage.Month;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Describes a {@link StreamUsage} in words. */
final class UsageWords {
    private static final String ON_DEMAND = "%.2f on demand";

    private UsageWords() {}

    static String of(StreamUsage usage) {
        StringBuilder words = new StringBuilder(format(
                "%.1f events in %.1f Kinesis records, %.1f KiB and %.1f payload units a second",
                usage.sent().records(),
                usage.sent().kinesisRecords(),
                usage.sent().bytes() / 1024,
                usage.sent().units()));
        if (usage.shards().open() > 0) {
            words.append(format(
                    "; the busiest of %d shard%s used %.0f %% of its limit",
                    usage.shards().open(),
                    usage.shards().open() == 1 ? "" : "s",
                    usage.shards().busiest() * 100));
            words.append(ofShards(usage));
        }
        usage.cost().ifPresent(cost -> words.append(ofMonth(usage, cost)));
        return words.toString();
    }

    private static String ofShards(StreamUsage usage) {
        int needed = usage.shards().needed();
        int more = needed - usage.shards().open();
        if (usage.shards().mode() == Mode.ON_DEMAND) {
            return "; on demand, so that the service sees to their number";
        }
        if (more < 0) {
            return "; " + needed + (needed == 1 ? " shard would do" : " shards would do");
        }
        if (more == 0) {
            return usage.shards().open() > 1 && usage.shards().busiest() >= StreamUsage.LEFT_FREE
                    ? "; fewer would not do for the busiest one"
                    : "";
        }
        return "; " + more + (more == 1 ? " more is needed" : " more are needed");
    }

    private static String ofMonth(StreamUsage usage, Cost cost) {
        boolean priced = switch (usage.shards().mode()) {
            case PROVISIONED -> cost.provisioned().isPresent();
            case ON_DEMAND -> cost.onDemand().isPresent();
            case UNKNOWN -> true;
        };
        return (priced ? "; a month like this costs " : "; a month like this would cost ")
                + prices(usage.shards().mode(), cost, Month::now)
                + (usage.other().aggregated() ? ", with aggregation " : ", without aggregation ")
                + prices(usage.shards().mode(), cost, Month::other);
    }

    /** The price of the stream's mode first, then the other one for comparison. */
    private static String prices(Mode mode, Cost cost, ToDoubleFunction<Month> which) {
        String provisioned = mode == Mode.ON_DEMAND ? "%.2f in provisioned mode" : "%.2f";
        if (cost.provisioned().isEmpty() || cost.onDemand().isEmpty()) {
            return price(cost.provisioned(), provisioned, which) + price(cost.onDemand(), ON_DEMAND, which);
        }
        return switch (mode) {
            case PROVISIONED ->
                price(cost.provisioned(), provisioned, which) + price(cost.onDemand(), " (" + ON_DEMAND + ")", which);
            case ON_DEMAND ->
                price(cost.onDemand(), "%.2f", which) + price(cost.provisioned(), " (" + provisioned + ")", which);
            case UNKNOWN ->
                price(cost.provisioned(), provisioned, which) + price(cost.onDemand(), " or " + ON_DEMAND, which);
        };
    }

    private static String price(Optional<Month> month, String pattern, ToDoubleFunction<Month> which) {
        return month.map(known -> format(pattern, which.applyAsDouble(known))).orElse("");
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
