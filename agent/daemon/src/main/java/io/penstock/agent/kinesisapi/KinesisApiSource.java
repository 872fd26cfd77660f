package io.penstock.agent.kinesisapi;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.penstock.agent.ingest.AckChoice;
import io.penstock.agent.ingest.EventCounts;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.agent.reload.Prepared;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.base.net.ListenAddress;
import io.penstock.engine.api.KinesisServer;
import io.penstock.engine.api.KinesisService;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The Kinesis API as a source: what the stream engine's front reads goes to the spools (see {@link SpoolPuts}) or, if
 * it is no put, to the target (see {@link PassedCalls}). JSON 1.1 and CBOR 1.1; HTTP/1.1 and HTTP/2, in plain text or
 * within TLS.
 *
 * <p>Thread-safe, but for {@link #prepare}. Bounds: those of {@link KinesisServer} and {@link ApiLimits}.
 */
public final class KinesisApiSource implements AutoCloseable {
    private final ApiLimits limits;
    private final ConnectionBudget connections;
    private final Intake intake;
    private final Targets targets;
    private final MeterRegistry meters;
    private final SourceFacts facts;
    private final AckChoice ack;
    private final SpoolPuts puts;

    /** Replaced as a whole. */
    private volatile ApiChecks checks;

    /** Replaced as a whole. */
    private volatile List<Door> doors = List.of();

    /** Each address has a server of its own: addresses come and go while others stay. */
    private record Door(ListenAddress address, KinesisServer server, InetSocketAddress bound) {}

    private KinesisApiSource(
            KinesisApiSettings settings,
            ApiChecks checks,
            ApiLimits limits,
            ConnectionBudget connections,
            Intake intake,
            Targets targets,
            MeterRegistry meters) {
        this.checks = checks;
        this.limits = limits;
        this.connections = connections;
        this.intake = intake;
        this.targets = targets;
        this.meters = meters;
        this.facts = new SourceFacts(meters, "kinesis");
        this.ack = new AckChoice(settings.ack());
        EventCounts counts = new EventCounts();
        facts.keys(counts);
        this.puts = new SpoolPuts(ack, intake, targets, limits, facts, counts);
        facts.connections(this::connections);
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
        ApiChecks checks = open(settings);
        try {
            KinesisApiSource source =
                    new KinesisApiSource(settings, checks, limits, connections, intake, targets, meters);
            source.doors = source.open(settings.listen(), List.of());
            return source;
        } catch (IOException | RuntimeException failed) {
            checks.close();
            throw failed;
        }
    }

    private static ApiChecks open(KinesisApiSettings settings) throws IOException {
        try {
            return ApiChecks.open(settings);
        } catch (IOException unfit) {
            throw named(unfit);
        }
    }

    private static IOException named(IOException failed) {
        return new IOException("kinesis-api: " + failed.getMessage(), failed);
    }

    /** A server for each of these addresses: the one that is there, or a new one. Those are stopped if one fails. */
    private List<Door> open(List<ListenAddress> addresses, List<Door> former) throws IOException {
        List<Door> rest = new ArrayList<>(former);
        List<Door> all = new ArrayList<>();
        try {
            for (ListenAddress address : addresses) {
                Optional<Door> known = rest.stream()
                        .filter(door -> door.address().equals(address))
                        .findFirst();
                known.ifPresent(rest::remove);
                all.add(known.isPresent() ? known.get() : serve(address));
            }
            return List.copyOf(all);
        } catch (IOException failed) {
            stopBut(all, former);
            throw named(failed);
        }
    }

    private Door serve(ListenAddress address) throws IOException {
        ApiFacts told = new ApiFacts(facts);
        KinesisService service = new KinesisService(
                () -> checks.admission(),
                limits.memory(),
                told,
                KinesisServer.MAX_REQUEST_BYTES,
                new PassedCalls(puts, () -> checks.passThrough(), intake.router(), targets));
        KinesisServer server = KinesisServer.start(
                new KinesisServer.Place("penstock-kinesis-api", List.of(address.toSocketAddress()), connections),
                service,
                told,
                meters,
                this::enter);
        // Asked for now: a server that is stopping has none.
        return new Door(address, server, server.address());
    }

    private void enter(ChannelPipeline pipeline) {
        checks.guard(pipeline);
        Channel channel = pipeline.channel();
        if (channel.remoteAddress() instanceof InetSocketAddress peer && peer.getAddress() != null) {
            String host = peer.getAddress().getHostAddress();
            String address = (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + peer.getPort();
            puts.connected().connected(peer, address, "", "", "Kinesis API");
            channel.closeFuture().addListener(closed -> puts.connected().disconnected(peer));
        }
    }

    private static void stopBut(List<Door> all, List<Door> kept) {
        all.stream()
                .filter(door -> !kept.contains(door))
                .forEach(door -> door.server().close());
    }

    private int connections() {
        return doors.stream().mapToInt(door -> door.server().connections()).sum();
    }

    /**
     * Other addresses, certificates, keys, rules and time of answers. Calls at an address that is gone are answered,
     * for up to five seconds, which the commit waits for; then its connections end. All others stay. One thread at a
     * time.
     *
     * @throws IOException when an address cannot be bound or a file not be used, naming it; nothing is changed then
     */
    public Prepared prepare(KinesisApiSettings settings) throws IOException {
        ApiChecks formerChecks = checks;
        List<Door> former = doors;
        ApiChecks wanted = open(settings);
        List<Door> next;
        try {
            next = open(settings.listen(), former);
        } catch (IOException | RuntimeException failed) {
            wanted.close();
            throw failed;
        }
        return new Prepared() {
            @Override
            public void commit() {
                ack.change(settings.ack());
                checks = wanted;
                doors = next;
                stopBut(former, next);
                formerChecks.close();
            }

            @Override
            public void abandon() {
                stopBut(next, former);
                wanted.close();
            }
        };
    }

    /** The addresses as bound, by port. */
    public List<InetSocketAddress> addresses() {
        return doors.stream()
                .map(Door::bound)
                .sorted(Comparator.comparingInt(InetSocketAddress::getPort))
                .toList();
    }

    /** Refuses further calls, and waits a limited time for those under way. */
    @Override
    public void close() {
        stopBut(doors, List.of());
        checks.close();
    }
}
