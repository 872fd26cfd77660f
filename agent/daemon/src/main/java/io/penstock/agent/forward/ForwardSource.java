package io.penstock.agent.forward;

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
import io.penstock.forward.server.Credentials;
import io.penstock.forward.server.ForwardSecurity;
import io.penstock.forward.server.ForwardServer;
import io.penstock.forward.server.ForwardSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The forward source: the events of each chunk go to the spools of the streams that the routes say, and the chunk is
 * acknowledged as {@code ack} says. Runs on the server's event loops.
 */
public final class ForwardSource implements AutoCloseable {
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);
    private static final int LONGEST_HOST = 64;
    private static final long HEAP = Runtime.getRuntime().maxMemory();

    private final ForwardServer server;
    private final ForwardRights rights;
    private final AckChoice ack;
    private Optional<ReloadedCertificates> certificates;
    private ForwardSourceSettings present;

    private ForwardSource(
            ForwardServer server,
            ForwardRights rights,
            AckChoice ack,
            Optional<ReloadedCertificates> certificates,
            ForwardSourceSettings present) {
        this.server = server;
        this.rights = rights;
        this.ack = ack;
        this.certificates = certificates;
        this.present = present;
    }

    /**
     * Binds and serves.
     *
     * @param taken is told by the spools of chunks from before a restart
     * @param connections counts those of all sources together
     * @param memory of messages that are not yet taken
     * @throws IOException when an address cannot be bound, naming it
     */
    public static ForwardSource start(
            ForwardSourceSettings section,
            TakenChunks taken,
            ConnectionBudget connections,
            Intake intake,
            MemoryBudget.Account memory,
            MeterRegistry registry)
            throws IOException {
        SourceFacts facts = new SourceFacts(registry, "forward");
        EventCounts counts = new EventCounts();
        ForwardSettings settings = ForwardSettings.on(section.tcp().stream()
                        .map(ListenAddress::toSocketAddress)
                        .toArray(InetSocketAddress[]::new))
                .withUnixSockets(section.sockets())
                .withOtherSignals(section.otherSignals())
                .withRecent(taken.recent())
                .withConnections(connections)
                .withMemory(memory);
        settings = settings.withMaxConnections((int) Math.min(settings.maxConnections(), HEAP >> 17))
                .withChunks(
                        MemoryBudget.largestMessage(settings.maxChunkBytes()),
                        settings.maxEntries(),
                        settings.maxDepth(),
                        settings.maxRatio());
        Optional<ReloadedCertificates> certificates = certificates(section);
        ForwardRights rights = new ForwardRights(section.login().users());
        AckChoice ack = new AckChoice(section.ack());
        try {
            ForwardServer server = ForwardServer.start(
                    settings,
                    new ForwardSecurity(credentials(section.login()), certificates.map(Function.identity())),
                    new ChunkIntake(intake, ack, rights, facts, counts),
                    new ForwardFacts(registry, facts));
            facts.keys(counts);
            facts.connections(server::connections);
            return new ForwardSource(server, rights, ack, certificates, section);
        } catch (IOException e) {
            certificates.ifPresent(ReloadedCertificates::close);
            throw e;
        }
    }

    private static Optional<ReloadedCertificates> certificates(ForwardSourceSettings section) throws IOException {
        return section.tls().isPresent()
                ? Optional.of(ReloadedCertificates.open(
                        "forward.tls", section.tls().get().files()))
                : Optional.empty();
    }

    /**
     * Other addresses, certificates, keys, users and time of acknowledgements. Connections stay; what their users may
     * send goes by the new rules.
     * By the thread that started the source, or one that it handed it to.
     *
     * @throws IOException when an address cannot be bound or a file not be used, naming it
     */
    public Prepared prepare(ForwardSourceSettings section) throws IOException {
        boolean sameTls = section.tls().equals(present.tls());
        Optional<ReloadedCertificates> former = certificates;
        Optional<ReloadedCertificates> next = sameTls ? former : certificates(section);
        ForwardServer.Change change;
        try {
            change = server.prepare(
                    section.tcp().stream().map(ListenAddress::toSocketAddress).toList(),
                    section.sockets(),
                    new ForwardSecurity(credentials(section.login()), next.map(Function.identity())));
        } catch (IOException unusable) {
            closeUnless(sameTls, next);
            throw unusable;
        }
        return new Prepared() {
            @Override
            public void commit() {
                rights.replace(section.login().users());
                ack.change(section.ack());
                change.commit();
                closeUnless(sameTls, former);
                certificates = next;
                present = section;
            }

            @Override
            public void abandon() {
                change.abandon();
                closeUnless(sameTls, next);
            }
        };
    }

    private static void closeUnless(boolean inUse, Optional<ReloadedCertificates> files) {
        if (!inUse) {
            files.ifPresent(ReloadedCertificates::close);
        }
    }

    /** A Fluentd on the same host refuses a server of its own host's name: hence the prefix. */
    private static Optional<Credentials> credentials(ForwardLogin login) throws IOException {
        if (login.keys().isEmpty()) {
            return Optional.empty();
        }
        String host = InetAddress.getLocalHost().getHostName();
        String name = "penstock-" + host.substring(0, Math.min(host.length(), LONGEST_HOST));
        return Optional.of(new Credentials(
                name,
                login.keys(),
                login.users().stream()
                        .collect(Collectors.toMap(
                                ForwardUser::name, user -> user.password().value())),
                HANDSHAKE));
    }

    /** The addresses as bound, without Unix domain sockets. */
    public List<InetSocketAddress> addresses() {
        return server.addresses();
    }

    /** Takes no more, sends the acknowledgements that become due within the server's drain time-out, and closes. */
    @Override
    public void close() {
        server.close();
        certificates.ifPresent(ReloadedCertificates::close);
    }
}
