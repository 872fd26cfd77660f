package io.penstock.agent.metrics;

import io.micrometer.core.instrument.Timer;
import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.Waiter;
import io.penstock.base.ack.Watermark;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.concurrent.TimeUnit;

/**
 * Measures how long events wait for their acknowledgement, one at a time: the first event after the last measurement,
 * which waits longest of those that its commit acknowledges. So the cost is one waiter per commit and event loop,
 * however many events there are.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class AckProbe {
    private final Timer timer;
    private final Waiter waiter;
    private Watermark awaited = Watermark.IMMEDIATE;
    private boolean waits;
    private long from;

    AckProbe(EventExecutor loop, Timer timer) {
        this.timer = timer;
        this.waiter = new Waiter(loop, this::passed);
    }

    /** An event was appended at this offset. */
    void appended(Watermark acknowledged, long offset) {
        if (!waits && acknowledged != Watermark.IMMEDIATE) {
            waits = true;
            from = System.nanoTime();
            awaited = acknowledged;
            acknowledged.await(offset, waiter);
        }
    }

    private void passed() {
        waits = false;
        if (!awaited.failed()) {
            timer.record(System.nanoTime() - from, TimeUnit.NANOSECONDS);
        }
    }
}
