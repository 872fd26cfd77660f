package io.penstock.engine.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EngineClockTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final EngineClock clock = new EngineClock(START);

    @Test
    void runsUntilItIsPaused() {
        Instant first = clock.instant();
        while (clock.instant().equals(first)) {
            Thread.onSpinWait();
        }
        assertTrue(clock.instant().isAfter(START));
        clock.pause();
        Instant paused = clock.instant();
        assertEquals(paused, clock.instant());
        clock.resume();
        while (clock.instant().equals(paused)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aPausedClockMovesByWhatTheTestSays() {
        clock.set(START);
        clock.pause();
        Instant before = clock.instant();
        clock.advance(Duration.ofHours(30));
        assertEquals(before.plus(Duration.ofHours(30)), clock.instant());
        clock.set(START.minusSeconds(7));
        assertEquals(START.minusSeconds(7), clock.instant());
    }

    @Test
    void aRunningClockIsMovedToo() {
        clock.advance(Duration.ofDays(365));
        assertFalse(clock.instant().isBefore(START.plus(Duration.ofDays(365))));
    }

    @Test
    void timeDoesNotGoBackwardsNorBeyondItsBounds() {
        assertThrows(IllegalArgumentException.class, () -> clock.advance(Duration.ofMillis(-1)));
        assertThrows(IllegalArgumentException.class, () -> clock.advance(Duration.ofSeconds(Long.MAX_VALUE)));
        assertThrows(IllegalArgumentException.class, () -> clock.set(Instant.EPOCH.minusMillis(1)));
        assertThrows(IllegalArgumentException.class, () -> clock.set(Instant.MAX));
        clock.advance(Duration.ofDays(365 * 100));
    }
}
