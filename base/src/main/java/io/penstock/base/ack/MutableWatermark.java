package io.penstock.base.ack;

/** A watermark that its owner raises. Any thread; reading is a volatile read. */
public final class MutableWatermark implements Watermark {
    private final LoopNotifier waiters = LoopNotifier.toAll();
    private volatile long end;
    private volatile boolean failed;

    /** Raises the end; a lower one changes nothing. */
    public synchronized void raise(long to) {
        if (to > end) {
            end = to;
            waiters.raise(to);
        }
    }

    /** Marks the store as failed: the end rises no more. */
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
