package io.penstock.tools.demo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.tools.demo.load.Load;
import io.penstock.tools.demo.table.CountTable;
import io.penstock.tools.demo.table.Kind;
import io.penstock.tools.demo.worker.Application;
import io.penstock.tools.demo.worker.ReadShard;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the page shows, as JSON, with rates of what was seen before. Not thread-safe. */
final class Snapshot {
    /** Records that a shard takes in a second. */
    private static final int LIMIT = 1000;

    private final Map<String, RateOf> rates = new HashMap<>();

    private double rate(String of, double seconds, double count) {
        return Math.round(rates.computeIfAbsent(of, name -> new RateOf()).next(seconds, count));
    }

    /** How many events each kind's producer has the acknowledgement of. */
    static Map<Kind, Long> sent(List<Load> loads) {
        Map<Kind, Long> sent = new EnumMap<>(Kind.class);
        loads.forEach(load -> sent.put(load.kind(), load.sent()));
        return sent;
    }

    ObjectNode take(
            List<Load> loads, List<Application> applications, StreamWatch watch, Bill bill, Happenings happenings) {
        double now = happenings.seconds();
        Map<Kind, Long> sent = sent(loads);
        long all = sent.values().stream().mapToLong(Long::longValue).sum();
        CountTable first = applications.get(0).table();
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("seconds", now)
                .put("sent", all)
                .put("sent_rate", rate("sent", now, all))
                .put("waiting", watch.waiting())
                .put("throttled", watch.throttled())
                .put("throttled_rate", rate("throttled", now, watch.throttled()))
                .put("agent", watch.agentAnswers())
                .put("bill", bill.dollars(first.sums().counted()));
        sent.forEach((kind, count) -> node.put(kind.word() + "_rate", rate(kind.word(), now, count)));
        shards(node.putArray("shards"), watch.shards(), first, now);
        ArrayNode rows = node.putArray("applications");
        applications.forEach(application -> application(rows.addObject(), application, sent, now));
        rows(node.putArray("referrers"), first.referrers());
        rows(
                node.putArray("zones"),
                applications.get(applications.size() - 1).table().zones());
        ArrayNode heat = node.putArray("heat");
        for (double cell : first.heat()) {
            heat.add(Math.round(cell * 10) / 10.0);
        }
        node.put("across", CountTable.ACROSS);
        ArrayNode happened = node.putArray("happened");
        happenings
                .last()
                .forEach(each -> happened.addObject()
                        .put("number", each.number())
                        .put("seconds", each.seconds())
                        .put("text", each.text()));
        return node;
    }

    private void shards(ArrayNode rows, List<ReadShard> shards, CountTable table, double now) {
        Map<String, Long> counts = new HashMap<>();
        table.shards().forEach(row -> counts.put(row.name(), row.count()));
        for (ReadShard shard : shards) {
            long count = counts.getOrDefault(shard.id(), 0L);
            rows.addObject()
                    .put("id", shard.id())
                    .put("open", shard.open())
                    .put("from", shard.from())
                    .put("to", shard.to())
                    .put("count", count)
                    .put("rate", rate("shard " + shard.id(), now, count))
                    .put("limit", LIMIT);
        }
    }

    private void application(ObjectNode row, Application application, Map<Kind, Long> sent, double now) {
        CountTable.Sums sums = application.table().sums();
        row.put("name", application.name())
                .put("counted", sums.counted())
                .put("rate", rate("counted " + application.name(), now, sums.counted()))
                .put("duplicates", sums.duplicates())
                .put("under_way", application.table().missing(sent))
                .put("delay50", sums.delay50())
                .put("delay99", sums.delay99());
        ArrayNode workers = row.putArray("workers");
        application.leases().holders().forEach((worker, shards) -> {
            ArrayNode held = workers.addObject().put("name", worker).putArray("shards");
            shards.forEach(held::add);
        });
    }

    private static void rows(ArrayNode rows, List<CountTable.Row> from) {
        from.forEach(row -> rows.addObject().put("name", row.name()).put("count", row.count()));
    }
}
