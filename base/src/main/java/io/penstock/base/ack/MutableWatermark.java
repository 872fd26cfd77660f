package io.penstock.base.ack;

import io.netty.util.concurrent.EventExecutor;

/** A watermark that one thread at a time raises. Reading is a volatile read from any thread. */
public final class MutableWatermark implements Watermark {
    private final LoopNotifier waiters = new LoopNotifier();
    private volatile long end;
    private volatile boolean failed;

    /** Raises the end; a lower one changes nothing. One caller at a time. */
    public void raise(long to) {
        if (to > end) {
            end = to;
            waiters.wake();
        }
    }

    /** It rises no more. */
    public void fail() {
        failed = true;
        waiters.wake();
    }

    @Override
    public long end() {
        return end;
    }

    @Override
    public boolean failed() {
        return failed;
    }

    @Override
    public void onAdvance(EventExecutor executor, Runnable listener) {
        waiters.register(executor, listener);
    }
}
