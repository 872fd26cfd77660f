package io.penstock.mqtt;

import io.netty.util.concurrent.EventExecutor;

/**
 * Hands one will to the handler, and again when there is room if there was none. On the event loop of the connection
 * that the will was for. While it waits it counts against the memory for inboxes; when that is spent it is lost, counted
 * and logged: a store that stands still must not gather the wills of clients that come and go.
 */
final class WillDelivery {
    /** What a will costs besides its payload, about. */
    private static final int OVERHEAD = 1024;

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
        if (!waiting && !shared.memory().reserve(will.content().length + OVERHEAD)) {
            shared.reporter().willLost(will);
            return;
        }
        waiting = true;
        waits.forRoom(outcome.room(), room);
    }

    private void release() {
        if (waiting) {
            waiting = false;
            shared.memory().unreserve(will.content().length + OVERHEAD);
        }
    }
}
