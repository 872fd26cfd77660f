package io.penstock.agent.spool;

import io.netty.util.concurrent.EventExecutor;

/** A watermark that one thread at a time raises. Reading is a volatile read from any thread. */
final class RisingMark implements Watermark {
    private final HandOver waiters = new HandOver();
    private volatile long end;
    private volatile boolean failed;

    void raise(long to) {
        if (to > end) {
            end = to;
            waiters.wake();
        }
    }

    void fail() {
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
