package io.penstock.agent.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.penstock.agent.auth.Identity;
import io.penstock.agent.http.answer.Problem;
import io.penstock.agent.reload.Change;
import io.penstock.agent.reload.ReloadOutcome;
import io.penstock.delivery.spool.StreamId;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the admin listener lets a request change: {@link AdminLogin} decides which. The check of Host and Origin, which
 * keeps foreign web pages out, is in front of it. Each change is logged and told with the caller that asked for it. Work
 * that blocks is not done on an event loop. Thread-safe.
 */
public final class AdminChanges {
    private static final String BODY = "send {\"streams\": [{\"target\": \"default\", \"stream\": \"orders\"}]}";
    private static final Logger LOG = LoggerFactory.getLogger(AdminChanges.class);

    private final ObjectMapper mapper = new ObjectMapper();
    private final AdminLogin login;
    private final BooleanSupplier allowed;
    private final Function<String, ReloadOutcome> reload;
    private final Letters letters;
    private final Consumer<String> told;

    /** Dead letters of a stream: what is done with them. */
    public interface Letters {
        /** What to do. */
        enum Action {
            REPLAY,
            DROP
        }

        /**
         * Blocks.
         *
         * @return how many letters there were
         */
        long act(Action action, StreamId stream) throws IOException;
    }

    /**
     * @param allowed whether {@code admin.allow-changes} is true now
     * @param reload is given who asked for it; blocks
     * @param told of what was done with dead letters, a sentence each
     */
    public AdminChanges(
            AdminLogin login,
            BooleanSupplier allowed,
            Function<String, ReloadOutcome> reload,
            Letters letters,
            Consumer<String> told) {
        this.login = login;
        this.allowed = allowed;
        this.reload = reload;
        this.letters = letters;
        this.told = told;
    }

    /** No request may change anything. */
    public static AdminChanges none() {
        return new AdminChanges(
                AdminLogin.none(),
                () -> false,
                caller -> ReloadOutcome.refused(Instant.EPOCH, "there is no configuration to reload"),
                (action, stream) -> 0,
                done -> {});
    }

    /** Adds the paths. */
    void route(ServerBuilder server) {
        server.route()
                .post("/api/reload")
                .build(guarded((ctx, req) -> later(ctx, () -> answer(reload.apply(Identity.caller(ctx))))));
        server.route().post("/api/dead-letters/replay").build(guarded(letters(Letters.Action.REPLAY)));
        server.route().post("/api/dead-letters/drop").build(guarded(letters(Letters.Action.DROP)));
    }

    private HttpService letters(Letters.Action action) {
        return (ctx, req) -> HttpResponse.of(req.aggregate().thenCompose(body -> {
            ctx.clearRequestTimeout();
            return CompletableFuture.supplyAsync(
                    () -> answer(action, Identity.caller(ctx), body.contentUtf8()), ctx.blockingTaskExecutor());
        }));
    }

    /** The body: {"streams": [{"target": ..., "stream": ...}, ...]}. */
    private HttpResponse answer(Letters.Action action, String caller, String body) {
        ObjectNode root = mapper.createObjectNode();
        ArrayNode done = root.putArray("streams");
        HttpStatus status = HttpStatus.OK;
        try {
            JsonNode streams = mapper.readTree(body).path("streams");
            if (streams.isEmpty()) {
                throw new IllegalArgumentException("none");
            }
            for (JsonNode each : streams) {
                StreamId stream = new StreamId(
                        each.path("target").asText("default"),
                        each.path("stream").asText());
                ObjectNode node = done.addObject();
                node.put("target", stream.target());
                node.put("stream", stream.stream());
                long count = letters.act(action, stream);
                node.put("letters", count);
                tell(action, caller, stream, count);
            }
        } catch (JsonProcessingException | IllegalArgumentException unreadable) {
            status = HttpStatus.BAD_REQUEST;
            root.put("error", "the body is no list of streams");
            root.put("remedy", BODY);
        } catch (IOException failed) {
            status = HttpStatus.CONFLICT;
            root.put("error", String.valueOf(failed.getMessage()));
        }
        return HttpResponse.of(status, MediaType.JSON_UTF_8, HttpData.wrap(bytes(root)));
    }

    private void tell(Letters.Action action, String caller, StreamId stream, long count) {
        String sentence = caller
                + (action == Letters.Action.REPLAY ? " replayed " : " dropped ")
                + count
                + (count == 1 ? " dead letter of " : " dead letters of ")
                + stream;
        LOG.info(sentence);
        told.accept(sentence);
    }

    /** The service behind the check whether the request may change something. */
    private HttpService guarded(HttpService service) {
        return (ctx, req) -> {
            Optional<Problem> objection = objection(ctx);
            return objection.isPresent() ? objection.get().toResponse() : service.serve(ctx, req);
        };
    }

    /** Why the request may change nothing; empty if it may. Does not block. */
    public Optional<Problem> objection(ServiceRequestContext ctx) {
        boolean now = allowed.getAsBoolean();
        return login.mayChange(ctx, now) ? Optional.empty() : Optional.of(login.refusal(now));
    }

    AdminLogin login() {
        return login;
    }

    private static HttpResponse later(ServiceRequestContext ctx, Supplier<HttpResponse> work) {
        ctx.clearRequestTimeout();
        return HttpResponse.of(CompletableFuture.supplyAsync(work, ctx.blockingTaskExecutor()));
    }

    private HttpResponse answer(ReloadOutcome outcome) {
        ObjectNode root = mapper.createObjectNode();
        root.put("applied", !outcome.isRefused());
        outcome.refusal().ifPresent(why -> root.put("error", why));
        ArrayNode changes = root.putArray("changes");
        outcome.applied().forEach(change -> change(changes.addObject(), change));
        ArrayNode waiting = root.putArray("need_restart");
        outcome.waiting().forEach(change -> {
            ObjectNode node = waiting.addObject();
            change(node, change);
            node.put("reason", ReloadOutcome.reason(change));
        });
        ArrayNode lines = root.putArray("lines");
        outcome.lines().forEach(lines::add);
        return HttpResponse.of(
                outcome.isRefused() ? HttpStatus.UNPROCESSABLE_ENTITY : HttpStatus.OK,
                MediaType.JSON_UTF_8,
                HttpData.wrap(bytes(root)));
    }

    private static void change(ObjectNode node, Change change) {
        node.put("key", change.key());
        node.put("before", change.before());
        node.put("after", change.after());
    }

    private byte[] bytes(ObjectNode root) {
        try {
            return mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree of plain values cannot fail to be written", impossible);
        }
    }
}
