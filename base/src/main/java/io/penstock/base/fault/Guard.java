package io.penstock.base.fault;

import io.penstock.base.text.RateLimitedLog;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * Runs callbacks that other code has registered. What a callback throws is a defect of that callback: it is logged with
 * its stack trace, at a limited rate, and the caller goes on with the next callback. Thread-safe.
 */
public final class Guard {
    private final RateLimitedLog log;

    /** @param log where defects are written */
    public Guard(Logger log) {
        this.log = RateLimitedLog.of(log);
    }

    /**
     * Runs {@code callback}.
     *
     * @param what names the callback in the log line, such as "a listener for room"
     * @return whether it returned normally
     */
    public boolean run(String what, Runnable callback) {
        try {
            callback.run();
            return true;
        } catch (Throwable e) {
            failed(what, e);
            return false;
        }
    }

    /** Runs {@code task} on {@code thread} once, {@code delay} later. */
    @SuppressWarnings("FutureReturnValueIgnored") // run() keeps what the task throws
    public void after(Duration delay, ScheduledExecutorService thread, String what, Runnable task) {
        thread.schedule(() -> run(what, task), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Runs {@code task} on {@code thread} again and again; a run that throws does not end the schedule. */
    @SuppressWarnings("FutureReturnValueIgnored") // run() keeps what the task throws
    public void every(Duration pause, ScheduledExecutorService thread, String what, Runnable task) {
        thread.scheduleWithFixedDelay(() -> run(what, task), pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Logs the failure of a future whose result is not needed. */
    @SuppressWarnings("FutureReturnValueIgnored") // the last stage cannot fail
    public void watch(String what, CompletionStage<?> unread) {
        unread.whenComplete((result, failure) -> {
            if (failure != null) {
                failed(what, failure);
            }
        });
    }

    /** Logs an exception that the caller has caught itself. */
    public void failed(String what, Throwable defect) {
        log.error(what + defect.getClass().getName(), what + " failed; this is a defect, its neighbours go on", defect);
    }
}
