package io.penstock.agent.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.agent.admin.AgentState;
import io.penstock.delivery.kinesis.shards.Hash128;
import io.penstock.delivery.kinesis.shards.Shard;
import io.penstock.delivery.kinesis.shards.ShardMap;
import io.penstock.delivery.sender.status.StreamUsage;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Streams as JSON: how many there are of each condition, a row of the table, and all of one stream. Stateless. */
final class StreamJson {
    /** Shards drawn in the bar of one stream; more are counted. */
    static final int MOST_SHARDS = 512;

    private static final double HALF = 0x1p64;

    /** How many streams do what. */
    void counts(List<Figures.Stream> all, ObjectNode node) {
        Map<AgentState.StreamState, Integer> counts = new EnumMap<>(AgentState.StreamState.class);
        long letters = 0;
        long dropped = 0;
        long damaged = 0;
        int throttledShards = 0;
        for (Figures.Stream stream : all) {
            AgentState.Stream shown = stream.reading().shown();
            counts.merge(shown.health().condition(), 1, Integer::sum);
            letters += shown.deadLetters();
            dropped += shown.lost().dropped();
            damaged += shown.lost().damaged();
            throttledShards += stream.reading().throttledShards();
        }
        node.put("count", all.size());
        for (AgentState.StreamState condition : AgentState.StreamState.values()) {
            node.put(LiveJson.word(condition), counts.getOrDefault(condition, 0));
        }
        node.put("dead_letters", letters)
                .put("dropped", dropped)
                .put("damaged", damaged)
                .put("throttled_shards", throttledShards);
    }

    /** A row of the table. */
    void row(Figures.Stream stream, double diskShare, ObjectNode node) {
        StreamReading reading = stream.reading();
        AgentState.Stream shown = reading.shown();
        node.put("target", shown.target())
                .put("stream", shown.name())
                .put("name", reading.name())
                .put("condition", LiveJson.word(shown.health().condition()))
                .put("detail", shown.health().detail())
                .put("advice", shown.health().advice())
                .put("in", LiveJson.round(stream.in()))
                .put("out", LiveJson.round(stream.out()))
                .put("out_bytes", LiveJson.round(stream.outBytes()))
                .put("retried", LiveJson.round(stream.retried()))
                .put("throttled", LiveJson.round(stream.throttled()))
                .put("waiting", reading.spool().records())
                .put("waiting_bytes", reading.spool().bytes())
                .put("disk_share", diskShare)
                .put("oldest", reading.oldestSeconds())
                .put("delivered_total", reading.delivered())
                .put("retried_total", reading.retried())
                .put("throttled_total", reading.throttled())
                .put("dead_letters", shown.deadLetters())
                .put("dropped", shown.lost().dropped())
                .put("damaged", shown.lost().damaged())
                .put("shards", reading.shards())
                .put("throttled_shards", reading.throttledShards());
        ArrayNode notes = node.putArray("notes");
        shown.health().notes().forEach(notes::add);
    }

    /** Why events were sent again, and why some were refused for good. */
    void causes(StreamReading reading, ObjectNode node) {
        ObjectNode again = node.putObject("retried_for");
        ArrayNode refused = node.putArray("refused_for");
        reading.sender().ifPresent(status -> {
            status.effort().causes().forEach((name, count) -> again.put(name.id(), count));
            status.deadLetters()
                    .reasons()
                    .forEach(reason ->
                            refused.addObject().put("reason", reason.text()).put("count", reason.count()));
        });
    }

    /** The shards of one stream as ranges of the hash keys, 0 to 1, with the load of the last hour. */
    void shards(Figures.Stream stream, ShardMap map, ObjectNode node) {
        StreamUsage usage = stream.reading().shown().usage();
        node.put("usage", usage.known() ? usage.describe() : "");
        ArrayNode nodes = node.putArray("shard_map");
        if (!map.known()) {
            return;
        }
        Map<String, StreamUsage.Load> loads = new HashMap<>();
        usage.shards().loads().forEach(load -> loads.put(load.shard(), load));
        node.put("shards_left_out", Math.max(0, map.shards().size() - MOST_SHARDS));
        for (Shard shard :
                map.shards().subList(0, Math.min(MOST_SHARDS, map.shards().size()))) {
            ObjectNode one = nodes.addObject()
                    .put("shard", shard.id())
                    .put("from", fraction(shard.first()))
                    .put("to", fraction(shard.last()))
                    .put("first_hash", shard.first().toDecimal())
                    .put("last_hash", shard.last().toDecimal());
            StreamUsage.Load load = loads.get(shard.id());
            if (load != null) {
                one.put("records", LiveJson.round(load.records())).put("bytes", LiveJson.round(load.bytes()));
                one.put("share", share(load));
            }
        }
    }

    /** Of what a shard takes: 1,000 records or 1 MiB a second. */
    private static double share(StreamUsage.Load load) {
        return Math.max(load.records() / 1_000, load.bytes() / (1 << 20));
    }

    private static double fraction(Hash128 hash) {
        double high = hash.high() >= 0 ? hash.high() : hash.high() + HALF;
        return high / HALF;
    }
}
