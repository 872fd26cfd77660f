package io.penstock.engine.api;

import com.linecorp.armeria.common.ClosedSessionException;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.ExchangeType;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.TimeoutException;
import com.linecorp.armeria.common.util.CompositeException;
import com.linecorp.armeria.common.util.Exceptions;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.RoutingContext;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.util.AsciiString;
import io.penstock.base.fault.Guard;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.HostCheck;
import io.penstock.base.text.RateLimitedLog;
import io.penstock.engine.auth.SignatureCheck;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.put.Puts;
import io.penstock.engine.wire.Codec;
import io.penstock.engine.wire.KinesisModel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Kinesis API over HTTP: determines operation and codec, checks who calls, passes puts to {@link Puts} on the event
 * loop, and everything else to a {@link CallHandler}.
 *
 * <p>{@code GET /health} is answered with 200, from the start until the server stops. {@code
 * POST /_penstock/reset} removes everything, where the handler allows it; it is not allowed where calls are signed.
 *
 * <p>The request header {@code x-penstock-ordered-put: 1} requests an ordered put in a PutRecords call (see {@link
 * Puts}) and is echoed in the answer.
 *
 * @see <a href="https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html">AWS JSON 1.1 protocol</a>
 */
public final class KinesisService implements HttpService {
    private static final Logger LOG = LoggerFactory.getLogger(KinesisService.class);
    private final RateLimitedLog log = RateLimitedLog.of(LOG);
    /** A body above this size is hashed on a worker. */
    private static final int LARGE = 1 << 18;
    /**
     * The memory of a call besides its body, as a multiple of the body. A put: as records, as a block of entries, and as
     * a batch of the log.
     */
    private static final int PARSED = 3;

    private static final AsciiString TARGET = HttpHeaderNames.of("x-amz-target");

    private static final String HEALTH = "/health";
    private static final String RESET = "/_penstock/reset";

    private final Supplier<Admission> admission;
    private final MemoryBudget.Account memory;
    private final FrontListener meters;
    private final long maxRequestBytes;
    private final Puts puts;
    private final CallHandler handler;
    private final Guard guard = new Guard(LOG);
    private final CallsInProgress inProgress = new CallsInProgress();

    /**
     * What a call must pass.
     *
     * @param hosts by which name or address it comes, and from which web page
     * @param signatures checks who calls; empty to let anyone call
     */
    public record Admission(HostCheck hosts, Optional<SignatureCheck> signatures) {}

    /**
     * @param memory for bodies, from their first byte until their answer, and their parsed form
     * @param meters receives what becomes of calls
     * @param maxRequestBytes of a body
     * @param handler carries out the calls
     * @param admission what a call must pass; asked for each call
     */
    public KinesisService(
            Supplier<Admission> admission,
            MemoryBudget.Account memory,
            FrontListener meters,
            long maxRequestBytes,
            CallHandler handler) {
        this.admission = admission;
        this.memory = memory;
        this.meters = meters;
        this.maxRequestBytes = maxRequestBytes;
        this.puts = new Puts(handler.puts());
        this.handler = handler;
    }

    /** Takes the puts of calls, and of others. */
    public Puts puts() {
        return puts;
    }

