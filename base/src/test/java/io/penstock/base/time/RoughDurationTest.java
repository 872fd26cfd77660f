package io.penstock.base.time;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RoughDurationTest {
    @Test
    void theTwoLargestUnitsAreNamed() {
        assertEquals("0 seconds", RoughDuration.of(Duration.ofMillis(999)));
        assertEquals("1 second", RoughDuration.of(Duration.ofSeconds(1)));
        assertEquals("1 minute 30 seconds", RoughDuration.of(Duration.ofSeconds(90)));
        assertEquals("2 hours", RoughDuration.of(Duration.ofHours(2).plusSeconds(5)));
        assertEquals(
                "6 years 12 days",
                RoughDuration.of(Duration.ofSeconds(6 * 31_557_600L).plusDays(12)));
    }
}
