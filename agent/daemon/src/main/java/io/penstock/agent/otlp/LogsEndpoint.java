package io.penstock.agent.otlp;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.penstock.agent.auth.Identity;
import io.penstock.agent.http.answer.Problem;
import io.penstock.agent.http.answer.Refused;
import io.penstock.agent.http.post.Endpoint;
import io.penstock.agent.http.post.LoopState;
import io.penstock.agent.http.post.Task;
import io.penstock.agent.metrics.SourceFacts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/logs}: OTLP over HTTP, for logs. Any thread. */
final class LogsEndpoint implements Endpoint {
    static final String PATH = "/v1/logs";

    private static final Answers OTHERWISE = new Answers(Encoding.JSON, MediaType.JSON);

    private final LogLimits limits;
    private final SourceFacts facts;

    LogsEndpoint(LogLimits limits, SourceFacts facts) {
        this.limits = limits;
        this.facts = facts;
    }

    @Override
    public Task task(ServiceRequestContext ctx, HttpRequest req, LoopState loop) throws Refused {
        List<String> declared = req.headers().getAll(HttpHeaderNames.CONTENT_TYPE);
        @Nullable Answers answers = answersTo(declared);
        if (answers == null) {
            String error = declared.isEmpty()
                    ? "there is no Content-Type"
                    : "Content-Type " + Problem.excerpt(String.join(", ", declared)) + " is not taken here";
            throw Refused.unsupported(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE, error, "declare application/x-protobuf or application/json");
        }
        return new LogsTask(loop, answers, limits, facts, Identity.of(ctx), String.valueOf(ctx.remoteAddress()));
    }

    @Override
    public AggregatedHttpResponse form(RequestHeaders request, Problem problem) {
        return failed(request, problem);
    }

    /** Answers {@code problem} in the encoding of the request, and in JSON if that is unknown. */
    static AggregatedHttpResponse failed(RequestHeaders request, Problem problem) {
        @Nullable Answers answers = answersTo(request.getAll(HttpHeaderNames.CONTENT_TYPE));
        return (answers == null ? OTHERWISE : answers).failed(problem);
    }

    private static @Nullable Answers answersTo(List<String> declared) {
        if (declared.size() != 1) {
            return null;
        }
        try {
            MediaType type = MediaType.parse(declared.get(0));
            if (!type.type().equals("application")) {
                return null;
            }
            return switch (type.subtype()) {
                case "x-protobuf", "protobuf" -> new Answers(Encoding.PROTOBUF, type.withoutParameters());
                case "json" ->
                    type.charset(StandardCharsets.UTF_8).equals(StandardCharsets.UTF_8)
                            ? new Answers(Encoding.JSON, type.withoutParameters())
                            : null;
                default -> null;
            };
        } catch (IllegalArgumentException | IllegalStateException broken) {
            return null;
        }
    }
}
