package io.penstock.agent.http;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.penstock.agent.http.answer.JsonErrors;
import io.penstock.agent.http.answer.Switched;
import io.penstock.agent.http.body.HttpLimits;
import io.penstock.agent.http.fluentd.TagService;
import io.penstock.agent.http.post.Poster;
import io.penstock.agent.http.post.RecordsService;
import io.penstock.agent.ingest.EventCounts;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.metrics.ConnectedClients;
import io.penstock.agent.metrics.Refusal;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.agent.otlp.OtlpSource;
import io.penstock.agent.reload.Prepared;
import io.penstock.base.fault.Guard;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.base.net.HostCheck;
import io.penstock.engine.http.ConnectionGate;
import io.penstock.engine.http.UnreadAnswers;
import io.penstock.engine.http.UpgradeRefusal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The HTTP source: {@code POST /v1/streams/{stream}/records} over HTTP/1.1 and HTTP/2 on one port, plain or within TLS.
 * A body is taken whole or not at all, and answered with 200 once every record of it is as durable as {@code ack} says.
 *
 * <p>Runs on event loops of the server and blocks none of them. Bounds: connections, bytes of one body and of all
 * unfinished ones, and the time that a head, a body, room in the spool and the acknowledgement may take. At each bound
 * the client gets a status that says whether to come again.
 */
public final class HttpSource implements AutoCloseable {
    /** Answers name one fault. */
    private static final long MOST_ANSWER = 4 * 1024;

    /** For requests under way when the source stops. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final Duration LONGEST_STOP = GRACE.plusSeconds(2);

    private static final String PATHS = "POST " + RecordsService.PATH;

    private final Front front;
    private final HttpSwitches switches;
    private final Function<HttpAddress, Server> opening;

    /** Replaced as a whole. */
    private volatile List<Door> doors;

    /** Each address has a server of its own: addresses come and go while others stay. */
    private record Door(HttpAddress address, Server server, InetSocketAddress bound) {
        /** The bound address is asked for now: a server that is stopping has none, and the status is still asked for. */
        static Door open(HttpAddress address, Function<HttpAddress, Server> opening) {
            Server server = opening.apply(address);
            return new Door(address, server, Listeners.addresses(server).get(0));
        }
    }

    private HttpSource(Front front, HttpSwitches switches, Function<HttpAddress, Server> opening, List<Door> doors) {
        this.front = front;
        this.switches = switches;
        this.opening = opening;
        this.doors = doors;
    }

    /**
     * Binds and serves.
     *
     * @param connections counts those of all sources together
     * @throws IOException when a file cannot be used, naming it and the remedy
     * @throws IllegalStateException when an address cannot be bound, naming it and the remedy
     */
    public static HttpSource start(
            HttpSettings section,
            HttpLimits limits,
            ConnectionBudget connections,
            Intake intake,
            MeterRegistry registry)
            throws IOException {
        SourceFacts facts = new SourceFacts(registry, "http");
        Front front = Front.open(section, facts);
        try {
            HttpSwitches switches = new HttpSwitches(section);
            Function<HttpAddress, Server> opening =
                    opening(switches, front, limits, connections, intake, facts, registry);
            HttpSource source = new HttpSource(front, switches, opening, open(section.listen(), List.of(), opening));
            facts.connections(source::connections);
            Gauge.builder("penstock.http.unfinished.bytes", limits.memory(), MemoryBudget.Account::used)
                    .description("Memory that unfinished requests take.")
                    .register(registry);
            return source;
        } catch (RuntimeException failed) {
            front.close();
            throw failed;
        }
    }

    private int connections() {
        return doors.stream().mapToInt(door -> door.server().numConnections()).sum();
    }

    /** A server for each of these addresses: the one that is there, or a new one. Those are stopped if one fails. */
    private static List<Door> open(
            List<HttpAddress> addresses, List<Door> former, Function<HttpAddress, Server> opening) {
        List<Door> rest = new ArrayList<>(former);
        List<Door> all = new ArrayList<>();
        try {
            for (HttpAddress address : addresses) {
                Optional<Door> known = rest.stream()
                        .filter(door -> door.address().equals(address))
                        .findFirst();
                known.ifPresent(rest::remove);
                all.add(known.isPresent() ? known.get() : Door.open(address, opening));
            }
            return List.copyOf(all);
        } catch (RuntimeException failed) {
            var unused = stopBut(all, former);
            throw failed;
        }
    }

    private static CompletableFuture<Void> stopBut(List<Door> all, List<Door> kept) {
        return CompletableFuture.allOf(all.stream()
                .filter(door -> !kept.contains(door))
                .map(door -> door.server().stop())
                .toArray(CompletableFuture<?>[]::new));
    }

    /**
     * Other addresses, certificates and checks. Requests at an address that is gone are answered, then its connections
     * end; all others stay.
     *
     * @throws IOException when an address cannot be bound or a file not be used, naming it; nothing is changed then
     */
    public Prepared prepare(HttpSettings section) throws IOException {
        Prepared checks = front.prepare(section);
        List<Door> former = doors;
        List<Door> next;
        try {
            next = open(section.listen(), former, opening);
        } catch (IllegalStateException unbound) {
            checks.abandon();
            throw new IOException(unbound.getMessage(), unbound);
        }
        return new Prepared() {
            @Override
            public void commit() {
                checks.commit();
                switches.change(section);
                doors = next;
                var unused = stopBut(former, next);
            }

            @Override
            public void abandon() {
                var unused = stopBut(next, former);
                checks.abandon();
            }
        };
    }

