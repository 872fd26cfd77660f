package io.penstock.mqtt.internal.bridge;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.bridge.BridgeFault;
import io.penstock.mqtt.bridge.BridgeHandler;
import io.penstock.mqtt.internal.context.ReusableReceipt;
import io.penstock.mqtt.internal.wire.InboundPublish;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Calls the handler for one connection. If the handler throws or leaves the receipt empty, nothing is offered for a
 * pause, which doubles with each failure in a row.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class Offers {
    private static final long FIRST_PAUSE_MILLIS = 1_000;
    private static final long MOST_PAUSE_MILLIS = 60_000;

    private final Link link;
    private final BridgeContext context;
    private final EventExecutor loop;
    private final Runnable turn;
    private final ReusableReceipt receipt = new ReusableReceipt();
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private @Nullable Future<?> pause;

    /** @param turn runs when a pause is over */
    Offers(Link link, BridgeContext context, EventExecutor loop, Runnable turn) {
        this.link = link;
        this.context = context;
        this.loop = loop;
        this.turn = turn;
    }

    /** True after a failure: nothing may be offered. */
    boolean isPaused() {
        return pause != null;
    }

    /** What the handler said to the last offer. */
    ReusableReceipt receipt() {
        return receipt;
    }

    /** Returns false if the handler failed; then a pause has begun. */
    boolean make(InboundPublish publish, Offer offer) {
        receipt.reset();
        try {
            call(publish, offer);
            if (receipt.kind() == ReusableReceipt.Kind.EMPTY) {
                throw new IllegalStateException("the handler left the receipt empty");
            }
            pauseMillis = FIRST_PAUSE_MILLIS;
            return true;
        } catch (RuntimeException bug) {
            context.reporter().handlerFailed(bug);
            link.trouble(Faults.handlerFailed(bug));
            pause = loop.schedule(this::resume, pauseMillis, TimeUnit.MILLISECONDS);
            pauseMillis = Math.min(MOST_PAUSE_MILLIS, 2 * pauseMillis);
            return false;
        } finally {
            publish.clear();
        }
    }

    private void call(InboundPublish publish, Offer offer) {
        BridgeHandler handler = context.handler();
        if (offer instanceof Offer.TooLarge large) {
            handler.onTooLarge(publish, large.payloadBytes(), receipt);
        } else if (offer instanceof Offer.Unfit unfit) {
            handler.onUnfit(publish, unfit.fault(), receipt);
        } else {
            handler.onPublish(publish, receipt);
        }
    }

    private void resume() {
        pause = null;
        link.relieved(BridgeFault.Kind.HANDLER_FAILED);
        turn.run();
    }

    /** The connection has ended. */
    void close() {
        if (pause != null) {
            pause.cancel(false);
            pause = null;
        }
    }
}
