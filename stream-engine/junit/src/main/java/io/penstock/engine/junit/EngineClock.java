package io.penstock.engine.junit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The clock of an engine. It runs as time does, until a test moves it: what expires, expires as soon as the clock says
 * so. When the clock goes forward, that time has elapsed for the engine; when it is set back, only dates change.
 *
 * <p>Thread-safe. The time is from 1970 to {@link #LATEST}.
 */
public final class EngineClock implements InstantSource {
    /** The clock goes no further. */
    public static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    private Instant anchor;
    private long anchorNanos = System.nanoTime();
    private boolean paused;

    EngineClock(Instant now) {
        this.anchor = now;
    }

    /**
     * Moves the clock forward.
     *
     * @throws IllegalArgumentException if {@code by} is negative, or leads beyond {@link #LATEST}
     */
    public synchronized void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException(
                    "advance by " + by + ": time goes forward; set(...) turns the date back");
        }
        Instant now = instant();
        if (by.compareTo(Duration.between(now, LATEST)) > 0) {
            throw new IllegalArgumentException("advance by " + by + ": the clock goes no further than " + LATEST);
        }
        moveTo(now.plus(by));
    }

    /**
     * Sets the date, also back.
     *
     * @throws IllegalArgumentException if it is before 1970 or after {@link #LATEST}
     */
    public synchronized void set(Instant date) {
        if (date.isBefore(Instant.EPOCH) || date.isAfter(LATEST)) {
            throw new IllegalArgumentException(date + " is not between 1970 and " + LATEST);
        }
        moveTo(date);
    }

    /** Stops the clock, which then moves only when a test moves it. */
    public synchronized void pause() {
        moveTo(instant());
        paused = true;
    }

    /** Lets the clock run on. */
    public synchronized void resume() {
        moveTo(instant());
        paused = false;
    }

    private void moveTo(Instant now) {
        anchor = now;
        anchorNanos = System.nanoTime();
    }

    @Override
    public synchronized Instant instant() {
        return paused ? anchor : anchor.plusNanos(System.nanoTime() - anchorNanos);
    }
}
