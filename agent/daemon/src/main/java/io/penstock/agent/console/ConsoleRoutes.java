package io.penstock.agent.console;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.penstock.agent.http.answer.Problem;
import io.penstock.agent.live.PageFiles;
import io.penstock.agent.live.Parameters;
import io.penstock.engine.EngineView;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.stream.LiveStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The paths of the console. Reads answer on event loops, without blocking. */
final class ConsoleRoutes {
    static final String TAIL = "/api/console/tail";
    static final String PATHS = "/console and /api/console/...";

    private static final List<String> FILES = List.of(
            "console.css",
            "console.js",
            "console-streams.js",
            "console-stream.js",
            "lineage.js",
            "tail.js",
            "changes.js",
            "consumers.js",
            "shard-table.js");
    private static final String PAGES = "<!-- pages -->";
    private static final String LIVE =
            "<a href=\"/\">Live</a><a href=\"/console\" aria-current=\"page\">Console</a><a href=\"/metrics\">Metrics</a>"
                    + "<a href=\"/api/status\">JSON</a>";
    private static final String ALONE = "<a href=\"/console\" aria-current=\"page\">Console</a>";

    private final Engine engine;
    private final ChangeRule rule;
    private final Console.Place place;
    private final Runnable asked;
    private final StreamRows rows;
    private final StreamDetail detail;
    private final ConsoleChanges changes;
    private final Tails tails;

    /**
     * The engine, or why there is none.
     *
     * @param absence in a sentence
     */
    record Engine(Supplier<Optional<EngineView>> view, Supplier<String> absence) {}

    ConsoleRoutes(
            Engine engine,
            ChangeRule rule,
            Console.Place place,
            Runnable asked,
            StreamRows rows,
            StreamDetail detail,
            ConsoleChanges changes,
            Tails tails) {
        this.engine = engine;
        this.rule = rule;
        this.place = place;
        this.asked = asked;
        this.rows = rows;
        this.detail = detail;
        this.changes = changes;
        this.tails = tails;
    }

    void add(ServerBuilder server, UnaryOperator<HttpService> guard) {
        PageFiles.of("/console", html(), ConsoleRoutes.class, FILES).route(server, guard);
        if (place == Console.Place.ENGINE) {
            PageFiles.shared().route(server, guard);
        }
        get(server, guard, "/api/console/streams", this::streams);
        get(
                server,
                guard,
                "/api/console/stream",
                onStream((stream, view, query) ->
                        Answers.of(detail.now(stream, view, query.number("shard", -1, -1, Integer.MAX_VALUE)))));
        get(
                server,
                guard,
                "/api/console/shards",
                onStream((stream, view, query) -> Answers.of(detail.shards(stream, view))));
        server.route().get(TAIL).build(guard.apply((ctx, req) -> Parameters.answer(() -> tail(ctx))));
        for (ConsoleChanges.Action action : ConsoleChanges.Action.values()) {
            server.route().post(action.path()).build(guard.apply((ctx, req) -> change(action, ctx, req)));
        }
    }

    private byte[] html() {
        String html = new String(PageFiles.read(ConsoleRoutes.class, "web/console.html"), StandardCharsets.UTF_8);
        return html.replace(PAGES, place == Console.Place.ADMIN ? LIVE : ALONE).getBytes(StandardCharsets.UTF_8);
    }

    private interface OnStream {
        HttpResponse answer(LiveStream stream, EngineView view, Parameters query);
    }

    private static void get(
            ServerBuilder server,
            UnaryOperator<HttpService> guard,
            String path,
            BiFunction<ServiceRequestContext, HttpRequest, HttpResponse> service) {
        server.route().get(path).build(guard.apply((ctx, req) -> Parameters.answer(() -> service.apply(ctx, req))));
    }

    private HttpResponse streams(ServiceRequestContext ctx, HttpRequest req) {
        asked.run();
        Parameters query = new Parameters(ctx);
        Optional<EngineView> view = engine.view().get();
        ObjectNode node = view.map(present -> rows.table(present, query))
                .orElseGet(() -> JsonNodeFactory.instance
                        .objectNode()
                        .put("absence", engine.absence().get()));
        Optional<Problem> objection = rule.objection(ctx);
        node.put("may_change", objection.isEmpty());
        node.put(
                "why_not",
                objection.map(why -> why.error() + ": " + why.remedy()).orElse(""));
        return Answers.of(node);
    }

    private BiFunction<ServiceRequestContext, HttpRequest, HttpResponse> onStream(OnStream work) {
        return (ctx, req) -> {
            asked.run();
            Parameters query = new Parameters(ctx);
            Optional<EngineView> view = engine.view().get();
            if (view.isEmpty()) {
                return absent().toResponse();
            }
            return stream(view.get(), query.text("id", ""))
                    .map(stream -> work.answer(stream, view.get(), query))
                    .orElseGet(() -> unknown(query.text("id", "")).toResponse());
        };
    }

    private static Optional<LiveStream> stream(EngineView view, String id) {
        try {
            return view.streams().findById(id);
        } catch (ServiceException unusable) {
            return Optional.empty();
        }
    }

    private Problem absent() {
        return Problem.of(
                HttpStatus.NOT_FOUND, engine.absence().get(), "use the console of the endpoint that has the streams");
    }

    private static Problem unknown(String id) {
        return Problem.of(
                HttpStatus.NOT_FOUND,
                "there is no stream with the id '" + Problem.excerpt(id) + "'",
                "give an id that /api/console/streams lists; a stream made anew has another one");
    }

    private HttpResponse tail(ServiceRequestContext ctx) {
        Parameters query = new Parameters(ctx);
        int shard = query.number("shard", Tail.ALL, Tail.ALL, Integer.MAX_VALUE);
        int recent = query.number("recent", 0, 0, Tail.MOST_RECENT);
        Optional<EngineView> view = engine.view().get();
        if (view.isEmpty()) {
            return absent().toResponse();
        }
        String id = query.text("id", "");
        Optional<LiveStream> stream = stream(view.get(), id);
        if (stream.isEmpty()) {
            return unknown(id).toResponse();
        }
        ctx.clearRequestTimeout();
        return tails.open(new Tail(stream.get(), view.get().clock(), shard, recent))
                .orElseGet(() -> Problem.retry(
                                HttpStatus.SERVICE_UNAVAILABLE,
                                Tails.MOST + " tails are open already, and there are no more at once",
                                "close one of them",
                                10)
                        .toResponse());
    }

    private HttpResponse change(ConsoleChanges.Action action, ServiceRequestContext ctx, HttpRequest req) {
        Optional<Problem> objection = action.changes() ? rule.objection(ctx) : Optional.empty();
        if (objection.isPresent()) {
            changes.refused(action);
            return HttpResponse.of(
                    req.aggregate().thenApply(body -> objection.get().toResponse()));
        }
        return changes.carryOut(action, ctx, req, id -> {
            Optional<EngineView> view = engine.view().get();
            if (view.isEmpty()) {
                throw new Refusal(absent());
            }
            return new ConsoleChanges.Target(
                    view.get(), stream(view.get(), id).orElseThrow(() -> new Refusal(unknown(id))));
        });
    }
}
