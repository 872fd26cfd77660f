package io.penstock.engine.api;

import com.linecorp.armeria.common.ClosedSessionException;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.ExchangeType;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.TimeoutException;
import com.linecorp.armeria.common.util.Exceptions;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.RoutingContext;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.AsciiString;
import io.penstock.base.net.HostCheck;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.http.UnreadAnswer;
import io.penstock.engine.meter.EngineMeters;
import io.penstock.engine.put.Puts;
import io.penstock.engine.wire.Codec;
import io.penstock.engine.wire.Input;
import io.penstock.engine.wire.KinesisModel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Kinesis API over HTTP: determines operation and codec, passes puts to {@link Puts} on the event loop, and runs
 * everything else on a thread that may block.
 *
 * <p>The request header {@code x-penstock-ordered-put: 1} requests an ordered put in a PutRecords call (see {@link
 * Puts}) and is echoed in the answer.
 *
 * @see <a href="https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html">AWS JSON 1.1 protocol</a>
 */
public final class KinesisService implements HttpService {
    private static final Logger LOG = LoggerFactory.getLogger(KinesisService.class);
    private static final int LARGE = 1 << 16;
    /**
     * The memory of a put besides its body, as a multiple of the body: as records, as a block of entries, and as a
     * batch of the log.
     */
    private static final int PARSED = 3;

    private static final AsciiString TARGET = HttpHeaderNames.of("x-amz-target");

    private final HostCheck hosts;
    private final CallMemory memory;
    private final EngineMeters meters;
    private final CallLimits limits;
    private final long maxRequestBytes;
    private final Puts puts;
    private final Subscriptions subscriptions;
    private final RecordOperations records;
    private final Map<KinesisModel, Operation> operations;
    private final CallsInProgress inProgress = new CallsInProgress();

    KinesisService(
            HostCheck hosts,
            CallMemory memory,
            EngineMeters meters,
            CallLimits limits,
            long maxRequestBytes,
            Puts puts,
            Subscriptions subscriptions,
            RecordOperations records,
            Map<KinesisModel, Operation> operations) {
        this.hosts = hosts;
        this.memory = memory;
        this.meters = meters;
        this.limits = limits;
        this.maxRequestBytes = maxRequestBytes;
        this.puts = puts;
        this.subscriptions = subscriptions;
        this.records = records;
        this.operations = Map.copyOf(operations);
    }

    /** An answer that is not an event stream is sent in one piece: head and body with one write to the socket. */
    @Override
    public ExchangeType exchangeType(RoutingContext context) {
        boolean events = context.headers().get(TARGET, "").equals(KinesisModel.SUBSCRIBE_TO_SHARD.target());
        return events ? ExchangeType.BIDI_STREAMING : ExchangeType.REQUEST_STREAMING;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
        Optional<Codec> codec = Codec.of(request.headers().get(HttpHeaderNames.CONTENT_TYPE, ""));
        Codec answering = codec.orElse(Codec.JSON);
        Optional<HostCheck.Finding> foreign = hosts.judge(authorities(request), origins(request));
        if (foreign.isPresent()) {
            return refusal(answering, foreign.get());
        }
        if (request.method() != HttpMethod.POST) {
            return Replies.error(
                    answering,
                    ErrorType.UNKNOWN_OPERATION,
                    HttpStatus.METHOD_NOT_ALLOWED,
                    "This is a Kinesis API: every call is a POST with the header X-Amz-Target.");
        }
        if (codec.isEmpty()) {
            return Replies.error(
                    answering,
                    ErrorType.UNKNOWN_OPERATION,
                    HttpStatus.NOT_FOUND,
                    "The content type '" + request.headers().get(HttpHeaderNames.CONTENT_TYPE, "")
                            + "' is not one of application/x-amz-json-1.1 and application/x-amz-cbor-1.1.");
        }
        String target = request.headers().get(TARGET, "");
        Optional<KinesisModel> operation = KinesisModel.ofTarget(target);
        if (operation.isEmpty()) {
            return Replies.refusal(
                    answering,
                    new ServiceException(
                            ErrorType.UNKNOWN_OPERATION,
                            target.isEmpty()
                                    ? "The header X-Amz-Target is missing."
                                    : "The operation '" + target + "' is unknown."));
        }
        if (!inProgress.begin()) {
            request.abort();
            return refusal(
                    answering,
                    operation.get(),
                    new ServiceException(ErrorType.SERVICE_UNAVAILABLE, "The engine is stopping."));
        }
        noteAnswer(context);
        return HttpResponse.of(Body.of(request, context, memory.requests())
                .thenCompose(body -> dispatch(context, request.headers(), body, answering, operation.get())
                        .whenComplete((response, failure) -> body.release()))
                .exceptionally(failure -> failed(failure, answering, operation.get())));
    }

    private static List<String> authorities(HttpRequest request) {
        List<String> all = new ArrayList<>(request.headers().getAll(HttpHeaderNames.AUTHORITY));
        all.addAll(request.headers().getAll(HttpHeaderNames.HOST));
        return all;
    }

    private static List<String> origins(HttpRequest request) {
        return request.headers().getAll(HttpHeaderNames.ORIGIN);
    }

