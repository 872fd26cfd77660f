package io.penstock.mqtt;

import io.netty.util.concurrent.EventExecutor;

/**
 * Hands one will to the handler, and again when there is room if there was none. On the event loop of the connection
 * that the will was for; nothing waits for it, so its failure is only told.
 */
final class WillDelivery implements Runnable {
    private final Will will;
    private final EventExecutor executor;
    private final Shared shared;
    private final Outcome outcome = new Outcome();

    WillDelivery(Will will, EventExecutor executor, Shared shared) {
        this.will = will;
        this.executor = executor;
        this.shared = shared;
    }

    @Override
    public void run() {
        outcome.reset();
        try {
            shared.handler().onPublish(will, outcome);
        } catch (RuntimeException bug) {
            shared.reporter().handlerFailed(will.remoteAddress(), bug);
            return;
        }
        switch (outcome.kind()) {
            case NO_ROOM -> outcome.room().onRoom(executor, this);
            case REFUSED -> shared.reporter().events().refused(outcome.refusal().reason());
            case EMPTY ->
                shared.reporter()
                        .handlerFailed(
                                will.remoteAddress(), new IllegalStateException("the handler left the receipt empty"));
            default -> shared.reporter().events().published(will.qos(), 1, will.content().length);
        }
    }
}
