package io.penstock.agent.forward;

import io.micrometer.core.instrument.MeterRegistry;
import io.penstock.agent.config.ForwardSection;
import io.penstock.agent.config.ListenAddress;
import io.penstock.agent.ingest.EventCounts;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.forward.server.ForwardServer;
import io.penstock.forward.server.ForwardSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The forward source: the events of each chunk go to the spools of the streams that the routes say, and the chunk is
 * acknowledged as {@code ack} says. Runs on the server's event loops.
 */
public final class ForwardSource implements AutoCloseable {
    private final ForwardServer server;

    private ForwardSource(ForwardServer server) {
        this.server = server;
    }

    /**
     * Binds and serves.
     *
     * @throws IOException when an address cannot be bound, naming it
     */
    public static ForwardSource start(ForwardSection section, Intake intake, MeterRegistry registry)
            throws IOException {
        SourceFacts facts = new SourceFacts(registry, "forward");
        EventCounts counts = new EventCounts();
        ForwardSettings settings = ForwardSettings.on(
                section.listen().stream().map(ListenAddress::toSocketAddress).toArray(InetSocketAddress[]::new));
        ForwardServer server = ForwardServer.start(
                settings, new ChunkIntake(intake, section.ack(), facts, counts), new ForwardFacts(registry));
        facts.keys(counts);
        facts.connections(server::connections);
        return new ForwardSource(server);
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
