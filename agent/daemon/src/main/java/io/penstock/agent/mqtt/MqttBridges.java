package io.penstock.agent.mqtt;

import io.micrometer.core.instrument.MeterRegistry;
import io.penstock.agent.admin.BridgeStatus;
import io.penstock.agent.ingest.AckChoice;
import io.penstock.agent.ingest.EventCounts;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.base.condition.Finding;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.mqtt.bridge.BridgeSessions;
import io.penstock.mqtt.bridge.MqttBridge;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bridges: what their brokers deliver goes to the spools of the streams that the routes say, and is acknowledged to
 * the broker as {@code ack} says. Each bridge has an event loop of its own, so that one that waits for room, or whose
 * broker is slow, hinders no other.
 */
public final class MqttBridges implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MqttBridges.class);

    private final Intake intake;
    private final BridgeSessions sessions;
    private final MemoryBudget.Account memory;
    private final MeterRegistry registry;
    private final SourceFacts facts;
    private final EventCounts counts = new EventCounts();
    private final String host = hostName();

    /** Replaced as a whole. */
    private volatile List<Running> running = List.of();

    private record Running(BridgeSourceSettings settings, MqttBridge bridge, BridgeFacts facts, AckChoice ack) {
        void end() {
            bridge.close();
            facts.remove();
        }
    }

    private MqttBridges(Intake intake, BridgeSessions sessions, MemoryBudget.Account memory, MeterRegistry registry) {
        this.intake = intake;
        this.sessions = sessions;
        this.memory = memory;
        this.registry = registry;
        this.facts = new SourceFacts(registry, "bridge");
    }

    /**
     * Begins to connect; waits for no broker.
     *
     * @param sessions keeps the identifiers of QoS 2
     */
    public static MqttBridges start(
            List<BridgeSourceSettings> all,
            Intake intake,
            BridgeSessions sessions,
            MemoryBudget.Account memory,
            MeterRegistry registry) {
        MqttBridges started = new MqttBridges(intake, sessions, memory, registry);
        started.facts.keys(started.counts);
        started.facts.connections(() ->
                started.status().stream().mapToInt(BridgeStatus::connected).sum());
        started.running = all.stream().map(started::begin).toList();
        sessions.dropOthers(all.stream()
                .flatMap(bridge -> bridge.clientIds(started.host).stream())
                .toList());
        return started;
    }

    private Running begin(BridgeSourceSettings settings) {
        AckChoice ack = new AckChoice(settings.packets().ack());
        SpoolIntake spools = new SpoolIntake(intake, ack, facts, counts, () -> MqttEvent.ofBridge(settings.name()));
        BridgeFacts bridgeFacts = new BridgeFacts(registry, settings.name());
        say(settings);
        MqttBridge bridge = MqttBridge.builder(
                        settings.adapted(host),
                        new BridgeIntake(spools, settings.packets().packet()))
                .listener(bridgeFacts)
                .sessions(sessions)
                .memory(memory)
                .start();
        bridgeFacts.publish(() -> BridgeView.of(bridge.state()));
        return new Running(settings, bridge, bridgeFacts, ack);
    }

    /**
     * Ends bridges that are gone, begins new ones, and changes the others, whose sessions stay. Blocks for seconds.
     *
     * @return what changed, a sentence each
     */
    public synchronized List<String> change(List<BridgeSourceSettings> wanted) {
        Map<String, Running> former = new LinkedHashMap<>();
        running.forEach(each -> former.put(each.settings().name(), each));
        List<String> said = new ArrayList<>();
        List<Running> next = new ArrayList<>();
        for (BridgeSourceSettings settings : wanted) {
            Running known = former.remove(settings.name());
            if (known == null) {
                said.add("bridge " + settings.name() + " is new");
                next.add(begin(settings));
            } else if (known.settings().equals(settings)) {
                next.add(known);
            } else {
                said.add("bridge " + settings.name() + " is changed");
                next.add(changed(known, settings));
            }
        }
        running = List.copyOf(next);
        former.forEach((name, gone) -> {
            said.add("bridge " + name + " is gone; its broker keeps its session until it expires");
            gone.end();
        });
        return said.isEmpty() ? List.of("nothing is changed: the file says what it said before") : said;
    }

    private Running changed(Running known, BridgeSourceSettings settings) {
        if (known.settings().packets().packet() != settings.packets().packet()) {
            known.end();
            return begin(settings);
        }
        say(settings);
        known.ack().change(settings.packets().ack());
        known.bridge().reconfigure(settings.adapted(host));
        return new Running(settings, known.bridge(), known.facts(), known.ack());
    }

    private void say(BridgeSourceSettings bridge) {
        LOG.info(
                "Bridge {} takes {} from {} as client id {}: the broker keeps its session under this id",
                bridge.name(),
                bridge.topics().stream()
                        .map(topic -> topic.filter() + " (QoS " + topic.qos() + ")")
                        .collect(Collectors.joining(", ")),
                bridge.urls().stream().map(Object::toString).collect(Collectors.joining(", ")),
                String.join(", ", bridge.clientIds(host)));
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }

    /** What each does now, in the order of the configuration. Any thread. */
    public List<BridgeStatus> status() {
        return running.stream()
                .map(each -> each.bridge().state())
                .filter(state -> !state.connections().isEmpty())
                .map(BridgeView::of)
                .toList();
    }

    /** What keeps bridges from their work. Any thread. */
    public List<Finding> findings() {
        return running.stream()
                .flatMap(each -> BridgeFindings.of(each.bridge().state()).stream())
                .toList();
    }

    /** Takes no more, sends the acknowledgements that become due within seconds, and closes. The sessions stay. */
    @Override
    public synchronized void close() {
        running.stream().parallel().forEach(each -> each.bridge().close());
    }
}
