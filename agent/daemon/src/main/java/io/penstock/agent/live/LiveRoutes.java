package io.penstock.agent.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.penstock.agent.admin.AgentState;
import io.penstock.agent.http.answer.Problem;
import io.penstock.delivery.kinesis.shards.ShardMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The paths of the live page. Answers are made of the present figures, without blocking. */
final class LiveRoutes {
    static final String LIVE = "/api/live";
    static final String PATHS =
            "/, /api/live, /api/now, /api/history, /api/events, /api/streams, /api/stream and /api/clients";
    private static final int EVENTS = 100;

    private final Supplier<CompletableFuture<Figures>> figures;
    private final BiFunction<String, String, ShardMap> shards;
    private final LastHour lastHour;
    private final Timeline timeline;
    private final ClientTable clients;
    private final Watchers watchers;
    private final LiveJson json;
    private final StreamJson streams = new StreamJson();

    LiveRoutes(
            Supplier<CompletableFuture<Figures>> figures,
            BiFunction<String, String, ShardMap> shards,
            LastHour lastHour,
            Timeline timeline,
            ClientTable clients,
            Watchers watchers,
            LiveJson json) {
        this.figures = figures;
        this.shards = shards;
        this.lastHour = lastHour;
        this.timeline = timeline;
        this.clients = clients;
        this.watchers = watchers;
        this.json = json;
    }

    void add(ServerBuilder server) {
        PageFiles.live().route(server, UnaryOperator.identity());
        PageFiles.shared().route(server, UnaryOperator.identity());
        server.route().get(LIVE).build((ctx, req) -> now(now -> live(now, ctx)));
        server.route().get("/api/now").build((ctx, req) -> now(now -> answer(json.now(now, timeline.last()))));
        server.route().get("/api/history").build((ctx, req) -> now(now -> answer(history(now))));
        server.route()
                .get("/api/events")
                .build((ctx, req) -> Parameters.answer(() -> answer(events(new Parameters(ctx)))));
        server.route()
                .get("/api/streams")
                .build((ctx, req) ->
                        now(now -> Parameters.answer(() -> answer(streams(now, new Parameters(ctx).streams())))));
        server.route()
                .get("/api/clients")
                .build((ctx, req) -> now(now -> Parameters.answer(() -> answer(new Parameters(ctx).clients(clients)))));
        server.route().get("/api/stream").build((ctx, req) -> now(now -> stream(now, ctx)));
    }

    private HttpResponse now(Function<Figures, HttpResponse> answer) {
        return HttpResponse.of(figures.get().thenApply(answer));
    }

    private HttpResponse live(Figures now, ServiceRequestContext ctx) {
        ctx.clearRequestTimeout();
        return watchers.open(json.bytes(json.now(now, timeline.last())))
                .orElseGet(() -> Problem.retry(
                                HttpStatus.SERVICE_UNAVAILABLE,
                                Watchers.MOST + " pages are open already, and there are no more at once",
                                "close one of them, or ask for /api/now every few seconds",
                                10)
                        .toResponse());
    }

    private ObjectNode history(Figures now) {
        ObjectNode node = json.history(lastHour.totals(), LastHour.ALL);
        node.put("at", now.at().toEpochMilli());
        ObjectNode sources = node.putObject("sources");
        for (Figures.Source source : now.sources()) {
            sources.set(
                    source.name(),
                    json.history(lastHour.sources(), source.name()).get("series"));
        }
        return node;
    }

    private ObjectNode events(Parameters parameters) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("last", timeline.last());
        node.set("events", json.events(timeline.latest(parameters.number("limit", EVENTS, 1, Timeline.MOST))));
        return node;
    }

    private ObjectNode streams(Figures now, StreamQuery query) {
        List<Figures.Stream> found = query.of(now.streams());
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("all", now.streams().size()).put("found", found.size());
        ArrayNode rows = node.putArray("streams");
        query.page().of(found).forEach(stream -> streams.row(stream, diskShare(now, stream), rows.addObject()));
        return node;
    }

    /** Of the disk that all spools take. */
    private static double diskShare(Figures now, Figures.Stream stream) {
        long all = now.totals().waitingBytes();
        return all == 0 ? 0 : LiveJson.round((double) stream.reading().spool().bytes() / all);
    }

    private HttpResponse stream(Figures now, ServiceRequestContext ctx) {
        return Parameters.answer(() -> {
            String name = new Parameters(ctx).text("name", "");
            Optional<Figures.Stream> found = now.streams().stream()
                    .filter(each -> each.reading().name().equals(name))
                    .findFirst();
            if (found.isEmpty()) {
                return Problem.of(
                                HttpStatus.NOT_FOUND,
                                "there is no stream '" + Problem.excerpt(name) + "'",
                                "give name=STREAM, or TARGET/STREAM, as /api/streams lists it")
                        .toResponse();
            }
            Figures.Stream stream = found.get();
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            node.put("at", now.at().toEpochMilli());
            streams.row(stream, diskShare(now, stream), node);
            streams.causes(stream.reading(), node);
            AgentState.Stream shown = stream.reading().shown();
            streams.shards(stream, shards.apply(shown.target(), shown.name()), node);
            if (lastHour.streams().has(name)) {
                node.set("history", json.history(lastHour.streams(), name));
            }
            return answer(node);
        });
    }

    private HttpResponse answer(ObjectNode tree) {
        return HttpResponse.of(
                ResponseHeaders.builder(HttpStatus.OK)
                        .contentType(MediaType.JSON_UTF_8)
                        .add(HttpHeaderNames.CACHE_CONTROL, "no-store")
                        .build(),
                HttpData.wrap(json.bytes(tree)));
    }
}