    /** An answer that is not an event stream is sent in one piece: head and body with one write to the socket. */
    @Override
    public ExchangeType exchangeType(RoutingContext context) {
        Optional<KinesisModel> operation =
                KinesisModel.ofTarget(context.headers().get(TARGET, ""));
        return operation.filter(handler::streams).isPresent()
                ? ExchangeType.BIDI_STREAMING
                : ExchangeType.REQUEST_STREAMING;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
        Optional<Codec> codec = Codec.of(request.headers().get(HttpHeaderNames.CONTENT_TYPE, ""));
        Codec answering = codec.orElse(Codec.JSON);
        Optional<HostCheck.Finding> foreign = admission.get().hosts().judge(authorities(request), origins(request));
        if (foreign.isPresent()) {
            return refusal(context, answering, foreign.get());
        }
        if (request.method() == HttpMethod.GET && request.path().equals(HEALTH)) {
            return HttpResponse.of(
                    inProgress.isEnding() ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.OK,
                    MediaType.JSON,
                    inProgress.isEnding() ? "{\"status\":\"stopping\"}" : "{\"status\":\"ok\"}");
        }
        if (request.method() != HttpMethod.POST) {
            return rejected(
                    context,
                    answering,
                    HttpStatus.METHOD_NOT_ALLOWED,
                    "This is a Kinesis API: every call is a POST with the header X-Amz-Target.");
        }
        if (request.path().equals(RESET)) {
            return HttpResponse.of(CompletableFuture.supplyAsync(this::reset, context.blockingTaskExecutor()));
        }
        if (codec.isEmpty()) {
            return rejected(
                    context,
                    answering,
                    HttpStatus.NOT_FOUND,
                    "The content type '" + request.headers().get(HttpHeaderNames.CONTENT_TYPE, "")
                            + "' is not one of application/x-amz-json-1.1 and application/x-amz-cbor-1.1.");
        }
        String target = request.headers().get(TARGET, "");
        Optional<KinesisModel> operation = KinesisModel.ofTarget(target);
        if (operation.isEmpty()) {
            return rejected(
                    context,
                    answering,
                    HttpStatus.valueOf(ErrorType.UNKNOWN_OPERATION.status()),
                    target.isEmpty()
                            ? "The header X-Amz-Target is missing."
                            : "The operation '" + target + "' is unknown.");
        }
        if (!inProgress.begin()) {
            request.abort();
            return refusal(
                    context,
                    answering,
                    operation.get(),
                    new ServiceException(ErrorType.SERVICE_UNAVAILABLE, "The server is stopping."));
        }
        noteAnswer(context);
        return HttpResponse.of(Body.of(request, context, memory, guard)
                .thenCompose(body -> allowed(context, request.headers(), body)
                        .thenCompose(caller -> dispatch(context, request.headers(), body, answering, operation.get()))
                        .whenComplete((response, failure) -> body.release()))
                .exceptionally(failure -> failed(context, failure, answering, operation.get())));
    }

    private HttpResponse reset() {
        try {
            if (admission.get().signatures().isEmpty() && handler.reset()) {
                return HttpResponse.of(HttpStatus.NO_CONTENT);
            }
        } catch (IOException e) {
            log.error("reset", "The reset failed; some streams may be gone", e);
            return HttpResponse.of(
                    HttpStatus.INTERNAL_SERVER_ERROR,
                    MediaType.PLAIN_TEXT_UTF_8,
                    "The reset failed; the log says why.");
        }
        return HttpResponse.of(
                HttpStatus.FORBIDDEN,
                MediaType.PLAIN_TEXT_UTF_8,
                "Only an ephemeral engine without signed calls is reset; delete the streams of this one singly.");
    }

    /** Fails if the call has no right signature. A large body is hashed where other connections need not wait. */
    private CompletableFuture<?> allowed(ServiceRequestContext context, RequestHeaders headers, Body body) {
        Optional<SignatureCheck> signatures = admission.get().signatures();
        if (signatures.isEmpty()) {
            return CompletableFuture.completedFuture(headers);
        }
        SignatureCheck check = signatures.get();
        byte[] bytes = body.bytes();
        if (bytes.length <= LARGE) {
            check.check(headers, bytes);
            return CompletableFuture.completedFuture(headers);
        }
        return CompletableFuture.runAsync(() -> check.check(headers, bytes), context.blockingTaskExecutor())
                .thenRunAsync(() -> {}, context.eventLoop());
    }

    private static List<String> authorities(HttpRequest request) {
        List<String> all = new ArrayList<>(request.headers().getAll(HttpHeaderNames.AUTHORITY));
        all.addAll(request.headers().getAll(HttpHeaderNames.HOST));
        return all;
    }

    private static List<String> origins(HttpRequest request) {
        return request.headers().getAll(HttpHeaderNames.ORIGIN);
    }

    private HttpResponse refusal(ServiceRequestContext context, Codec codec, HostCheck.Finding finding) {
        String value = finding.value();
        return switch (finding.fault()) {
            case NOT_ONE_HOST ->
                rejected(
                        context,
                        codec,
                        ErrorType.VALIDATION,
                        HttpStatus.BAD_REQUEST,
                        "A request has to have one Host header, and this one has "
                                + (value.isEmpty() ? "none." : "several."));
            case FOREIGN_HOST ->
                rejected(
                        context,
                        codec,
                        ErrorType.ACCESS_DENIED,
                        HttpStatus.FORBIDDEN,
                        "The host '" + value + "' is neither an IP address nor localhost nor listed under hosts."
                                + " Use such an address, or add the name to hosts.");
            case FOREIGN_ORIGIN ->
                rejected(
                        context,
                        codec,
                        ErrorType.ACCESS_DENIED,
                        HttpStatus.FORBIDDEN,
                        "Requests of web pages from '" + value + "' are refused. Add it to origins to allow it.");
        };
    }

    private HttpResponse rejected(ServiceRequestContext context, Codec codec, HttpStatus status, String message) {
        return rejected(context, codec, ErrorType.UNKNOWN_OPERATION, status, message);
    }

