package io.penstock.agent.mqtt;

import io.micrometer.core.instrument.MeterRegistry;
import io.penstock.agent.config.ListenAddress;
import io.penstock.agent.config.MqttSection;
import io.penstock.agent.ingest.EventCounts;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.mqtt.MqttLimits;
import io.penstock.mqtt.MqttListener;
import io.penstock.mqtt.MqttServer;
import io.penstock.mqtt.MqttSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The MQTT source: what clients publish goes to the spools of the streams that the routes say, and is acknowledged as
 * {@code ack} says. Runs on the server's event loops.
 */
public final class MqttSource implements AutoCloseable {
    private final MqttServer server;

    private MqttSource(MqttServer server) {
        this.server = server;
    }

    /**
     * Binds and serves.
     *
     * @throws IOException when an address cannot be bound, naming it and the remedy
     */
    public static MqttSource start(MqttSection section, MqttLimits limits, Intake intake, MeterRegistry registry)
            throws IOException {
        SourceFacts facts = new SourceFacts(registry, "mqtt");
        EventCounts counts = new EventCounts();
        List<MqttListener> listeners = section.listen().stream()
                .map(ListenAddress::toSocketAddress)
                .map(MqttListener::plain)
                .toList();
        MqttServer server = MqttServer.builder(new SpoolIntake(intake, section.ack(), facts, counts))
                .settings(new MqttSettings(listeners, limits))
                .events(new MqttFacts(registry))
                .start();
        facts.keys(counts);
        facts.connections(server::connections);
        return new MqttSource(server);
    }

    /** The addresses as bound. */
    public List<InetSocketAddress> addresses() {
        return server.addresses();
    }

    /** Takes no more, sends the acknowledgements that become due within the server's drain time-out, and closes. */
    @Override
    public void close() {
        server.close();
    }
}
