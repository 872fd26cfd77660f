package io.penstock.tools.demo.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.penstock.agent.http.HostGuard;
import io.penstock.agent.http.Listeners;
import io.penstock.agent.http.answer.JsonErrors;
import io.penstock.agent.live.PageFiles;
import io.penstock.agent.live.Watchers;
import io.penstock.base.net.HostCheck;
import io.penstock.tools.demo.table.Event;
import io.penstock.tools.demo.table.Kind;
import io.penstock.tools.demo.worker.Application;
import io.penstock.tools.demo.worker.ReadShard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The listener of the demonstration, on the loopback address: the page, what moves on it as server-sent events, the
 * buttons, and what the workers report. Thread-safe.
 */
public final class DemoPage implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MOST_BODY = 8 << 20;
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Map<String, Application> applications;
    private final Supplier<List<ReadShard>> shards;
    private final Supplier<byte[]> present;
    private final Watchers watchers = new Watchers();
    private final Server server;

    private DemoPage(
            int port,
            Map<String, Application> applications,
            Supplier<List<ReadShard>> shards,
            Supplier<byte[]> present,
            Consumer<Action> actions) {
        this.applications = applications;
        this.shards = shards;
        this.present = present;
        ServerBuilder builder = Server.builder()
                .maxRequestLength(MOST_BODY)
                .disableServerHeader()
                .disableDateHeader()
                .defaultHostname(HostCheck.NO_HOST)
                .requestTimeout(Duration.ofSeconds(10))
                .decorator(new HostGuard(List.of(), List.of(), "demo", "demo", ctx -> {}).withOwnPages())
                .errorHandler(new JsonErrors("/, /demo/live, POST /demo/do/...", "GET, POST", (ctx, problem) -> {}));
        PageFiles.shared().route(builder, service -> service);
        PageFiles.of(
                        "/",
                        PageFiles.read(DemoPage.class, "web/demo.html"),
                        DemoPage.class,
                        List.of("demo.js", "demo.css"))
                .route(builder, service -> service);
        builder.route().get("/demo/live").build((ctx, req) -> live(ctx));
        builder.route().get("/demo/now").build((ctx, req) -> json(present.get()));
        builder.route().post("/demo/do/{action}").build((ctx, req) -> act(ctx.pathParam("action"), actions));
        builder.route().post("/demo/leases").build((ctx, req) -> read(ctx, req, this::leases));
        builder.route().post("/demo/counts").build((ctx, req) -> read(ctx, req, this::counts));
        this.server = Listeners.start(
                "demo", builder, List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)), GRACE);
    }

    /**
     * Serves from now on.
     *
     * @param port 0 for any free one
     * @param applications by name; an application that joins later is in it from then on
     * @param shards of the stream
     * @param present what the page shows, as JSON; must not block
     * @param actions told what a visitor wants to happen; must not block
     * @throws IllegalStateException when the port cannot be bound
     */
    public static DemoPage start(
            int port,
            Map<String, Application> applications,
            Supplier<List<ReadShard>> shards,
            Supplier<byte[]> present,
            Consumer<Action> actions) {
        return new DemoPage(port, applications, shards, present, actions);
    }

    /** Where the page is. */
    public URI address() {
        return URI.create(
                "http://127.0.0.1:" + Listeners.addresses(server).get(0).getPort());
    }

    /** Shows what is present to all who watch. */
    public void tell() {
        watchers.tell(present);
    }

    private HttpResponse live(ServiceRequestContext ctx) {
        ctx.clearRequestTimeout();
        return watchers.open(present.get()).orElseGet(() -> HttpResponse.of(HttpStatus.SERVICE_UNAVAILABLE));
    }

    private static HttpResponse act(String word, Consumer<Action> actions) {
        Optional<Action> action = Action.of(word);
        action.ifPresent(actions);
        return HttpResponse.of(action.isPresent() ? HttpStatus.ACCEPTED : HttpStatus.NOT_FOUND);
    }

    /** What is to be done with a worker's message. */
    private interface Reader {
        HttpResponse read(Application application, JsonNode message);
    }

    private HttpResponse read(ServiceRequestContext ctx, HttpRequest request, Reader reader) {
        return HttpResponse.of(
                request.aggregate().thenApplyAsync(whole -> read(whole, reader), ctx.blockingTaskExecutor()));
    }

    private HttpResponse read(AggregatedHttpRequest request, Reader reader) {
        try {
            JsonNode message = JSON.readTree(request.content().array());
            Application application =
                    applications.get(message.path("application").asText());
            return application == null ? HttpResponse.of(HttpStatus.NOT_FOUND) : reader.read(application, message);
        } catch (IOException noJson) {
            return HttpResponse.of(HttpStatus.BAD_REQUEST);
        }
    }

    private HttpResponse leases(Application application, JsonNode message) {
        String worker = message.path("worker").asText();
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode leases = answer.putArray("leases");
        if (message.has("holds")) {
            List<String> holds = new ArrayList<>();
            message.path("holds").forEach(shard -> holds.add(shard.asText()));
            application.leases().hold(worker, holds);
        } else {
            application
                    .leases()
                    .renew(worker, shards.get())
                    .forEach(lease ->
                            leases.addObject().put("shard", lease.shard()).put("after", lease.after()));
        }
        return json(answer.toString().getBytes(StandardCharsets.UTF_8));
    }

    private HttpResponse counts(Application application, JsonNode message) {
        List<Event> events = new ArrayList<>();
        for (JsonNode row : message.path("events")) {
            Kind.of(row.path(0).asText())
                    .ifPresent(kind -> events.add(new Event(
                            kind,
                            row.path(1).asText(),
                            row.path(2).asInt(),
                            row.path(3).asLong(),
                            row.path(4).asText(),
                            row.path(5).asDouble(),
                            row.path(6).asDouble())));
        }
        String shard = message.path("shard").asText();
        application.table().take(shard, events);
        application
                .leases()
                .counted(
                        message.path("worker").asText(),
                        shard,
                        message.path("after").asText(),
                        message.path("ended").asBoolean());
        return json("{}".getBytes(StandardCharsets.UTF_8));
    }

    private static HttpResponse json(byte[] body) {
        return HttpResponse.of(HttpStatus.OK, MediaType.JSON_UTF_8, HttpData.wrap(body));
    }

    @Override
    public void close() {
        watchers.close();
        Listeners.await(server.stop(), GRACE.plusSeconds(1));
    }
}