    private HttpResponse rejected(
            ServiceRequestContext context, Codec codec, ErrorType type, HttpStatus status, String message) {
        meters.rejected(new ServiceException(type, message), String.valueOf(context.remoteAddress()));
        return Replies.error(codec, type, status, message);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the result is not needed
    private void noteAnswer(ServiceRequestContext context) {
        context.log().whenComplete().thenRun(inProgress::answered);
    }

    /**
     * Refuses further calls, ends those that would not end by themselves, and waits at most {@code most} for the
     * answers of earlier calls.
     */
    public void finish(Duration most) {
        handler.end();
        inProgress.end(most);
    }

    private CompletableFuture<HttpResponse> dispatch(
            ServiceRequestContext context, RequestHeaders headers, Body body, Codec codec, KinesisModel operation) {
        if (!body.holdMore(PARSED)) {
            return CompletableFuture.failedFuture(new ServiceException(
                    ErrorType.SERVICE_UNAVAILABLE, "The calls under way take all memory; try again in a moment."));
        }
        if (operation == KinesisModel.PUT_RECORDS || operation == KinesisModel.PUT_RECORD) {
            return put(context, headers, body.bytes(), codec, operation);
        }
        return handler.call(context, body.bytes(), codec, operation).thenApply(response -> {
            meters.answered(operation.wireName());
            return response;
        });
    }

    private CompletableFuture<HttpResponse> put(
            ServiceRequestContext context, RequestHeaders headers, byte[] body, Codec codec, KinesisModel operation) {
        boolean ordered = operation == KinesisModel.PUT_RECORDS && headers.contains(Replies.ORDERED_PUT, "1");
        CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
        Puts.Reply reply = new Puts.Reply() {
            @Override
            public void answered(byte[] content) {
                meters.answered(operation.wireName());
                answer.complete(ordered ? Replies.ordered(codec, content) : Replies.ok(codec, content));
            }

            @Override
            public void refused(ServiceException refusal) {
                answer.complete(refusal(context, codec, operation, refusal));
            }
        };
        puts.put(new Puts.Call(
                body,
                codec,
                operation,
                ordered,
                headers.get(HttpHeaderNames.AUTHORIZATION, ""),
                context.remoteAddress(),
                context.eventLoop().withoutContext(),
                context.blockingTaskExecutor().withoutContext(),
                reply));
        return answer;
    }

    private HttpResponse failed(ServiceRequestContext context, Throwable failure, Codec codec, KinesisModel operation) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof ServiceException refusal) {
            return refusal(context, codec, operation, refusal);
        }
        if (cause instanceof ContentTooLargeException) {
            return refusal(
                    context,
                    codec,
                    operation,
                    new ServiceException(
                            ErrorType.REQUEST_TOO_LARGE,
                            "The request body is larger than " + maxRequestBytes + " bytes."));
        }
        if (isDamaged(cause)) {
            return refusal(
                    context,
                    codec,
                    operation,
                    new ServiceException(
                            ErrorType.SERIALIZATION, "The request body is not packed as its Content-Encoding says."));
        }
        if (cause instanceof TimeoutException) {
            return refusal(
                    context,
                    codec,
                    operation,
                    new ServiceException(ErrorType.REQUEST_TIMEOUT, "The request did not come whole in time."));
        }
        if (cause instanceof ClosedSessionException || Exceptions.isStreamCancelling(cause)) {
            // The client has closed the connection and reads no answer.
            return refusal(
                    context,
                    codec,
                    operation,
                    new ServiceException(ErrorType.REQUEST_TIMEOUT, "The request ended before its body did."));
        }
        log.error(operation.wireName(), operation.wireName() + " failed; this is a defect of the engine", cause);
        return refusal(
                context,
                codec,
                operation,
                new ServiceException(
                        ErrorType.INTERNAL_FAILURE,
                        operation.wireName() + " could not be carried out; the log says why."));
    }

    /** The unpacking fails once for the bytes that it cannot read, and perhaps a second time when it is closed. */
    private static boolean isDamaged(Throwable cause) {
        return cause instanceof DecompressionException
                || cause instanceof CompositeException several
                        && several.getExceptions().stream().anyMatch(DecompressionException.class::isInstance);
    }

    private HttpResponse refusal(
            ServiceRequestContext context, Codec codec, KinesisModel operation, ServiceException refusal) {
        meters.refused(operation.wireName(), refusal, String.valueOf(context.remoteAddress()));
        return Replies.refusal(codec, refusal);
    }
}
