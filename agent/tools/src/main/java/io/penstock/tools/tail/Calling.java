package io.penstock.tools.tail;

import io.penstock.base.text.CauseText;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.kinesis.model.KinesisException;

/**
 * Makes calls and brings their answers to the tail's thread. What may pass is tried again with growing pauses and said
 * once, for as long as the patience lasts; what will not ends the tail.
 */
final class Calling {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final ScheduledExecutorService thread;
    private final Consumer<String> notice;
    private final Consumer<Throwable> fatal;
    private final Optional<Duration> patience;
    private String saidLast = "";

    /** @param patience how long one call is tried; empty: for ever */
    Calling(
            ScheduledExecutorService thread,
            Consumer<String> notice,
            Consumer<Throwable> fatal,
            Optional<Duration> patience) {
        this.patience = patience;
        this.thread = thread;
        this.notice = notice;
        this.fatal = fatal;
    }

    /**
     * @param then takes the answer
     * @param handled takes a failure that the caller knows what to do with, and says so with true
     */
    <T> void call(Supplier<CompletableFuture<T>> call, Consumer<T> then, Predicate<Throwable> handled) {
        attempt(call, then, handled, FIRST_PAUSE, System.nanoTime());
    }

    /** Runs {@code task} after {@code pause}, unless the tail is closed by then. */
    void later(Duration pause, Runnable task) {
        try {
            thread.schedule(guarded(task), pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            return;
        }
    }

    private <T> void attempt(
            Supplier<CompletableFuture<T>> call,
            Consumer<T> then,
            Predicate<Throwable> handled,
            Duration pause,
            long begun) {
        call.get()
                .whenComplete((answer, thrown) -> later(Duration.ZERO, () -> {
                    if (thrown == null) {
                        saidLast = "";
                        then.accept(answer);
                        return;
                    }
                    Throwable cause = root(thrown);
                    if (handled.test(cause)) {
                        return;
                    }
                    if (!passes(cause) || isOver(begun)) {
                        fatal.accept(cause);
                        return;
                    }
                    say("trying again: " + describe(cause));
                    Duration next = pause.multipliedBy(2);
                    later(
                            pause,
                            () -> attempt(
                                    call,
                                    then,
                                    handled,
                                    next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE,
                                    begun));
                }));
    }

    private boolean isOver(long begun) {
        return patience.isPresent()
                && System.nanoTime() - begun >= patience.get().toNanos();
    }

    /** Says something unless it was the last thing said. */
    void say(String text) {
        if (!text.equals(saidLast)) {
            saidLast = text;
            notice.accept(text);
        }
    }

    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error unexpected) {
                fatal.accept(unexpected);
            }
        };
    }

    private static Throwable root(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }

    /** Whether the same call may succeed later: everything but what the service says the caller has got wrong. */
    private static boolean passes(Throwable cause) {
        if (cause instanceof KinesisException answered) {
            String code = code(answered);
            return answered.statusCode() >= 500
                    || answered.isThrottlingException()
                    || code.equals("ProvisionedThroughputExceededException")
                    || code.equals("LimitExceededException");
        }
        return !(cause instanceof Error) && !(cause instanceof IllegalArgumentException);
    }

    /** Empty if something else than the service answered. */
    private static String code(KinesisException answered) {
        AwsErrorDetails details = answered.awsErrorDetails();
        return details == null || details.errorCode() == null ? "" : details.errorCode();
    }

    static String describe(Throwable cause) {
        Throwable deepest = cause;
        while (deepest.getCause() != null && !(deepest instanceof KinesisException)) {
            deepest = deepest.getCause();
        }
        if (deepest instanceof KinesisException answered) {
            return code(answered).isEmpty()
                    ? "HTTP " + answered.statusCode()
                            + ", which is not an answer of Kinesis; look at what stands between"
                    : code(answered) + ": " + answered.awsErrorDetails().errorMessage();
        }
        return CauseText.of(deepest).orElse("the call failed without a reason");
    }
}