    private static HttpResponse refusal(Codec codec, HostCheck.Finding finding) {
        String value = finding.value();
        return switch (finding.fault()) {
            case NOT_ONE_HOST ->
                Replies.error(
                        codec,
                        ErrorType.VALIDATION,
                        HttpStatus.BAD_REQUEST,
                        "A request has to have one Host header, and this one has "
                                + (value.isEmpty() ? "none." : "several."));
            case FOREIGN_HOST ->
                Replies.error(
                        codec,
                        ErrorType.ACCESS_DENIED,
                        HttpStatus.FORBIDDEN,
                        "The host '" + value + "' is neither an IP address nor localhost nor listed under hosts."
                                + " Use such an address, or add the name to hosts.");
            case FOREIGN_ORIGIN ->
                Replies.error(
                        codec,
                        ErrorType.ACCESS_DENIED,
                        HttpStatus.FORBIDDEN,
                        "Requests of web pages from '" + value + "' are refused. Add it to origins to allow it.");
        };
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the result is not needed
    private void noteAnswer(ServiceRequestContext context) {
        context.log().whenComplete().thenRun(inProgress::answered);
    }

    /**
     * Refuses further calls, ends the subscriptions, and waits at most {@code most} for the answers of earlier calls.
     */
    public void finish(Duration most) {
        subscriptions.end();
        inProgress.end(most);
    }

    /**
     * Holds the memory of a large answer until the socket has taken it, and closes the connection of a client that does
     * not read it.
     */
    private HttpResponse counted(ServiceRequestContext context, Codec codec, List<HttpData> body, AnswerHold hold) {
        int length = body.stream().mapToInt(HttpData::length).sum();
        if (length <= LARGE) {
            hold.release();
        } else {
            hold.settle(Math.max(length, hold.bytes()));
            UnreadAnswer.watch(
                    context,
                    length,
                    memory.answers(),
                    hold::release,
                    () -> meters.dropped("answer", String.valueOf(context.remoteAddress())));
        }
        return Replies.ok(codec, body);
    }

    private CompletableFuture<HttpResponse> dispatch(
            ServiceRequestContext context, RequestHeaders headers, Body body, Codec codec, KinesisModel operation) {
        if (operation == KinesisModel.PUT_RECORDS || operation == KinesisModel.PUT_RECORD) {
            if (!body.holdMore(PARSED)) {
                return CompletableFuture.failedFuture(new ServiceException(
                        ErrorType.SERVICE_UNAVAILABLE, "The puts under way take all memory; try again in a moment."));
            }
            return put(context, headers, body.bytes(), codec, operation);
        }
        byte[] bytes = body.bytes();
        return CompletableFuture.supplyAsync(
                () -> blocking(context, bytes, codec, operation), context.blockingTaskExecutor());
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
                answer.complete(refusal(codec, operation, refusal));
            }
        };
        puts.put(new Puts.Call(
                body,
                codec,
                operation,
                ordered,
                context.eventLoop().withoutContext(),
                context.blockingTaskExecutor().withoutContext(),
                reply));
        return answer;
    }

    private HttpResponse blocking(ServiceRequestContext context, byte[] body, Codec codec, KinesisModel operation) {
        try {
            if (operation == KinesisModel.SUBSCRIBE_TO_SHARD) {
                HttpResponse events = subscriptions.subscribe(Input.read(body, codec, operation), codec, context);
                meters.answered(operation.wireName());
                return events;
            }
            return held(context, body, codec, operation);
        } catch (IOException | RuntimeException e) {
            return failed(e, codec, operation);
        }
    }

    private HttpResponse held(ServiceRequestContext context, byte[] body, Codec codec, KinesisModel operation)
            throws IOException {
        Operation code = operations.get(operation);
        if (code == null && operation != KinesisModel.GET_RECORDS) {
            throw new ServiceException(ErrorType.UNKNOWN_OPERATION, operation.wireName() + " is not in this version.");
        }
        Input input = Input.read(body, codec, operation);
        limits.admit(operation, input);
        AnswerHold hold = new AnswerHold(memory.answers());
        boolean answered = false;
        try {
            List<HttpData> answer = code == null
                    ? records.records(input, codec, hold)
                    : List.of(HttpData.wrap(code.answer(input, codec)));
            HttpResponse response = counted(context, codec, answer, hold);
            meters.answered(operation.wireName());
            answered = true;
            return response;
        } finally {
            if (!answered) {
                hold.release();
            }
        }
    }

    private HttpResponse failed(Throwable failure, Codec codec, KinesisModel operation) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof ServiceException refusal) {
            return refusal(codec, operation, refusal);
        }
        if (cause instanceof ContentTooLargeException) {
            return refusal(
                    codec,
                    operation,
                    new ServiceException(
                            ErrorType.REQUEST_TOO_LARGE,
                            "The request body is larger than " + maxRequestBytes + " bytes."));
        }
        if (cause instanceof TimeoutException) {
            return refusal(
                    codec,
                    operation,
                    new ServiceException(ErrorType.REQUEST_TIMEOUT, "The request did not come whole in time."));
        }
        if (cause instanceof ClosedSessionException || Exceptions.isStreamCancelling(cause)) {
            // The client has closed the connection and reads no answer.
            return refusal(
                    codec,
                    operation,
                    new ServiceException(ErrorType.REQUEST_TIMEOUT, "The request ended before its body did."));
        }
        LOG.error("{} failed", operation.wireName(), cause);
        return refusal(
                codec,
                operation,
                new ServiceException(
                        ErrorType.INTERNAL_FAILURE,
                        "The engine could not carry out " + operation.wireName() + "; its log says why."));
    }

    private HttpResponse refusal(Codec codec, KinesisModel operation, ServiceException refusal) {
        meters.refused(operation.wireName(), refusal.type().wireName());
        return Replies.refusal(codec, refusal);
    }
}
