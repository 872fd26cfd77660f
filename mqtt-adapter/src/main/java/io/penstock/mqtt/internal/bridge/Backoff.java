package io.penstock.mqtt.internal.bridge;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.bridge.BridgeSettings;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Pauses with decorrelated jitter: each is chosen between the least one and three times the one before. So bridges that
 * lost a broker at the same time do not return to it at the same time.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class Backoff {
    private static final int GROWTH = 3;

    private final DoubleSupplier random;
    private long last;

    Backoff(DoubleSupplier random) {
        this.random = random;
    }

    /** The next pause. */
    Duration next(BridgeSettings.Retry retry) {
        long least = retry.least().toNanos();
        long most = retry.most().toNanos();
        long from = Math.max(least, Math.min(last, most / GROWTH));
        last = Math.min(most, least + (long) (random.getAsDouble() * (from * (double) GROWTH - least)));
        return Duration.ofNanos(last);
    }

    /** What was tried has succeeded. */
    void reset() {
        last = 0;
    }
}
