package io.penstock.base.ack;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Wakes each waiter by its own timer. Any loop; it has no state. */
final class TimedRoom implements Room {
    private final long delayNanos;

    TimedRoom(Duration delay) {
        this.delayNanos = delay.toNanos();
    }

    @Override
    public void await(Waiter waiter) {
        Timer timer = new Timer(waiter);
        waiter.enter(timer);
        timer.future = waiter.loop().schedule(timer, delayNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public boolean isCrowded(EventExecutor loop) {
        return false;
    }

    private static final class Timer implements Waiter.Place, Runnable {
        private final Waiter waiter;
        private @Nullable Future<?> future;

        Timer(Waiter waiter) {
            this.waiter = waiter;
        }

        @Override
        public void leave(Waiter leaving) {
            if (future != null) {
                future.cancel(false);
            }
        }

        @Override
        public void run() {
            if (waiter.isIn(this)) {
                waiter.wake();
            }
        }
    }
}
