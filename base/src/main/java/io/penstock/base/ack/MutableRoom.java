package io.penstock.base.ack;

import io.netty.util.concurrent.EventExecutor;

/** A {@link Room} whose owner signals that there is room. */
public final class MutableRoom implements Room {
    private final LoopNotifier waiters = LoopNotifier.inTurn();

    /** Signals that there may be room. Any thread. */
    public void tell() {
        waiters.advance();
    }

    @Override
    public void await(Waiter waiter) {
        waiters.awaitNext(waiter);
    }

    @Override
    public boolean isCrowded(EventExecutor loop) {
        return waiters.isCrowded(loop);
    }
}
