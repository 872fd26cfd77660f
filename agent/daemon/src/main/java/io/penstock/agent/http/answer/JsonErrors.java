package io.penstock.agent.http.answer;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.util.Exceptions;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.penstock.base.text.RateLimitedLog;
import io.penstock.engine.http.UnknownTransferCoding;
import java.io.IOException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Every error that the server itself answers (no such path, a head it cannot parse, a limit, a time-out) as a
 * {@link Problem}, so that a client sees one shape of error, whether the agent or the HTTP library found it. Immutable;
 * any thread.
 */
public final class JsonErrors implements ServerErrorHandler {
    private final RateLimitedLog log = RateLimitedLog.of(LoggerFactory.getLogger(JsonErrors.class));
    private final String paths;
    private final String methods;
    private final BiConsumer<@Nullable ServiceRequestContext, Problem> answered;

    /**
     * @param paths the paths that there are, for the remedy of a 404
     * @param methods the methods that they take, for the remedy and the {@code Allow} of a 405
     * @param answered told of each such answer; the context is absent when the request never got that far
     */
    public JsonErrors(String paths, String methods, BiConsumer<@Nullable ServiceRequestContext, Problem> answered) {
        this.answered = answered;
        this.paths = paths;
        this.methods = methods;
    }

    /** As the server does it: it knows its own exceptions' statuses, and renders each through {@link #renderStatus}. */
    @Override
    public HttpResponse onServiceException(ServiceRequestContext ctx, Throwable cause) {
        return ServerErrorHandler.ofDefault().onServiceException(ctx, cause);
    }

    @Override
    public AggregatedHttpResponse renderStatus(
            @Nullable ServiceRequestContext ctx,
            ServiceConfig config,
            @Nullable RequestHeaders headers,
            HttpStatus status,
            @Nullable String description,
            @Nullable Throwable cause) {
        Problem problem = cause instanceof UnknownTransferCoding
                ? Problem.of(
                        HttpStatus.NOT_IMPLEMENTED,
                        cause.getMessage() + " is not taken",
                        "send the body with a Content-Length, or chunked; pack it with a Content-Encoding")
                : problem(headers, status, description);
        if (status.code() == 500 && cause != null && isDefect(Exceptions.peel(cause))) {
            log.error(
                    cause.getClass().getName(),
                    "A request failed before it was read; this is a defect of the agent",
                    cause);
        }
        answered.accept(ctx, problem);
        AggregatedHttpResponse response = ErrorForm.form(config.service(), headers, problem);
        if (!status.equals(HttpStatus.METHOD_NOT_ALLOWED)) {
            return response;
        }
        return AggregatedHttpResponse.of(
                response.headers().toBuilder()
                        .set(HttpHeaderNames.ALLOW, methods)
                        .build(),
                response.content());
    }

    /** The server's own exceptions tell of clients: of a reset stream, of a connection that is gone. */
    private static boolean isDefect(Throwable cause) {
        String type = cause.getClass().getName();
        return !(cause instanceof IOException)
                && !type.startsWith("com.linecorp.armeria.")
                && !type.startsWith("io.netty.");
    }

    private Problem problem(@Nullable RequestHeaders headers, HttpStatus status, @Nullable String description) {
        String what = headers == null ? "the request" : headers.method() + " " + Problem.excerpt(headers.path());
        return switch (status.code()) {
            case 400 ->
                Problem.of(
                        status,
                        "not a request that HTTP allows" + (description == null ? "" : ": " + description),
                        "mend the client; a path has no .., no %00, and two hexadecimal digits behind each %");
            case 404 -> Problem.of(status, "nothing is at " + what, "there is " + paths);
            case 405 -> Problem.of(status, what + ": no such method here", "use " + methods);
            case 408 -> Problem.of(status, what + ": the body did not arrive in time", "send it without pauses");
            case 413 -> Problem.of(status, what + ": the body is larger than this listener takes", "send less at once");
            case 414 -> Problem.of(status, "the request line is too long", "put the records into the body");
            case 431 -> Problem.of(status, "the header fields are too long", "put the records into the body");
            case 500 -> Problem.of(status, "a defect in the agent; its log has the reason", "report it");
            case 503 -> Problem.retry(status, what + ": could not be done in time", "send it again", 1);
            default -> Problem.of(status, what + ": " + status.reasonPhrase(), "there is " + paths);
        };
    }
}
