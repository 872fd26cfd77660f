package io.penstock.agent.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.base.condition.Condition;
import io.penstock.delivery.kinesis.shards.StreamSummary;
import io.penstock.delivery.sender.status.StreamUsage;
import java.util.Locale;

/** The agent's state as JSON. Immutable; any thread. */
final class StatusJson {
    private final ObjectMapper mapper = new ObjectMapper();
    private final ObjectWriter writer = mapper.writerWithDefaultPrettyPrinter();

    /** The body of {@code /readyz} for a request that may know no more. */
    byte[] verdict(AgentState state) {
        return bytes(mapper.createObjectNode().put("ready", state.ready()));
    }

    /** The body of {@code /readyz}: the verdict, its reasons, and every condition. */
    byte[] readiness(AgentState state) {
        ObjectNode root = mapper.createObjectNode();
        root.put("ready", state.ready());
        ArrayNode reasons = root.putArray("reasons");
        state.unready().forEach(reasons::add);
        state.listeners().stream()
                .filter(listener -> !listener.bound())
                .forEach(listener -> reasons.add("listener " + listener.name() + " is not bound"));
        conditions(state, root.putArray("details"));
        return bytes(root);
    }

    byte[] status(AgentState state) {
        ObjectNode root = mapper.createObjectNode();
        root.put("version", state.process().version());
        root.put("started", state.process().startedAt().toString());
        root.put("uptime_seconds", state.process().uptime().toSeconds());
        root.put("data", state.process().dataFolder());
        root.put("target", state.target());
        ArrayNode targets = root.putArray("targets");
        for (AgentState.Target target : state.targets()) {
            targets.addObject()
                    .put("name", target.name())
                    .put("endpoint", target.endpoint())
                    .put("region", target.region());
        }
        root.put("ready", state.ready());
        ArrayNode reasons = root.putArray("unready");
        state.unready().forEach(reasons::add);
        conditions(state, root.putArray("conditions"));
        state.disk().ifPresent(disk -> disk(disk, root.putObject("disk")));
        ArrayNode listeners = root.putArray("listeners");
        for (AgentState.Listener listener : state.listeners()) {
            ObjectNode node = listeners.addObject();
            node.put("name", listener.name());
            node.put("bound", listener.bound());
            ArrayNode addresses = node.putArray("addresses");
            listener.addresses().forEach(addresses::add);
        }
        ArrayNode bridges = root.putArray("bridges");
        state.bridges().forEach(bridge -> bridge(bridge, bridges.addObject()));
        ArrayNode streams = root.putArray("streams");
        for (AgentState.Stream stream : state.streams()) {
            ObjectNode node = streams.addObject();
            node.put("stream", stream.name());
            node.put("target", stream.target());
            node.put("condition", condition(stream));
            node.put("detail", stream.health().detail());
            node.put("key_advice", stream.health().advice());
            if (stream.usage().known()) {
                usage(stream.usage(), node.putObject("usage"));
            }
            node.put("spooled_events", stream.backlog().events());
            node.put("spooled_bytes", stream.backlog().bytes());
            stream.backlog().oldestAge().ifPresent(age -> node.put("oldest_age_seconds", age.toSeconds()));
            node.put("delivered_events", stream.deliveredEvents());
            node.put("dead_letters", stream.deadLetters());
            node.put("dropped_events", stream.lost().dropped());
            node.put("damaged_events", stream.lost().damaged());
            notes(stream, node);
        }
        return bytes(root);
    }

    /** Each condition, the worst first: the same objects in {@code /readyz} and in {@code /api/status}. */
    private static void conditions(AgentState state, ArrayNode all) {
        for (Condition condition : state.conditions()) {
            ObjectNode node = all.addObject();
            node.put("name", condition.id());
            node.put("severity", condition.severity().id());
            node.putObject("place")
                    .put("kind", condition.place().kind().id())
                    .put("name", condition.place().name());
            node.put("sentence", condition.sentence());
            node.put("remedy", condition.remedy());
            node.put("since_seconds", condition.since().toSeconds());
        }
    }

    private static void disk(AgentState.Disk disk, ObjectNode node) {
        node.put("condition", disk.shortage().isEmpty() ? "room" : "disk");
        node.put("free_bytes", disk.freeBytes());
        node.put("reserve_bytes", disk.reserveBytes());
        node.put("detail", disk.shortage());
    }

    private static void bridge(BridgeStatus bridge, ObjectNode node) {
        node.put("bridge", bridge.name());
        node.put("broker", bridge.broker());
        node.put("condition", word(bridge.condition()));
        node.put("detail", bridge.detail());
        ArrayNode ids = node.putArray("client_ids");
        bridge.clientIds().forEach(ids::add);
        node.put("connections", bridge.clientIds().size());
        node.put("connected", bridge.connected());
        node.put("in_flight", bridge.inFlight());
        node.put("lag_seconds", bridge.lag().toMillis() / 1e3);
        ArrayNode refused = node.putArray("refused_filters");
        bridge.refused()
                .forEach(filter -> refused.addObject()
                        .put("filter", filter.filter())
                        .put("code", filter.code())
                        .put("reason", filter.reason()));
        node.put("messages", bridge.counts().messages());
        node.put("bytes", bridge.counts().bytes());
        node.put("redelivered", bridge.counts().redelivered());
        node.put("duplicates", bridge.counts().duplicates());
        node.put("too_large", bridge.counts().tooLarge());
        node.put("reconnects", bridge.counts().reconnects());
    }

    private static void notes(AgentState.Stream stream, ObjectNode node) {
        ArrayNode notes = node.putArray("notes");
        stream.health().notes().forEach(notes::add);
    }

    private static void usage(StreamUsage usage, ObjectNode node) {
        node.put("words", usage.describe());
        node.put("events_per_second", usage.sent().records());
        node.put("kinesis_records_per_second", usage.sent().kinesisRecords());
        node.put("bytes_per_second", usage.sent().bytes());
        node.put("put_payload_units_per_second", usage.sent().units());
        node.put("shards", usage.shards().open());
        node.put("busiest_shard_share", usage.shards().busiest());
        if (usage.shards().mode() != StreamSummary.Mode.UNKNOWN) {
            node.put("mode", usage.shards().mode() == StreamSummary.Mode.ON_DEMAND ? "on-demand" : "provisioned");
        }
        if (usage.shards().mode() != StreamSummary.Mode.ON_DEMAND) {
            node.put("shards_needed", usage.shards().needed());
        }
        ArrayNode shards = node.putArray("per_shard");
        usage.shards()
                .loads()
                .forEach(load -> shards.addObject()
                        .put("shard", load.shard())
                        .put("kinesis_records_per_second", load.records())
                        .put("bytes_per_second", load.bytes()));
        usage.cost().ifPresent(cost -> {
            String other = usage.other().aggregated() ? "_with_aggregation" : "_without_aggregation";
            cost.provisioned().ifPresent(month -> month("month_cost", other, month, node));
            cost.onDemand().ifPresent(month -> month("month_cost_on_demand", other, month, node));
        });
    }

    private static void month(String name, String other, StreamUsage.Month month, ObjectNode node) {
        node.put(name, month.now());
        node.put(name + other, month.other());
    }

    private static String condition(AgentState.Stream stream) {
        return word(stream.health().condition());
    }

    private static String word(Enum<?> condition) {
        return condition.name().toLowerCase(Locale.ROOT);
    }

    private byte[] bytes(ObjectNode root) {
        try {
            return writer.writeValueAsBytes(root);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree of plain values cannot fail to be written", impossible);
        }
    }
}
