package io.penstock.mqtt.internal.connection;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.penstock.base.fault.Guard;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.internal.wire.Inbox;
import io.penstock.mqtt.internal.wire.Outbox;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers PINGREQs behind a held publish in the inbox, after the usual maximum delay of a PINGRESP, so that the client
 * does not consider the server dead. A PINGREQ answered this way is skipped when the inbox reaches it.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class HeldPings {
    private final Inbox inbox;
    private final Outbox outbox;
    private final EventExecutor executor;
    private final Duration delay;
    private final Guard guard;
    private int waiting;
    private int ahead;
    private @Nullable Future<?> timer;

    /** @param guard of all connections of the server */
    HeldPings(Inbox inbox, Outbox outbox, EventExecutor executor, Duration delay, Guard guard) {
        this.inbox = inbox;
        this.outbox = outbox;
        this.executor = executor;
        this.delay = delay;
        this.guard = guard;
    }

    /** Searches the new part of the inbox for PINGREQs. */
    void search() {
        waiting += inbox.searchPings();
        if (waiting > 0 && timer == null) {
            timer = executor.schedule(
                    () -> guard.run("The answer to a held PINGREQ", this::answer),
                    delay.toMillis(),
                    TimeUnit.MILLISECONDS);
        }
    }

    private void answer() {
        timer = null;
        for (; waiting > 0; waiting--) {
            outbox.pingresp();
            ahead++;
        }
        outbox.flush();
    }

    /** The inbox has reached a PINGREQ. Returns true if it was answered before. */
    boolean answeredAhead() {
        if (ahead > 0) {
            ahead--;
            return true;
        }
        if (waiting > 0) {
            waiting--;
        }
        return false;
    }

    void stop() {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
