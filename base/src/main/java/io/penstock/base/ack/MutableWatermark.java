package io.penstock.base.ack;

/** A watermark that one thread at a time raises. Reading is a volatile read from any thread. */
public final class MutableWatermark implements Watermark {
    private final LoopNotifier waiters = LoopNotifier.toAll();
    private volatile long end;
    private volatile boolean failed;

    /** Raises the end; a lower one changes nothing. One caller at a time. */
    public void raise(long to) {
        if (to > end) {
            end = to;
            waiters.raise(to);
        }
    }

    /** It rises no more. */
    public void fail() {
        failed = true;
        waiters.raise(Long.MAX_VALUE);
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
    public void await(long offset, Waiter waiter) {
        waiters.await(offset, waiter);
    }
}
