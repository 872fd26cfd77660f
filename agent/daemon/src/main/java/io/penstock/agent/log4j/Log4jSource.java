package io.penstock.agent.log4j;

import io.micrometer.core.instrument.MeterRegistry;
import io.penstock.agent.ingest.EventCounts;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.base.net.ListenAddress;
import io.penstock.base.tls.ReloadedCertificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The Log4j source: JSON lines over TCP go to the spools of the streams that the routes say. Knows no acknowledgement:
 * {@code ack} says how far what one connection sent must have come before more of it is read. Runs on the server's
 * event loops.
 */
public final class Log4jSource implements AutoCloseable {
    private final JsonLinesServer server;
    private final Optional<ReloadedCertificates> certificates;

    private Log4jSource(JsonLinesServer server, Optional<ReloadedCertificates> certificates) {
        this.server = server;
        this.certificates = certificates;
    }

    /**
     * Binds and serves.
     *
     * @param connections counts those of all sources together
     * @param memory of lines that are not yet whole
     * @throws IOException when an address cannot be bound, naming it
     */
    public static Log4jSource start(
            Log4jSettings section,
            ConnectionBudget connections,
            Intake intake,
            MemoryBudget.Account memory,
            MeterRegistry registry)
            throws IOException {
        SourceFacts facts = new SourceFacts(registry, "log4j");
        EventCounts counts = new EventCounts();
        Optional<ReloadedCertificates> certificates = Optional.empty();
        if (section.tls().isPresent()) {
            certificates = Optional.of(
                    ReloadedCertificates.open("log4j.tls", section.tls().get().files()));
        }
        try {
            JsonLinesServer server = JsonLinesServer.start(
                    JsonLinesSettings.on(
                            section.listen().stream()
                                    .map(ListenAddress::toSocketAddress)
                                    .toList(),
                            connections,
                            memory),
                    certificates.map(Function.identity()),
                    new LineIntake(intake, section.ack(), facts, counts));
            facts.keys(counts);
            facts.connections(server::connections);
            return new Log4jSource(server, certificates);
        } catch (IOException e) {
            certificates.ifPresent(ReloadedCertificates::close);
            throw e;
        }
    }

    /** The addresses as bound. */
    public List<InetSocketAddress> addresses() {
        return server.addresses();
    }

    /** Takes no more. What was read is in the spools. */
    @Override
    public void close() {
        server.close();
        certificates.ifPresent(ReloadedCertificates::close);
    }
}
