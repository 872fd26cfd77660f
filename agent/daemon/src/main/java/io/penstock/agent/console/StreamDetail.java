package io.penstock.agent.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.engine.EngineView;
import io.penstock.engine.stream.Consumer;
import io.penstock.engine.stream.HashKey;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.Shard;
import io.penstock.engine.stream.StreamMeta;
import io.penstock.engine.watch.Readers;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** One stream: what moves, and the shards with their lineage. Stateless; any thread. */
final class StreamDetail {
    /** The newest shards that an answer has; the open ones among them come first. */
    static final int MOST_SHARDS = 2_000;

    private static final int MOST_READERS = 200;
    private static final double SIZE = 0x1p128;

    private final Throughput throughput;
    private final ReaderTable readers;
    private final StreamRows rows;

    StreamDetail(Throughput throughput, ReaderTable readers, StreamRows rows) {
        this.throughput = throughput;
        this.readers = readers;
        this.rows = rows;
    }

    /**
     * What moves: rates of the stream and of each shard that has traffic, readers, the last minutes.
     *
     * @param shard whose history is wanted; -1 for the whole stream's
     */
    ObjectNode now(LiveStream stream, EngineView engine, int shard) {
        StreamMeta meta = stream.meta();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        rows.write(stream, engine, node);
        node.put("at", engine.clock().date());
        node.put("every", Console.EVERY.toSeconds());
        node.put("shards_version", version(meta));
        ReaderTable.OfStream reading = readers.of(meta.id());
        Map<Integer, Rate> rates = throughput.now(meta.id()).shards();
        ArrayNode loads = node.putArray("loads");
        meta.shards().stream()
                .filter(each ->
                        rates.containsKey(each.index()) || reading.ages().containsKey(each.index()))
                .forEach(each -> load(each.index(), rates, reading, loads.addObject()));
        readers(meta, reading, node);
        List<Rate> history = shard < 0 ? throughput.history(meta.id()) : throughput.history(meta.id(), shard);
        ObjectNode series = node.putObject("history");
        series(history, Rate::recordsIn, series.putArray("in"));
        series(history, Rate::bytesIn, series.putArray("in_bytes"));
        series(history, Rate::recordsOut, series.putArray("out"));
        series(history, Rate::bytesOut, series.putArray("out_bytes"));
        return node;
    }

    private static void load(int shard, Map<Integer, Rate> rates, ReaderTable.OfStream reading, ObjectNode node) {
        Rate rate = rates.getOrDefault(shard, Rate.NONE);
        node.put("i", shard);
        StreamRows.rate(rate, node);
        node.put("share", Math.round(rate.share() * 1000) / 1000.0);
        Long age = reading.ages().get(shard);
        if (age != null) {
            node.put("age_ms", age);
        }
    }

    private static void series(List<Rate> history, ToDoubleFunction<Rate> value, ArrayNode node) {
        history.forEach(rate -> node.add(StreamRows.cents(value.applyAsDouble(rate))));
    }

    private static void readers(StreamMeta meta, ReaderTable.OfStream reading, ObjectNode node) {
        ArrayNode all = node.putArray("reading");
        reading.rows().stream()
                .limit(MOST_READERS)
                .forEach(row -> all.addObject()
                        .put("kind", row.reader().kind() == Readers.Kind.FAN_OUT ? "fan-out" : "polling")
                        .put("name", row.reader().name())
                        .put("agent", row.reader().agent())
                        .put("shards", row.shards())
                        .put("age_ms", row.age())
                        .put("silent_ms", row.silent())
                        .put("records", row.records())
                        .put("rate", StreamRows.cents(row.recordRate()))
                        .put("rate_bytes", StreamRows.cents(row.byteRate())));
        node.put("reading_left_out", Math.max(0, reading.rows().size() - MOST_READERS));
        Set<String> seen = reading.rows().stream()
                .filter(row -> row.reader().kind() == Readers.Kind.FAN_OUT)
                .map(row -> row.reader().name())
                .collect(Collectors.toSet());
        ArrayNode silent = node.putArray("not_reading");
        meta.consumers().stream()
                .map(Consumer::name)
                .filter(name -> !seen.contains(name))
                .forEach(silent::add);
    }

    /** Another one after each change of the shards. */
    private static String version(StreamMeta meta) {
        return meta.nextShard() + "-" + meta.shards().size();
    }

    /** The shards, the open ones by their range and then the closed ones, the newest first. */
    ObjectNode shards(LiveStream stream, EngineView engine) {
        StreamMeta meta = stream.meta();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("version", version(meta));
        node.put("created", meta.createdAt());
        ArrayNode all = node.putArray("shards");
        meta.shards().stream()
                .sorted(Comparator.comparing(Shard::isOpen)
                        .reversed()
                        .thenComparing(shard -> shard.isOpen() ? shard.first() : HashKey.MIN)
                        .thenComparing(Comparator.comparingInt(Shard::index).reversed()))
                .limit(MOST_SHARDS)
                .forEach(shard -> shard(shard, engine, all.addObject()));
        node.put("left_out", Math.max(0, meta.shards().size() - MOST_SHARDS));
        return node;
    }

    private static void shard(Shard shard, EngineView engine, ObjectNode node) {
        range(shard, node);
        node.put("opened", engine.clock().dateOf(shard.createdAt()));
        if (!shard.isOpen()) {
            node.put("closed", engine.clock().dateOf(shard.closedAt()));
        }
    }

    /** Adds a shard's place among the hash keys, and its parents. */
    static void range(Shard shard, ObjectNode node) {
        node.put("i", shard.index());
        node.put("shard", shard.id());
        node.put("first", shard.first().toString());
        node.put("last", shard.last().toString());
        node.put("from", part(shard.first()));
        node.put("to", shard.last().equals(HashKey.MAX) ? 1 : part(shard.last().next()));
        ArrayNode parents = node.putArray("parents");
        if (shard.parent() != Shard.NONE) {
            parents.add(shard.parent());
        }
        if (shard.adjacentParent() != Shard.NONE) {
            parents.add(shard.adjacentParent());
        }
    }

    /** 0 to 1. */
    private static double part(HashKey key) {
        return (unsigned(key.high()) * 0x1p64 + unsigned(key.low())) / SIZE;
    }

    private static double unsigned(long value) {
        return (value >>> 1) * 2.0 + (value & 1);
    }
}
