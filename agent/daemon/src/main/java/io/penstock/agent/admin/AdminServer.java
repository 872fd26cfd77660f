package io.penstock.agent.admin;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.netty.channel.Channel;
import io.penstock.agent.http.HostGuard;
import io.penstock.agent.http.Listeners;
import io.penstock.agent.http.answer.JsonErrors;
import io.penstock.base.fault.Guard;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.base.net.HostCheck;
import io.penstock.base.text.RateLimitedLog;
import io.penstock.engine.http.ConnectionGate;
import io.penstock.engine.http.UnreadAnswers;
import io.penstock.engine.http.UpgradeRefusal;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin listener: {@code /livez}, {@code /readyz}, {@code /metrics}, {@code /api/status}, and the pages that it is
 * given. It changes nothing but what {@link AdminChanges} lets it. A request asks the state's supplier on an event
 * loop, so the supplier must not block. Bodies and connections are bounded, so that this port cannot harm the others.
 */
public final class AdminServer implements AutoCloseable {
    private static final int MAX_STREAMS = 32;
    private static final long MOST_BODY = 64 << 10;
    /** Connections beyond the bound that leave or are answered with 503. */
    private static final int BEYOND = 8;

    /** Metrics and the status of thousands of streams. */
    private static final long MOST_ANSWER = 8 << 20;

    /** For requests under way at a stop. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private static final Duration LONGEST_STOP = GRACE.plusSeconds(2);

    private static final String PATHS = "/livez, /readyz, /metrics, /api/status, /login, POST /api/reload, ";
    private static final MediaType PROMETHEUS_TEXT = MediaType.parse("text/plain; version=0.0.4; charset=utf-8");

    private final Server server;
    private final AdminPages pages;

    private AdminServer(Server server, AdminPages pages) {
        this.server = server;
        this.pages = pages;
    }

    /**
     * Binds and serves.
     *
     * @param maxConnections half of them of one address
     * @param memory of answers that are not yet read
     * @param metrics in Prometheus' text format; must not block, as the state must not
     * @param pages served beside; closed with the listener
     * @param changes what a request may change
     * @throws IllegalStateException when an address cannot be bound, naming it and the remedy
     */
    public static AdminServer start(
            AdminSettings section,
            int maxConnections,
            Supplier<AgentState> state,
            Supplier<String> metrics,
            MemoryBudget.Account memory,
            AdminPages pages,
            AdminChanges changes) {
        Logger logger = LoggerFactory.getLogger(AdminServer.class);
        RateLimitedLog log = RateLimitedLog.of(logger);
        Guard guard = new Guard(logger);
        ConnectionGate gate = new ConnectionGate(
                maxConnections,
                ConnectionBudget.unlimited(),
                MOST_ANSWER,
                (channel, why) -> log.warn(
                        "refused " + host(channel),
                        "The admin listener refuses a connection of " + channel.remoteAddress() + ": " + why));
        StatusJson json = new StatusJson();
        AdminLogin login = changes.login();
        HostGuard hosts = new HostGuard(
                        section.web().hosts(), section.web().origins(), "admin.hosts", "admin.origins", ctx -> {})
                .withOwnPages();
        ServerBuilder builder = Server.builder()
                .maxNumConnections(maxConnections + BEYOND)
                .maxRequestLength(MOST_BODY)
                .requestTimeout(Duration.ofSeconds(10))
                .idleTimeout(Duration.ofSeconds(60))
                .disableServerHeader()
                // Clients cause exceptions at will; JsonErrors logs those that are defects.
                .unloggedExceptionsReportInterval(Duration.ZERO)
                .http2MaxStreamsPerConnection(MAX_STREAMS)
                .childChannelPipelineCustomizer(pipeline -> {
                    UpgradeRefusal.guard(pipeline, MOST_BODY);
                    UnreadAnswers.guard(
                            pipeline,
                            guard,
                            channel -> log.warn(
                                    "unread", channel.remoteAddress() + " does not read its answers: dropped"));
                    gate.guard(pipeline);
                })
                .disableDateHeader()
                .defaultHostname(HostCheck.NO_HOST)
                .decorator(gate::serve)
                .decorator(new AnswerMemory(memory, pages.endless())::serve)
                .decorator(service -> service.decorate(login).decorate(hosts))
                .errorHandler(new JsonErrors(PATHS + pages.paths(), "GET, HEAD", (ctx, problem) -> {}));
        changes.route(builder);
        builder.route()
                .get("/livez")
                .build((ctx, req) -> HttpResponse.of(HttpStatus.OK, MediaType.PLAIN_TEXT_UTF_8, "alive\n"));
        builder.route().get(AdminLogin.LOGIN).build(login::login);
        builder.route().get(AdminLogin.READY).build((ctx, req) -> {
            AgentState now = state.get();
            return HttpResponse.of(
                    now.ready() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE,
                    MediaType.JSON_UTF_8,
                    HttpData.wrap(login.mayRead(ctx) ? json.readiness(now) : json.verdict(now)));
        });
        builder.route()
                .get("/api/status")
                .build((ctx, req) ->
                        HttpResponse.of(HttpStatus.OK, MediaType.JSON_UTF_8, HttpData.wrap(json.status(state.get()))));
        builder.route()
                .get("/metrics")
                .build((ctx, req) -> HttpResponse.of(HttpStatus.OK, PROMETHEUS_TEXT, HttpData.ofUtf8(metrics.get())));
        pages.route(builder);
        return new AdminServer(
                Listeners.start("admin", builder, Listeners.resolve(List.of(section.listen())), GRACE), pages);
    }

    private static String host(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress peer ? peer.getHostString() : "";
    }

    /** The addresses as bound. */
    public List<InetSocketAddress> addresses() {
        return Listeners.addresses(server);
    }

    /** Stops listening; requests under way finish within a second. Does not wait for it. */
    public CompletableFuture<Void> stop() {
        pages.close();
        return server.stop();
    }

    /** As {@link #stop}, and waits. */
    @Override
    public void close() {
        Listeners.await(stop(), LONGEST_STOP);
    }
}
