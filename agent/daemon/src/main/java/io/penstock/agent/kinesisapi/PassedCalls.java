package io.penstock.agent.kinesisapi;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.penstock.agent.route.Destination;
import io.penstock.agent.route.KeyFields;
import io.penstock.agent.route.Routed;
import io.penstock.agent.route.Router;
import io.penstock.agent.route.Source;
import io.penstock.agent.route.StreamName;
import io.penstock.agent.route.Unroutable;
import io.penstock.delivery.kinesis.fault.Fault;
import io.penstock.delivery.kinesis.fault.FaultException;
import io.penstock.delivery.kinesis.pass.PassedCall;
import io.penstock.engine.api.CallHandler;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.put.PutTarget;
import io.penstock.engine.wire.Codec;
import io.penstock.engine.wire.Input;
import io.penstock.engine.wire.KinesisModel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Passes every call but puts on to the target of the stream that it names, signed with the target's credentials. A call
 * that names no stream, such as GetRecords, goes to the default target. Thread-safe; {@value #MOST} calls and
 * {@value #MOST_SUBSCRIPTIONS} subscriptions are passed on at once.
 */
final class PassedCalls implements CallHandler {
    private static final int MOST = 1000;
    /** Each subscription takes a connection to the target for minutes; half of the connections are left for other calls. */
    static final int MOST_SUBSCRIPTIONS = 50;

    private final PutTarget puts;
    private final Supplier<PassThrough> passThrough;
    private final Router router;
    private final Targets targets;
    private final AtomicInteger underWay = new AtomicInteger();
    private final PassedAnswers answers = new PassedAnswers();
    private final AtomicInteger subscriptions = new AtomicInteger();

    /** @param passThrough which calls; asked for each */
    PassedCalls(PutTarget puts, Supplier<PassThrough> passThrough, Router router, Targets targets) {
        this.puts = puts;
        this.passThrough = passThrough;
        this.router = router;
        this.targets = targets;
    }

    private record Passed(String target, byte[] body) {}

    @Override
    public PutTarget puts() {
        return puts;
    }

    @Override
    public boolean streams(KinesisModel operation) {
        return operation != KinesisModel.PUT_RECORD && operation != KinesisModel.PUT_RECORDS;
    }

    @Override
    public void end() {}

    @Override
    public CompletableFuture<HttpResponse> call(
            ServiceRequestContext context, byte[] body, Codec codec, KinesisModel operation) {
        if (!passThrough.get().allows(operation)) {
            return CompletableFuture.failedFuture(refused(operation));
        }
        boolean subscribes = operation == KinesisModel.SUBSCRIBE_TO_SHARD;
        AtomicInteger counted = subscribes ? subscriptions : underWay;
        int most = subscribes ? MOST_SUBSCRIPTIONS : MOST;
        if (counted.incrementAndGet() > most) {
            counted.decrementAndGet();
            return CompletableFuture.failedFuture(new ServiceException(
                    subscribes ? ErrorType.LIMIT_EXCEEDED : ErrorType.SERVICE_UNAVAILABLE,
                    most + (subscribes ? " subscriptions" : " calls") + " are being passed on by the agent; try again"
                            + " in a moment."));
        }
        CompletableFuture<Void> unused =
                context.log().whenComplete().thenRun(counted::decrementAndGet).toCompletableFuture();
        if (subscribes) {
            context.clearRequestTimeout();
        }
        return CompletableFuture.supplyAsync(() -> routed(body, codec, operation), context.blockingTaskExecutor())
                .thenCompose(passed -> targets.pass(
                                passed.target(),
                                new PassedCall(operation.wireName(), codec.contentType(), passed.body()))
                        .handle((answer, failure) ->
                                failure == null ? answers.response(answer, passed.target()) : failed(passed, failure)));
    }

    private ServiceException refused(KinesisModel operation) {
        String key = passThrough.get() == PassThrough.NONE ? "none" : "read-only";
        return new ServiceException(
                ErrorType.ACCESS_DENIED,
                "The agent does not pass " + operation.wireName() + " on: kinesis-api.pass-through is " + key
                        + ". Call the stream's own endpoint, or set it to "
                        + (PassThrough.reads(operation) ? "read-only or all." : "all."));
    }

    /** Validates the call, and finds its target. A stream that its route renames is renamed in the body. */
    private Passed routed(byte[] body, Codec codec, KinesisModel operation) {
        Input input = Input.read(body, codec, operation);
        String stream = input.optionalText(RenamedCall.STREAM_NAME)
                .orElseGet(() -> RenamedCall.ARNS.stream()
                        .flatMap(arn -> input.optionalText(arn).stream())
                        .map(CalledStream::inArn)
                        .findFirst()
                        .orElse(""));
        if (!StreamName.valid(stream)) {
            return new Passed(Router.DEFAULT_TARGET, body);
        }
        Routed routed = router.route(Source.KINESIS, KeyFields.posted(stream, ""));
        if (routed instanceof Unroutable unroutable) {
            throw ServiceException.notFound("The agent has no stream for it: " + unroutable.text());
        }
        Destination destination = (Destination) routed;
        String there = destination.stream().stream();
        return new Passed(
                destination.stream().target(), there.equals(stream) ? body : RenamedCall.of(body, codec, there));
    }

    private static HttpResponse failed(Passed passed, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        Fault fault = cause instanceof FaultException why
                ? why.fault()
                : new Fault.Unavailable("the call could not be passed on: " + cause, false);
        throw new ServiceException(
                fault instanceof Fault.Denied ? ErrorType.ACCESS_DENIED : ErrorType.SERVICE_UNAVAILABLE,
                "The agent's target " + passed.target() + ": " + fault.detail());
    }
}
