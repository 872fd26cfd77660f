package io.penstock.base.auth;

import io.penstock.base.fault.Guard;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the credentials of one listener's clients, which wait for the answer. A password takes tens of milliseconds of
 * CPU time, so two threads
 * check them. At most {@value #MAX_WAITING} logins wait for them, one address after the other. Each failure from one
 * address is answered later than the previous one, up to {@value #MAX_DELAY_MILLIS} ms, which slows down guessing.
 * Thread-safe.
 */
public final class LoginChecks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LoginChecks.class);
    private static final int THREADS = 2;
    private static final int MAX_WAITING = 10_000;
    private static final int MAX_DELAY_MILLIS = 4000;
    private static final Duration WATCH = Duration.ofSeconds(1);

    private final Guard guard = new Guard(LOG);
    private final int maxUnanswered;
    private final int maxOfOneAddress;
    private final AtomicInteger allUnanswered = new AtomicInteger();
    private final Map<String, Integer> unanswered = new ConcurrentHashMap<>();
    private final FailedLogins failures = new FailedLogins(Duration.ofMillis(MAX_DELAY_MILLIS));
    private final LoginQueue waiting = new LoginQueue(MAX_WAITING);
    private final ScheduledThreadPoolExecutor threads;

    /** The result of a check. */
    public enum Outcome {
        RIGHT,
        /** The name or the password is wrong. */
        WRONG,
        /** The client did not wait for the result. */
        GONE,
        /** Too many logins wait. */
        BUSY,
        /** A defect, which the log has. */
        FAILED
    }

    /**
     * @param threadName of the threads that check
     * @param maxUnanswered how many checks may be without an answer; further ones get {@link Outcome#BUSY}
     * @param maxOfOneAddress how many of them may be of one address
     */
    public LoginChecks(String threadName, int maxUnanswered, int maxOfOneAddress) {
        this.maxUnanswered = maxUnanswered;
        this.maxOfOneAddress = maxOfOneAddress;
        this.threads = new ScheduledThreadPoolExecutor(THREADS, work -> {
            Thread thread = new Thread(work, threadName);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Looks at the file every two seconds. */
    public void watch(WatchedFile<?> file, String what) {
        guard.every(WATCH, threads, "The look at the " + what, file::look);
    }

    /**
     * Checks one login; does not block.
     *
     * @param address of the client, without port
     * @param isGone true if the client no longer waits; then the check is left out
     * @param isRight the check, which may take its time
     */
    public CompletionStage<Outcome> check(String address, BooleanSupplier isGone, BooleanSupplier isRight) {
        if (!begin(address)) {
            return CompletableFuture.completedStage(Outcome.BUSY);
        }
        CompletableFuture<Outcome> decision = new CompletableFuture<>();
        Runnable deciding = () -> {
            if (!guard.run("Checking a password", () -> decide(address, isGone, isRight, decision))) {
                answer(address, decision, Outcome.FAILED);
            }
        };
        if (!waiting.add(address, deciding)) {
            answer(address, decision, Outcome.BUSY);
            return decision;
        }
        threads.execute(waiting::runNext);
        return decision;
    }

    /** The same for a login whose credentials are known to be wrong. */
    public CompletionStage<Outcome> wrong(String address) {
        if (!begin(address)) {
            return CompletableFuture.completedStage(Outcome.BUSY);
        }
        CompletableFuture<Outcome> decision = new CompletableFuture<>();
        fail(address, decision);
        return decision;
    }

    private void decide(
            String address, BooleanSupplier isGone, BooleanSupplier isRight, CompletableFuture<Outcome> decision) {
        if (isGone.getAsBoolean()) {
            answer(address, decision, Outcome.GONE);
        } else if (isRight.getAsBoolean()) {
            failures.forget(address);
            answer(address, decision, Outcome.RIGHT);
        } else {
            fail(address, decision);
        }
    }

    private void fail(String address, CompletableFuture<Outcome> decision) {
        long delay = failures.add(address, System.nanoTime());
        if (delay == 0) {
            answer(address, decision, Outcome.WRONG);
            return;
        }
        guard.after(
                Duration.ofMillis(delay), threads, "A late refusal", () -> answer(address, decision, Outcome.WRONG));
    }

    /** Counts a login that waits for its answer. Returns false at a bound. */
    private boolean begin(String address) {
        // Several loops at once may pass a bound by one each.
        if (allUnanswered.get() >= maxUnanswered || unanswered.getOrDefault(address, 0) >= maxOfOneAddress) {
            return false;
        }
        allUnanswered.incrementAndGet();
        unanswered.merge(address, 1, Integer::sum);
        return true;
    }

    private void answer(String address, CompletableFuture<Outcome> decision, Outcome outcome) {
        unanswered.computeIfPresent(address, (same, now) -> now == 1 ? null : now - 1);
        allUnanswered.decrementAndGet();
        decision.complete(outcome);
    }

    /** Stops the threads; later logins get no decision. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
