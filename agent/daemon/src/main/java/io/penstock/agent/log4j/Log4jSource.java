package io.penstock.agent.log4j;

import io.micrometer.core.instrument.MeterRegistry;
import io.penstock.agent.ingest.AckChoice;
import io.penstock.agent.ingest.EventCounts;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.agent.reload.Prepared;
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
    private final AckChoice ack;
    private Optional<ReloadedCertificates> certificates;
    private Log4jSettings present;

    private Log4jSource(
            JsonLinesServer server, AckChoice ack, Optional<ReloadedCertificates> certificates, Log4jSettings present) {
        this.server = server;
        this.ack = ack;
        this.certificates = certificates;
        this.present = present;
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
        AckChoice ack = new AckChoice(section.ack());
        Optional<ReloadedCertificates> certificates = certificates(section);
        try {
            JsonLinesServer server = JsonLinesServer.start(
                    JsonLinesSettings.on(addresses(section), connections, memory),
                    certificates.map(Function.identity()),
                    new LineIntake(intake, ack, facts, counts));
            facts.keys(counts);
            facts.connections(server::connections);
            return new Log4jSource(server, ack, certificates, section);
        } catch (IOException e) {
            certificates.ifPresent(ReloadedCertificates::close);
            throw e;
        }
    }

    private static List<InetSocketAddress> addresses(Log4jSettings section) {
        return section.listen().stream().map(ListenAddress::toSocketAddress).toList();
    }

    private static Optional<ReloadedCertificates> certificates(Log4jSettings section) throws IOException {
        return section.tls().isPresent()
                ? Optional.of(ReloadedCertificates.open(
                        "log4j.tls", section.tls().get().files()))
                : Optional.empty();
    }

    /**
     * Other addresses and certificates, and how far events must have come; connections stay. One thread at a time.
     *
     * @throws IOException when an address cannot be bound or a file not be used, naming it
     */
    public Prepared prepare(Log4jSettings section) throws IOException {
        boolean sameTls = section.tls().equals(present.tls());
        Optional<ReloadedCertificates> former = certificates;
        Optional<ReloadedCertificates> next = sameTls ? former : certificates(section);
        Prepared listeners;
        try {
            listeners = server.prepare(addresses(section), next.map(Function.identity()));
        } catch (IOException unusable) {
            closeUnless(sameTls, next);
            throw unusable;
        }
        return new Prepared() {
            @Override
            public void commit() {
                listeners.commit();
                ack.change(section.ack());
                closeUnless(sameTls, former);
                certificates = next;
                present = section;
            }

            @Override
            public void abandon() {
                listeners.abandon();
                closeUnless(sameTls, next);
            }
        };
    }

    private static void closeUnless(boolean inUse, Optional<ReloadedCertificates> files) {
        if (!inUse) {
            files.ifPresent(ReloadedCertificates::close);
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
