package io.penstock.delivery.kinesis;

import io.penstock.base.fault.Guard;
import io.penstock.delivery.kinesis.fault.Fault;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ensures that each call answers exactly once: the first answer is passed on, a second one is dropped, and if there is
 * none in time, a fault is passed on instead. The last two cases are logged. Any thread.
 */
final class OneAnswer<T> implements Consumer<T> {
    private static final Logger LOG = LoggerFactory.getLogger(OneAnswer.class);

    private final String call;
    private final BooleanSupplier closed;
    private final CompletableFuture<T> first = new CompletableFuture<>();

    /**
     * @param call its description for log lines
     * @param limit longer than the call's own time limit
     * @param closed true if the endpoint is closed and drops calls
     * @param failure converts a fault for {@code answer}
     */
    OneAnswer(String call, Duration limit, BooleanSupplier closed, Consumer<T> answer, Function<Fault, T> failure) {
        this.call = call;
        this.closed = closed;
        new Guard(LOG)
                .watch(
                        call,
                        first.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                                .exceptionally(none -> failure.apply(overdue(limit)))
                                .thenAccept(answer));
    }

    private Fault overdue(Duration limit) {
        String detail = call + " was never answered, not even with a failure, in " + limit.toSeconds() + " s";
        if (!closed.getAsBoolean()) {
            LOG.error("{}; this should not happen, please report it", detail);
        }
        return new Fault.Unavailable(detail, false);
    }

    @Override
    public void accept(T answer) {
        if (!first.complete(answer) && !closed.getAsBoolean()) {
            LOG.error("{} was answered again, or too late; this should not happen, please report it", call);
        }
    }
}
