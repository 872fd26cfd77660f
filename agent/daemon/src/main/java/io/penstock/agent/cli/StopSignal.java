package io.penstock.agent.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/**
 * Turns SIGTERM and SIGINT into an orderly stop with exit status 0 (the JVM's own handling would end with 143 and 130).
 * A second signal ends the process at once: whatever was acknowledged is on disk.
 */
final class StopSignal {
    private static final Logger LOG = LoggerFactory.getLogger(StopSignal.class);
    private static final int INTERRUPTED = 130;

    private volatile Runnable reload = () -> LOG.warn("SIGHUP: the agent is not ready yet; nothing is changed");
    private final AtomicInteger signals = new AtomicInteger();
    private final CountDownLatch requested = new CountDownLatch(1);

    StopSignal() {}

    /** Takes the process's signals over. Once per process. */
    static StopSignal install() {
        StopSignal stop = new StopSignal();
        Signal.handle(new Signal("TERM"), signal -> stop.signalled());
        Signal.handle(new Signal("INT"), signal -> stop.signalled());
        Signal.handle(new Signal("HUP"), signal -> {
            if (System.console() != null) {
                stop.signalled();
            } else {
                stop.reload.run();
            }
        });
        return stop;
    }

    /** What SIGHUP does from now on, on a thread of its own. */
    void onReload(Runnable action) {
        reload = action;
    }

    private void signalled() {
        if (signals.incrementAndGet() > 1) {
            Runtime.getRuntime().halt(INTERRUPTED);
        }
        request();
    }

    /** Asks for the stop; any thread. What fails next while it is under way may ask again. */
    void request() {
        requested.countDown();
    }

    /** Waits for a signal or a {@link #request()}. */
    void await() throws InterruptedException {
        requested.await();
    }
}
