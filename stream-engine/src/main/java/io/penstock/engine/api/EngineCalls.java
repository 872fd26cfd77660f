package io.penstock.engine.api;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.penstock.base.fault.Guard;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.http.UnreadAnswer;
import io.penstock.engine.meter.EngineMeters;
import io.penstock.engine.put.PutTarget;
import io.penstock.engine.scope.Scope;
import io.penstock.engine.wire.Codec;
import io.penstock.engine.wire.Input;
import io.penstock.engine.wire.KinesisModel;
import io.penstock.journal.NoSpaceException;
import io.penstock.journal.ShortageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.LoggerFactory;

/** The calls that the engine carries out itself. Everything but a put runs on a thread that may block. */
final class EngineCalls implements CallHandler {
    private static final int LARGE = 1 << 16;

    private final PutTarget puts;
    private final CallMemory memory;
    private final EngineMeters meters;
    private final CallLimits limits;
    private final Scope own;
    private final Reset reset;
    private final Subscriptions subscriptions;
    private final RecordOperations records;
    private final Map<KinesisModel, Operation> operations;
    private final Guard guard = new Guard(LoggerFactory.getLogger(EngineCalls.class));

    EngineCalls(
            PutTarget puts,
            CallMemory memory,
            EngineMeters meters,
            CallLimits limits,
            Scope own,
            Reset reset,
            Subscriptions subscriptions,
            RecordOperations records,
            Map<KinesisModel, Operation> operations) {
        this.puts = puts;
        this.memory = memory;
        this.meters = meters;
        this.limits = limits;
        this.own = own;
        this.reset = reset;
        this.subscriptions = subscriptions;
        this.records = records;
        this.operations = Map.copyOf(operations);
    }

    @Override
    public PutTarget puts() {
        return puts;
    }

    @Override
    public boolean streams(KinesisModel operation) {
        return operation == KinesisModel.SUBSCRIBE_TO_SHARD;
    }

    @Override
    public boolean reset() throws IOException {
        return reset.all();
    }

    @Override
    public void end() {
        subscriptions.end();
    }

    @Override
    public CompletableFuture<HttpResponse> call(
            ServiceRequestContext context, byte[] body, Codec codec, KinesisModel operation) {
        return CompletableFuture.supplyAsync(
                () -> blocking(context, body, codec, operation), context.blockingTaskExecutor());
    }

    private HttpResponse blocking(ServiceRequestContext context, byte[] body, Codec codec, KinesisModel operation) {
        try {
            if (operation == KinesisModel.SUBSCRIBE_TO_SHARD) {
                return subscriptions.subscribe(input(context, body, codec, operation), codec, context);
            }
            return held(context, body, codec, operation);
        } catch (IOException e) {
            throw shortage(e).orElseThrow(() -> new UncheckedIOException(e));
        } catch (UncheckedIOException e) {
            throw shortage(e).orElse(e);
        }
    }

    /** A refusal if the machine has no room for what the call would change; empty for any other failure. */
    private static Optional<RuntimeException> shortage(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof NoSpaceException) {
                return Optional.of(new ServiceException(
                        ErrorType.SERVICE_UNAVAILABLE,
                        "The disk is full: free some space on the engine's data folder, or shorten retention."));
            }
            if (cause instanceof ShortageException) {
                return Optional.of(new ServiceException(
                        ErrorType.SERVICE_UNAVAILABLE,
                        "The operating system grants the engine nothing more for now: " + cause.getMessage()));
            }
        }
        return Optional.empty();
    }

    private Input input(ServiceRequestContext context, byte[] body, Codec codec, KinesisModel operation) {
        return Input.read(body, codec, operation)
                .from(own.ofCall(context.request().headers().get(HttpHeaderNames.AUTHORIZATION, "")));
    }

    private HttpResponse held(ServiceRequestContext context, byte[] body, Codec codec, KinesisModel operation)
            throws IOException {
        Operation code = operations.get(operation);
        if (code == null && operation != KinesisModel.GET_RECORDS) {
            throw new ServiceException(ErrorType.UNKNOWN_OPERATION, operation.wireName() + " is not in this version.");
        }
        Input input = input(context, body, codec, operation);
        limits.admit(operation, input);
        AnswerHold hold = new AnswerHold(memory.answers());
        boolean answered = false;
        try {
            List<HttpData> answer = code == null
                    ? records.records(
                            input, codec, hold, ReaderName.of(context.request().headers()))
                    : List.of(HttpData.wrap(code.answer(input, codec)));
            HttpResponse response = counted(context, codec, answer, hold);
            answered = true;
            return response;
        } finally {
            if (!answered) {
                hold.release();
            }
        }
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
                    guard,
                    length,
                    memory.answers(),
                    hold::release,
                    () -> meters.dropped("answer", String.valueOf(context.remoteAddress())));
        }
        return Replies.ok(codec, body);
    }
}
