package io.penstock.base.ack;

/** A watermark that never moves and wakes each waiter at once. It keeps no waiters. */
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
        // Nothing to remove: the posted task sees that the waiter has left.
    }
}
