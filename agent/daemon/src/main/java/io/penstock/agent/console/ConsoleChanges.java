package io.penstock.agent.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.ClosedSessionException;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.util.Exceptions;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.penstock.agent.auth.Identity;
import io.penstock.agent.http.answer.Problem;
import io.penstock.base.text.RateLimitedLog;
import io.penstock.engine.EngineView;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.stream.LiveStream;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the console changes: a record is put, shards are split, merged or made another number of. Each change is logged
 * and told with the user or address that asked for it, and counted. The body is a JSON object, which a foreign web page cannot send
 * without the browser asking first. Changes of shards run where they may block. Thread-safe.
 */
final class ConsoleChanges {
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleChanges.class);
    private static final int MOST_BODY = 64 << 10;

    private final RateLimitedLog log = RateLimitedLog.of(LOG);
    private final ObjectMapper mapper = new ObjectMapper();
    private final MeterRegistry meters;
    private final Consumer<String> told;
    private final TestRecord puts = new TestRecord();
    private final ShardChanges shards = new ShardChanges();

    /** @param told of each change, a sentence */
    ConsoleChanges(MeterRegistry meters, Consumer<String> told) {
        this.told = told;
        this.meters = meters;
        for (Action action : Action.values()) {
            if (action.changes()) {
                count(action, "done", 0);
                count(action, "refused", 0);
            }
        }
    }

    /** What may be asked for. */
    enum Action {
        PUT,
        SPLIT,
        MERGE,
        RESHARD,
        /** Answers what a split, a merge or a reshard would yield. */
        PREVIEW;

        String path() {
            return "/api/console/" + word();
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        boolean changes() {
            return this != PREVIEW;
        }
    }

    /** The stream that a request is about. */
    record Target(EngineView engine, LiveStream stream) {
        String name() {
            return stream.meta().name();
        }
    }

    /** A request came that may change nothing. */
    void refused(Action action) {
        count(action, "refused", 1);
    }

    /** @param targets by stream id; throws {@link Refusal} if there is none */
    HttpResponse carryOut(Action action, ServiceRequestContext ctx, HttpRequest req, Function<String, Target> targets) {
        String who = Identity.caller(ctx);
        return HttpResponse.of(req.aggregate()
                .thenCompose(body -> carryOut(action, ctx, who, body, targets))
                .exceptionally(failure -> failed(action, who, failure)));
    }

    private CompletableFuture<HttpResponse> carryOut(
            Action action,
            ServiceRequestContext ctx,
            String who,
            AggregatedHttpRequest req,
            Function<String, Target> targets) {
        JsonNode body = body(req);
        Target target = targets.apply(body.path("id").asText());
        CompletableFuture<ObjectNode> answer = action == Action.PUT
                ? puts.put(target, body, ctx)
                : CompletableFuture.supplyAsync(
                        () -> action == Action.PREVIEW
                                ? shards.preview(target, body)
                                : shards.change(action, target, body),
                        ctx.blockingTaskExecutor());
        return answer.thenApply(done -> {
            if (action.changes()) {
                count(action, "done", 1);
                String sentence = who + " asked the console for a " + action.word() + " of stream " + target.name()
                        + ": " + done.path("said").asText();
                LOG.info(sentence);
                told.accept(sentence);
            }
            return Answers.of(done);
        });
    }

    private JsonNode body(AggregatedHttpRequest req) {
        MediaType type = req.contentType();
        if (type == null || !type.is(MediaType.JSON)) {
            throw new Refusal(
                    Problem.of(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "the body is not JSON", "send application/json"));
        }
        try {
            if (req.content().length() <= MOST_BODY) {
                JsonNode body = mapper.readTree(req.content().array());
                if (body != null && body.isObject()) {
                    return body;
                }
            }
        } catch (JsonProcessingException unreadable) {
            // answered below
        } catch (IOException impossible) {
            throw new IllegalStateException("bytes in memory can be read", impossible);
        }
        throw new Refusal(Problem.of(
                HttpStatus.BAD_REQUEST,
                "the body is no JSON object of at most 64 KiB",
                "send an object with the stream's id, as docs/console.md shows it"));
    }

    private HttpResponse failed(Action action, String who, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (action.changes()) {
            count(action, "refused", 1);
        }
        if (cause instanceof Refusal refusal) {
            return refusal.problem().toResponse();
        }
        if (cause instanceof ServiceException refusal) {
            return Answers.refused(refusal).toResponse();
        }
        if (cause instanceof ContentTooLargeException) {
            return Problem.of(
                            HttpStatus.REQUEST_ENTITY_TOO_LARGE,
                            "the body is larger than 64 KiB",
                            "put larger records with penstock put")
                    .toResponse();
        }
        if (cause instanceof ClosedSessionException || Exceptions.isStreamCancelling(cause)) {
            // The browser is gone, and reads no answer.
            return Problem.of(HttpStatus.BAD_REQUEST, "the request did not come whole", "send it again")
                    .toResponse();
        }
        log.error(action.word(), "A " + action.word() + " that " + who + " asked the console for failed", cause);
        return Problem.of(HttpStatus.INTERNAL_SERVER_ERROR, "it could not be carried out", "the log says why")
                .toResponse();
    }

    private void count(Action action, String outcome, int times) {
        Counter.builder("penstock.console.changes")
                .description("Changes asked for through the console.")
                .tag("action", action.word())
                .tag("outcome", outcome)
                .register(meters)
                .increment(times);
    }

    /** The member of a body that must be a text. */
    static String text(JsonNode body, String name) {
        JsonNode value = body.path(name);
        if (!value.isTextual()) {
            throw new Refusal(
                    Problem.of(HttpStatus.BAD_REQUEST, "'" + name + "' is missing or no text", "give it as a text"));
        }
        return value.textValue();
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
