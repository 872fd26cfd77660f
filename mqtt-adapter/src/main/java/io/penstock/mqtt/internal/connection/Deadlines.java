package io.penstock.mqtt.internal.connection;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.mqtt.MqttLimits;
import io.penstock.mqtt.Rejection;
import io.penstock.mqtt.internal.wire.PacketException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The times within which a connection must get on: CONNECT, keep alive or the rest of a packet, the end of a drain, and
 * beside them the reading of what is sent. One event loop.
 */
final class Deadlines {
    private final EventExecutor executor;
    private final MqttLimits limits;
    private final Consumer<PacketException> missed;
    private Watchdog watchdog;
    private @Nullable Watchdog slowReader;
    private boolean keptAlive = true;
    private String lateConnect = "no whole CONNECT came in time";

    /**
     * Waits for CONNECT.
     *
     * @param missed is told what was not done in time
     */
    Deadlines(EventExecutor executor, MqttLimits limits, Consumer<PacketException> missed) {
        this.executor = executor;
        this.limits = limits;
        this.missed = missed;
        this.watchdog = new Watchdog(executor, limits.connectTimeout(), this::connectTimedOut);
    }

    /** CONNECT has come and must be answered within what is left of its time. */
    void admitting() {
        lateConnect = "CONNECT could not be answered in time";
    }

    private void connectTimedOut() {
        missed.accept(PacketException.of(Rejection.CONNECT_TIMEOUT, 0x88, lateConnect));
    }

    /**
     * The client is admitted.
     *
     * @param keepAliveSeconds 0: none; then only a packet that has begun must end
     * @param midPacket whether the rest of a packet is waited for
     */
    void admitted(int keepAliveSeconds, BooleanSupplier midPacket) {
        watchdog.stop();
        keptAlive = keepAliveSeconds > 0;
        watchdog = !keptAlive
                ? new Watchdog(executor, limits.packetTimeout(), () -> perhapsStuck(midPacket))
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

    /** The connection comes to its end, within the drain timeout; {@code over} is run after it. */
    void ending(Runnable over) {
        watchdog.stop();
        watchdog = new Watchdog(executor, limits.drainTimeout(), over);
    }

    /** A packet's first bytes came: without a keep alive the time for its rest begins. */
    void began() {
        if (!keptAlive) {
            watchdog.touch();
        }
    }

    /** The client got on. */
    void touch() {
        watchdog.touch();
    }

    /** Whether time rests, because we keep the client from getting on. */
    void suspend(boolean rests) {
        watchdog.suspend(rests);
    }

    /** What is sent to the client can go out, or waits for it to read. */
    void writable(boolean writable) {
        if (slowReader != null) {
            slowReader.stop();
            slowReader = null;
        }
        if (!writable) {
            slowReader = new Watchdog(executor, limits.slowReaderTimeout(), this::readsTooSlowly);
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
