package io.penstock.agent.forward;

import io.micrometer.core.instrument.MeterRegistry;
import io.penstock.agent.ingest.EventCounts;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.metrics.SourceFacts;
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
    private final Optional<ReloadedCertificates> certificates;

    private ForwardSource(ForwardServer server, Optional<ReloadedCertificates> certificates) {
        this.server = server;
        this.certificates = certificates;
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
        Optional<ReloadedCertificates> certificates = Optional.empty();
        if (section.tls().isPresent()) {
            certificates = Optional.of(
                    ReloadedCertificates.open("forward.tls", section.tls().get().files()));
        }
        ForwardRights rights = new ForwardRights(section.login().users());
        try {
            ForwardServer server = ForwardServer.start(
                    settings,
                    new ForwardSecurity(credentials(section.login()), certificates.map(Function.identity())),
                    new ChunkIntake(intake, section.ack(), rights, facts, counts),
                    new ForwardFacts(registry, facts));
            facts.keys(counts);
            facts.connections(server::connections);
            return new ForwardSource(server, certificates);
        } catch (IOException e) {
            certificates.ifPresent(ReloadedCertificates::close);
            throw e;
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
