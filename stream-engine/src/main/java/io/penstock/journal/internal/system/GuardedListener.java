package io.penstock.journal.internal.system;

import io.penstock.base.fault.Guard;
import io.penstock.journal.DamagedRange;
import io.penstock.journal.LogListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a listener and logs its exceptions, which are defects of the listener and not of the log. Without this class
 * the writer would take such an exception for a failed disk.
 */
public final class GuardedListener implements LogListener {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedListener.class);
    private static final String WHAT = "The listener of a log";

    private final LogListener listener;
    private final Guard guard = new Guard(LOG);

    public GuardedListener(LogListener listener) {
        this.listener = listener;
    }

    @Override
    public void durable(long durableEnd) {
        try {
            listener.durable(durableEnd);
        } catch (Throwable e) {
            guard.failed(WHAT, e);
        }
    }

    @Override
    public void room() {
        guard.run(WHAT, listener::room);
    }

    @Override
    public void failed(Throwable cause) {
        guard.run(WHAT, () -> listener.failed(cause));
    }

    @Override
    public void damaged(DamagedRange range) {
        guard.run(WHAT, () -> listener.damaged(range));
    }
}
