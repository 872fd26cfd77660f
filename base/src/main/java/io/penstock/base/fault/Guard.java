package io.penstock.base.fault;

import io.penstock.base.text.RateLimitedLog;
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

    /** Logs an exception that the caller has caught itself. */
    public void failed(String what, Throwable defect) {
        log.error(what + defect.getClass().getName(), what + " failed; this is a defect, its neighbours go on", defect);
    }
}
