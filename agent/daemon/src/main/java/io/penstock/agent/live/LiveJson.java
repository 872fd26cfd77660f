package io.penstock.agent.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.agent.admin.AgentState;
import io.penstock.agent.admin.BridgeStatus;
import io.penstock.base.condition.Condition;
import java.util.List;
import java.util.Locale;

/** Figures, history and timeline as JSON. Stateless; any thread. */
final class LiveJson {
    private static final int CONDITIONS = 50;
    private static final double CENTS = 100;

    private final ObjectWriter writer = JsonMapper.builder().build().writer();
    private final StreamJson streams = new StreamJson();

    /** All that the page shows at once, of bounded size: streams are counted here and listed elsewhere. */
    ObjectNode now(Figures now, long lastOccurrence) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        AgentState state = now.state();
        root.put("at", now.at().toEpochMilli());
        root.put("version", state.process().version());
        root.put("started_at", state.process().startedAt().toString());
        root.put("uptime_seconds", state.process().uptime().toSeconds());
        root.put("data", state.process().dataFolder());
        root.put("ready", state.ready());
        ArrayNode targets = root.putArray("targets");
        state.targets()
                .forEach(target -> targets.addObject()
                        .put("name", target.name())
                        .put("endpoint", target.endpoint())
                        .put("region", target.region()));
        ArrayNode listeners = root.putArray("listeners");
        state.listeners().forEach(listener -> listener(listener, listeners.addObject()));
        conditions(state.conditions(), root.putArray("conditions"));
        root.put("conditions_in_all", state.conditions().size());
        totals(now.totals(), root.putObject("totals"));
        ArrayNode sources = root.putArray("sources");
        now.sources().forEach(source -> source(source, sources.addObject()));
        streams.counts(now.streams(), root.putObject("streams"));
        ArrayNode bridges = root.putArray("bridges");
        state.bridges().forEach(bridge -> bridge(bridge, bridges.addObject()));
        state.disk()
                .ifPresent(disk -> root.putObject("disk")
                        .put("free_bytes", disk.freeBytes())
                        .put("reserve_bytes", disk.reserveBytes())
                        .put("shortage", disk.shortage()));
        process(now.process(), root.putObject("process"));
        root.put("last_event", lastOccurrence);
        return root;
    }

    private static void listener(AgentState.Listener listener, ObjectNode node) {
        node.put("name", listener.name());
        node.put("bound", listener.bound());
        ArrayNode addresses = node.putArray("addresses");
        listener.addresses().forEach(addresses::add);
    }

    /** The worst first. */
    private static void conditions(List<Condition> all, ArrayNode nodes) {
        all.stream()
                .limit(CONDITIONS)
                .forEach(condition -> nodes.addObject()
                        .put("id", condition.id())
                        .put("level", word(Occurrence.Level.of(condition)))
                        .put("severity", condition.severity().id())
                        .put("place", condition.place().toString())
                        .put("sentence", condition.sentence())
                        .put("remedy", condition.remedy())
                        .put("since_seconds", condition.since().toSeconds()));
    }

    private static void totals(Figures.Totals totals, ObjectNode node) {
        node.put("in", round(totals.in()))
                .put("in_bytes", round(totals.inBytes()))
                .put("out", round(totals.out()))
                .put("out_bytes", round(totals.outBytes()))
                .put("refused", round(totals.refused()))
                .put("held_back", round(totals.heldBack()))
                .put("retried", round(totals.retried()))
                .put("throttled", round(totals.throttled()))
                .put("waiting", totals.waiting())
                .put("waiting_bytes", totals.waitingBytes())
                .put("oldest", round(totals.oldest()));
    }

    private static void source(Figures.Source source, ObjectNode node) {
        node.put("name", source.name())
                .put("events", round(source.events()))
                .put("bytes", round(source.bytes()))
                .put("refused", round(source.refused()))
                .put("held_back", round(source.heldBack()))
                .put("connections", source.count().connections())
                .put("events_total", source.count().events())
                .put("bytes_total", source.count().bytes())
                .put("held_back_total", source.count().heldBack())
                .put("dropped_total", source.count().dropped())
                .put("put_aside_total", source.count().putAside());
        ObjectNode reasons = node.putObject("refused_total");
        source.count().refused().forEach(reasons::put);
    }

    private static void bridge(BridgeStatus bridge, ObjectNode node) {
        node.put("name", bridge.name())
                .put("broker", bridge.broker())
                .put("condition", word(bridge.condition()))
                .put("detail", bridge.detail())
                .put("connections", bridge.clientIds().size())
                .put("connected", bridge.connected())
                .put("in_flight", bridge.inFlight())
                .put("lag", bridge.lag().toMillis() / 1e3)
                .put("messages", bridge.counts().messages())
                .put("bytes", bridge.counts().bytes())
                .put("redelivered", bridge.counts().redelivered())
                .put("reconnects", bridge.counts().reconnects());
    }

    private static void process(ProcessUse use, ObjectNode node) {
        node.put("heap", use.heap())
                .put("heap_max", use.heapMax())
                .put("direct", use.direct())
                .put("direct_max", use.directMax())
                .put("files", use.files())
                .put("files_max", use.filesMax())
                .put("cpu", use.cpu())
                .put("processors", use.processors());
    }

    /** The last hour: each owner's series by name, {@code null} for a gap; the last value is the newest. */
    ObjectNode history(History history, String owner) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("step", history.stepMillis());
        ObjectNode series = node.putObject("series");
        float[][] values = history.of(owner);
        for (int i = 0; i < values.length; i++) {
            ArrayNode points = series.putArray(history.names().get(i));
            for (float value : values[i]) {
                if (Float.isNaN(value)) {
                    points.addNull();
                } else {
                    points.add(round(value));
                }
            }
        }
        return node;
    }

    ArrayNode events(List<Occurrence> latest) {
        ArrayNode nodes = JsonNodeFactory.instance.arrayNode();
        latest.forEach(each -> nodes.addObject()
                .put("id", each.id())
                .put("at", each.at().toEpochMilli())
                .put("kind", word(each.kind()))
                .put("level", word(each.level()))
                .put("text", each.text()));
        return nodes;
    }

    static double round(double value) {
        return Math.round(value * CENTS) / CENTS;
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    byte[] bytes(Object tree) {
        try {
            return writer.writeValueAsBytes(tree);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree of plain values cannot fail to be written", impossible);
        }
    }
}
