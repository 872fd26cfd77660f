package io.penstock.agent.kinesisapi;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelPipeline;
import io.penstock.agent.ingest.EventCounts;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.base.net.HostCheck;
import io.penstock.base.net.ListenAddress;
import io.penstock.engine.api.KinesisServer;
import io.penstock.engine.api.KinesisService;
import io.penstock.engine.auth.CredentialsFile;
import io.penstock.engine.auth.SignatureCheck;
import io.penstock.engine.tls.TlsDoor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The Kinesis API as a source: what the stream engine's front reads goes to the spools (see {@link SpoolPuts}) or, if
 * it
 * is no put, to the target (see {@link PassedCalls}). JSON 1.1 and CBOR 1.1; HTTP/1.1 and HTTP/2, in plain text or
 * within TLS.
 *
 * <p>Thread-safe. Bounds: those of {@link KinesisServer} and {@link ApiLimits}.
 */
public final class KinesisApiSource implements AutoCloseable {
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    private final KinesisServer server;

    private KinesisApiSource(
            KinesisApiSettings settings,
            ApiLimits limits,
            ConnectionBudget connections,
            Intake intake,
            Targets targets,
            MeterRegistry meters)
            throws IOException {
        try {
            SourceFacts facts = new SourceFacts(meters, "kinesis");
            EventCounts counts = new EventCounts();
            facts.keys(counts);
            ApiFacts told = new ApiFacts(facts);
            SpoolPuts puts = new SpoolPuts(settings.ack(), intake, targets, limits, facts, counts);
            KinesisService service = new KinesisService(
                    new HostCheck(settings.web().hosts(), settings.web().origins()),
                    limits.memory(),
                    told,
                    KinesisServer.MAX_REQUEST_BYTES,
                    new PassedCalls(puts, settings.passThrough(), intake.router(), targets),
                    signatures(settings));
            Consumer<ChannelPipeline> door = door(settings);
            List<InetSocketAddress> addresses = settings.listen().stream()
                    .map(ListenAddress::toSocketAddress)
                    .toList();
            server = KinesisServer.start(
                    new KinesisServer.Place("penstock-kinesis-api", addresses, connections),
                    service,
                    told,
                    meters,
                    door);
            resources.push(server::close);
            facts.connections(server::connections);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Binds and serves.
     *
     * @param connections counts those of all sources together
     * @throws IOException naming the address or the file that cannot be used
     */
    public static KinesisApiSource start(
            KinesisApiSettings settings,
            ApiLimits limits,
            ConnectionBudget connections,
            Intake intake,
            Targets targets,
            MeterRegistry meters)
            throws IOException {
        try {
            return new KinesisApiSource(settings, limits, connections, intake, targets, meters);
        } catch (IOException e) {
            throw new IOException("kinesis-api: " + e.getMessage(), e);
        }
    }

    private Optional<SignatureCheck> signatures(KinesisApiSettings settings) throws IOException {
        if (settings.credentialsFile().isEmpty()) {
            return Optional.empty();
        }
        CredentialsFile keys = CredentialsFile.open(settings.credentialsFile().get());
        resources.push(keys);
        return Optional.of(new SignatureCheck(keys, InstantSource.system()));
    }

    private Consumer<ChannelPipeline> door(KinesisApiSettings settings) throws IOException {
        if (settings.tls().isEmpty()) {
            return pipeline -> {};
        }
        TlsDoor door = TlsDoor.encrypted("kinesis-api.tls", settings.tls().get().files(), InstantSource.system())
                .watch();
        resources.push(door);
        return door;
    }

    /** The addresses as bound. */
    public List<InetSocketAddress> addresses() {
        return server.addresses();
    }

    /** Refuses further calls, and waits a limited time for those under way. */
    @Override
    public void close() {
        while (!resources.isEmpty()) {
            try {
                resources.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("a part of the Kinesis API cannot be closed", e);
            }
        }
    }
}
