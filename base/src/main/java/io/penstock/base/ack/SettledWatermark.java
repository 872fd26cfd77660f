package io.penstock.base.ack;

/** A watermark that never moves: what waits for it is woken at once. Holds no waiters. */
final class SettledWatermark implements Watermark, Waiter.Place {
    private final long end;

    SettledWatermark(long end) {
        this.end = end;
    }

    @Override
    public long end() {
        return end;
    }

    @Override
    public boolean failed() {
        return end == 0;
    }

    @Override
    public void await(long offset, Waiter waiter) {
        if (!waiter.isIn(this)) {
            waiter.enter(this);
            waiter.loop().execute(() -> {
                if (waiter.isIn(this)) {
                    waiter.wake();
                }
            });
        }
    }

    @Override
    public void leave(Waiter waiter) {
        // The task that is posted finds it gone.
    }
}
