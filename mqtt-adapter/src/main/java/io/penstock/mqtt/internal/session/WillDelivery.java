package io.penstock.mqtt.internal.session;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.Waiter;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.internal.context.ReusableReceipt;
import io.penstock.mqtt.internal.context.ServerContext;
import io.penstock.mqtt.internal.limits.ClientMemory;
import io.penstock.mqtt.internal.limits.ClientMemory.Use;
import io.penstock.mqtt.internal.wire.Will;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Passes one will to the handler, and again when there is room if there was none. On the event loop of the will's
 * connection. A waiting will counts against the memory for packets. When that is spent, the will is lost, counted and
 * logged, so that a stalled store does not accumulate the wills of clients that come and go.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class WillDelivery {
    /** Memory of a will besides what its connection has counted. */
    private static final int OVERHEAD = 1024 + ClientMemory.FREE_STATE;

    private final Will will;
    private final ServerContext context;
    private final ReusableReceipt receipt = new ReusableReceipt();
    private final Waiter room;
    private final Supplier<@Nullable Session> session;
    private boolean waiting;

    /** @param session that survives a restart and is still on this loop; null if there is none */
    WillDelivery(Will will, Supplier<@Nullable Session> session, EventExecutor executor, ServerContext context) {
        this.will = will;
        this.session = session;
        this.context = context;
        this.room = new Waiter(executor, this::run);
    }

    void run() {
        receipt.reset();
        Session marking = session.get();
        try {
            will.mark(marking == null ? null : marking.mark(0));
            context.handler().onPublish(will, receipt);
            if (receipt.kind() == ReusableReceipt.Kind.EMPTY) {
                throw new IllegalStateException("the handler left the receipt empty");
            }
        } catch (RuntimeException bug) {
            context.reporter().handlerFailed(will.remoteAddress(), bug);
            over(marking);
            return;
        }
        switch (receipt.kind()) {
            case NO_ROOM -> hold();
            case REFUSED -> {
                over(marking);
                context.reporter().events().refused(receipt.refusal().reason());
            }
            default -> {
                over(marking);
                context.reporter()
                        .events()
                        .published(
                                will.remoteAddress(),
                                will.qos(),
                                1,
                                will.message().content().length);
            }
        }
    }

    private void hold() {
        if (!waiting && !mayWait()) {
            over(session.get());
            context.reporter().willLost(will);
            return;
        }
        waiting = true;
        receipt.room().await(room);
    }

    private boolean mayWait() {
        return will.memory().tryMoveTo(Use.PACKETS) && will.memory().tryAdd(OVERHEAD);
    }

    private void over(@Nullable Session of) {
        will.memory().release();
        if (of != null) {
            of.forgetWill();
        }
    }
}
