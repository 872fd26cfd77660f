package io.penstock.mqtt.internal.connection;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.MqttLimits;
import io.penstock.mqtt.Rejection;
import io.penstock.mqtt.internal.wire.PacketException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The time limits of a connection: CONNECT, keep alive or the rest of a packet, the end of a drain; and separately the
 * client's reading of its answers.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class Deadlines {
    private final EventExecutor executor;
    private final MqttLimits limits;
    private final Consumer<PacketException> missed;
    private Watchdog watchdog;
    private @Nullable Watchdog slowReader;
    private boolean keptAlive = true;
    private String lateConnect = "no whole CONNECT came in time";

    /**
     * Starts the limit for CONNECT.
     *
     * @param missed receives the fault when a limit is exceeded
     */
    Deadlines(EventExecutor executor, MqttLimits limits, Consumer<PacketException> missed) {
        this.executor = executor;
        this.limits = limits;
        this.missed = missed;
        this.watchdog = new Watchdog(executor, limits.times().connectTimeout(), this::connectTimedOut);
    }

    /** CONNECT has arrived; its answer is due within the rest of the connect timeout. */
    void admitting() {
        lateConnect = "CONNECT could not be answered in time";
    }

    private void connectTimedOut() {
        missed.accept(PacketException.of(Rejection.CONNECT_TIMEOUT, 0x88, lateConnect));
    }

    /**
     * The client is admitted.
     *
     * @param keepAliveSeconds 0: none; then only a packet that has begun has a limit
     * @param midPacket true while the rest of a packet is missing
     */
    void admitted(int keepAliveSeconds, BooleanSupplier midPacket) {
        watchdog.stop();
        keptAlive = keepAliveSeconds > 0;
        watchdog = !keptAlive
                ? new Watchdog(executor, limits.times().packetTimeout(), () -> perhapsStuck(midPacket))
                : new Watchdog(executor, Duration.ofMillis(keepAliveSeconds * 1500L), this::keepAliveMissed);
    }

    private void keepAliveMissed() {
        missed.accept(PacketException.of(
                Rejection.KEEP_ALIVE_TIMEOUT, 0x8D, "no packet within one and a half times the keep alive"));
    }

    private void perhapsStuck(BooleanSupplier midPacket) {
        if (midPacket.getAsBoolean()) {
            missed.accept(
                    PacketException.of(Rejection.MALFORMED_PACKET, 0x81, "the rest of a packet did not come in time"));
        } else {
            watchdog.again();
        }
    }

    /** The connection ends within the drain timeout; {@code over} runs after it. */
    void ending(Runnable over) {
        watchdog.stop();
        watchdog = new Watchdog(executor, limits.times().drainTimeout(), over);
    }

    /** The first bytes of a packet came: without a keep alive the limit for its rest begins. */
    void began() {
        if (!keptAlive) {
            watchdog.touch();
        }
    }

    /** The client has made progress. */
    void touch() {
        watchdog.touch();
    }

    /** Suspends the limits while the server keeps the client from making progress. */
    void suspend(boolean rests) {
        watchdog.suspend(rests);
    }

    /** The channel can take more answers, or is full until the client reads. */
    void writable(boolean writable) {
        if (slowReader != null) {
            slowReader.stop();
            slowReader = null;
        }
        if (!writable) {
            slowReader = new Watchdog(executor, limits.times().slowReaderTimeout(), this::readsTooSlowly);
        }
    }

    private void readsTooSlowly() {
        missed.accept(PacketException.of(Rejection.SLOW_READER, 0x97, "what was sent is not read"));
    }

    void stop() {
        watchdog.stop();
        if (slowReader != null) {
            slowReader.stop();
            slowReader = null;
        }
    }
}
