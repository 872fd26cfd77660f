package io.penstock.agent.mqtt;

import io.micrometer.core.instrument.MeterRegistry;
import io.penstock.agent.admin.BridgeStatus;
import io.penstock.agent.ingest.EventCounts;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.mqtt.bridge.MqttBridge;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
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

    private final List<MqttBridge> bridges = new ArrayList<>();

    private MqttBridges() {}

    /** Begins to connect; waits for no broker. */
    public static MqttBridges start(
            List<BridgeSourceSettings> all, Intake intake, MemoryBudget.Account memory, MeterRegistry registry) {
        MqttBridges started = new MqttBridges();
        SourceFacts facts = new SourceFacts(registry, "bridge");
        EventCounts counts = new EventCounts();
        facts.keys(counts);
        facts.connections(() ->
                started.status().stream().mapToInt(BridgeStatus::connected).sum());
        String host = hostName();
        for (BridgeSourceSettings settings : all) {
            SpoolIntake spools = new SpoolIntake(
                    intake, settings.packets().ack(), facts, counts, () -> MqttEvent.ofBridge(settings.name()));
            BridgeFacts bridgeFacts = new BridgeFacts(registry, settings.name());
            say(settings, host);
            MqttBridge bridge = MqttBridge.builder(
                            settings.adapted(host),
                            new BridgeIntake(spools, settings.packets().packet()))
                    .listener(bridgeFacts)
                    .memory(memory)
                    .start();
            started.bridges.add(bridge);
            bridgeFacts.publish(() -> BridgeView.of(bridge.state()));
        }
        return started;
    }

    private static void say(BridgeSourceSettings bridge, String host) {
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
        return bridges.stream()
                .map(MqttBridge::state)
                .filter(state -> !state.connections().isEmpty())
                .map(BridgeView::of)
                .toList();
    }

    /** Takes no more, sends the acknowledgements that become due within seconds, and closes. The sessions stay. */
    @Override
    public void close() {
        bridges.stream().parallel().forEach(MqttBridge::close);
    }
}