    private static Function<HttpAddress, Server> opening(
            HttpSwitches switches,
            Front front,
            HttpLimits limits,
            ConnectionBudget connections,
            Intake intake,
            SourceFacts facts,
            MeterRegistry registry) {
        EventCounts counts = new EventCounts();
        facts.keys(counts);
        Poster poster = new Poster(switches.ack(), limits, intake, counts, facts);
        OtlpSource otlp = new OtlpSource(switches::otlp, switches.ack(), limits, intake, registry, facts.connected());
        HttpService tags = new Switched(switches::fluentd, poster.serve(new TagService(PATHS)), HttpSource::nothing);
        Guard guard = new Guard(LoggerFactory.getLogger(HttpSource.class));
        ConnectionGate gate = new ConnectionGate(
                limits.maxConnections(),
                connections,
                MOST_ANSWER,
                (channel, why) -> facts.refused(Refusal.OVERLOADED, String.valueOf(channel.remoteAddress()), why));
        return address -> {
            ServerBuilder builder = Server.builder()
                    // Twice what is taken, so that a body that is a little too large is answered on an open connection.
                    .maxRequestLength(2L * limits.maxBody())
                    .requestTimeout(limits.bodyTimeout())
                    .idleTimeout(limits.idleTimeout())
                    .http1MaxHeaderSize(16 * 1024)
                    .http2MaxHeaderListSize(16 * 1024)
                    .http2MaxStreamsPerConnection(256)
                    .disableServerHeader()
                    // Clients cause exceptions at will; JsonErrors logs those that are defects.
                    .unloggedExceptionsReportInterval(Duration.ZERO)
                    .childChannelPipelineCustomizer(pipeline -> {
                        UpgradeRefusal.guard(pipeline, 2L * limits.maxBody());
                        front.guard(pipeline, address.encrypted());
                        UnreadAnswers.guard(
                                pipeline,
                                guard,
                                channel -> facts.refused(
                                        Refusal.TIMEOUT,
                                        String.valueOf(channel.remoteAddress()),
                                        "it does not read its answers"));
                        gate.guard(pipeline);
                        present(facts.connected(), pipeline.channel());
                    })
                    .disableDateHeader()
                    .defaultHostname(HostCheck.NO_HOST)
                    .decorator(service -> front.decorate(service).decorate(gate::serve))
                    .errorHandler(new JsonErrors(PATHS, "POST", (ctx, problem) -> {
                        if (problem.status().code() != 500) {
                            facts.refused(reason(problem.status()), peer(ctx), problem.error());
                        }
                    }))
                    .service(post(RecordsService.PATH), poster.serve(new RecordsService()));
            otlp.addTo(builder);
            builder.service(Route.builder().catchAll().methods(HttpMethod.POST).build(), tags);
            return Listeners.start("http", builder, Listeners.resolve(List.of(address.address())), GRACE);
        };
    }

    /** As the server answers a path that it does not have. */
    private static HttpResponse nothing(ServiceRequestContext ctx, HttpRequest req) {
        return HttpResponse.ofFailure(HttpStatusException.of(HttpStatus.NOT_FOUND));
    }

    private static Route post(String path) {
        return Route.builder().path(path).methods(HttpMethod.POST).build();
    }

    private static void present(ConnectedClients connected, Channel channel) {
        if (channel.remoteAddress() instanceof InetSocketAddress peer && peer.getAddress() != null) {
            String host = peer.getAddress().getHostAddress();
            String address = (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + peer.getPort();
            connected.connected(peer, address, "", "", "HTTP");
            channel.closeFuture().addListener(closed -> connected.disconnected(peer));
        }
    }

    /** The addresses as bound, by port. */
    public List<InetSocketAddress> addresses() {
        return doors.stream()
                .map(Door::bound)
                .sorted(Comparator.comparingInt(InetSocketAddress::getPort))
                .toList();
    }

    /** True for an address where TLS is spoken. */
    public boolean isEncrypted(InetSocketAddress bound) {
        return doors.stream()
                .anyMatch(door -> door.bound().equals(bound) && door.address().encrypted());
    }

    /** Stops listening; requests under way are answered first, for up to five seconds. Does not wait for it. */
    public CompletableFuture<Void> stop() {
        return stopBut(doors, List.of()).whenComplete((stopped, failed) -> front.close());
    }

    /** As {@link #stop}, and waits. */
    @Override
    public void close() {
        Listeners.await(stop(), LONGEST_STOP);
    }

    private static Refusal reason(HttpStatus status) {
        return switch (status.code()) {
            case 404, 405, 415, 501 -> Refusal.UNSUPPORTED;
            case 408 -> Refusal.TIMEOUT;
            case 413, 414, 431 -> Refusal.TOO_LARGE;
            case 503 -> Refusal.UNCONFIRMED;
            default -> Refusal.MALFORMED;
        };
    }

    private static String peer(@Nullable ServiceRequestContext ctx) {
        return ctx == null ? "a client" : String.valueOf(ctx.remoteAddress());
    }
}
