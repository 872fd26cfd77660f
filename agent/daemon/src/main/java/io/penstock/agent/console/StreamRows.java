package io.penstock.agent.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.agent.live.Page;
import io.penstock.agent.live.Parameters;
import io.penstock.engine.EngineView;
import io.penstock.engine.scope.Scope;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.StreamMeta;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The table of streams: searched, sorted and cut into pages. Stateless; any thread. */
final class StreamRows {
    private static final Map<String, Comparator<Row>> ORDERS = Map.of(
            "name", Comparator.comparing(row -> row.meta().name()),
            "in", Comparator.comparingDouble(row -> row.rate().recordsIn()),
            "out", Comparator.comparingDouble(row -> row.rate().recordsOut()),
            "shards", Comparator.comparingInt(row -> row.stream().shards().size()),
            "age", Comparator.comparingLong(row -> row.readers().age()),
            "bytes", Comparator.comparingLong(Row::size));

    private final Throughput throughput;
    private final ReaderTable readers;

    StreamRows(Throughput throughput, ReaderTable readers) {
        this.throughput = throughput;
        this.readers = readers;
    }

    private record Row(LiveStream stream, StreamMeta meta, Rate rate, ReaderTable.OfStream readers, long size) {}

    /** What the query asks for. */
    ObjectNode table(EngineView engine, Parameters query) {
        String part = query.text("search", "").toLowerCase(Locale.ROOT);
        Parameters.Sort sort =
                query.sort("name", ORDERS.keySet().stream().sorted().toList());
        Page page = query.page();
        List<LiveStream> all = engine.streams().inAllScopes();
        Comparator<Row> order = ORDERS.getOrDefault(
                sort.key(), Comparator.comparing(row -> row.meta().name()));
        List<Row> every = all.stream().map(this::row).toList();
        List<Row> found = every.stream()
                .filter(row -> row.meta().name().toLowerCase(Locale.ROOT).contains(part))
                .sorted((sort.descending() ? order.reversed() : order)
                        .thenComparing(row -> row.meta().name())
                        .thenComparing(row -> row.meta().scope().toString()))
                .toList();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("all", all.size()).put("found", found.size());
        totals(every, node.putObject("totals"));
        ArrayNode rows = node.putArray("streams");
        page.of(found).forEach(row -> write(row, engine, rows.addObject()));
        return node;
    }

    private static void totals(List<Row> rows, ObjectNode node) {
        rate(rows.stream().map(Row::rate).reduce(Rate.NONE, Rate::plus), node);
        node.put(
                "shards",
                rows.stream().mapToInt(row -> row.stream().shards().size()).sum());
        node.put("bytes", rows.stream().mapToLong(Row::size).sum());
        List<Row> failed = rows.stream().filter(row -> row.stream().hasFailed()).toList();
        node.put("failed", failed.size());
        failed.stream()
                .findFirst()
                .ifPresent(row -> node.put("failed_stream", row.meta().name()));
        rows.stream()
                .max(Comparator.comparingLong(row -> row.readers().age()))
                .filter(row -> row.readers().age() >= 0)
                .ifPresent(row -> node.put("oldest_ms", row.readers().age())
                        .put("oldest_stream", row.meta().name()));
    }

    private Row row(LiveStream stream) {
        StreamMeta meta = stream.meta();
        return new Row(
                stream,
                meta,
                throughput.now(meta.id()).stream(),
                readers.of(meta.id()),
                stream.log().sizeBytes());
    }

    /** Adds what a row has of a stream. */
    void write(LiveStream stream, EngineView engine, ObjectNode node) {
        write(row(stream), engine, node);
    }

    private static void write(Row row, EngineView engine, ObjectNode node) {
        StreamMeta meta = row.meta();
        Scope scope = meta.scope();
        node.put("id", meta.id());
        node.put("name", meta.name());
        node.put("region", scope.region());
        node.put("account", scope.account());
        node.put("own", scope.equals(engine.streams().limits().own()));
        node.put(
                "status",
                row.stream().hasFailed() ? "FAILED" : row.stream().status().name());
        node.put("mode", meta.options().mode().name());
        node.put("shards", row.stream().shards().size());
        node.put("closed", meta.shards().size() - row.stream().shards().size());
        node.put("readers", row.readers().rows().size());
        node.put("consumers", meta.consumers().size());
        node.put("age_ms", row.readers().age());
        node.put("bytes", row.size());
        node.put("retention_hours", meta.options().retentionHours());
        rate(row.rate(), node);
    }

    static void rate(Rate rate, ObjectNode node) {
        node.put("in", cents(rate.recordsIn()));
        node.put("in_bytes", cents(rate.bytesIn()));
        node.put("out", cents(rate.recordsOut()));
        node.put("out_bytes", cents(rate.bytesOut()));
    }

    static double cents(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
