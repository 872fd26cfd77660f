package io.penstock.mqtt;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.mqtt.ClientMemory.Use;

/**
 * Hands one will to the handler, and again when there is room if there was none. On the event loop of the connection
 * that the will was for. While it waits it counts against the memory for packets; when that is spent it is lost,
 * counted and logged: a store that stands still must not gather the wills of clients that come and go.
 */
final class WillDelivery {
    /** What a will costs besides what its connection has counted. */
    private static final int OVERHEAD = 1024 + ClientMemory.FREE_STATE;

    private final Will will;
    private final Shared shared;
    private final LoopWaits waits;
    private final Outcome outcome = new Outcome();
    private final Wait room = new Wait(this::run);
    private boolean waiting;

    WillDelivery(Will will, EventExecutor executor, Shared shared) {
        this.will = will;
        this.shared = shared;
        this.waits = shared.waits().of(executor);
    }

    void run() {
        outcome.reset();
        try {
            shared.handler().onPublish(will, outcome);
            if (outcome.kind() == Outcome.Kind.EMPTY) {
                throw new IllegalStateException("the handler left the receipt empty");
            }
        } catch (RuntimeException bug) {
            shared.reporter().handlerFailed(will.remoteAddress(), bug);
            release();
            return;
        }
        switch (outcome.kind()) {
            case NO_ROOM -> hold();
            case REFUSED -> {
                release();
                shared.reporter().events().refused(outcome.refusal().reason());
            }
            default -> {
                release();
                shared.reporter().events().published(will.qos(), 1, will.content().length);
            }
        }
    }

    private void hold() {
        if (!waiting && !mayWait()) {
            release();
            shared.reporter().willLost(will);
            return;
        }
        waiting = true;
        waits.forRoom(outcome.room(), room);
    }

    private boolean mayWait() {
        return will.memory().tryMoveTo(Use.PACKETS) && will.memory().tryAdd(OVERHEAD);
    }

    private void release() {
        will.memory().release();
    }
}
