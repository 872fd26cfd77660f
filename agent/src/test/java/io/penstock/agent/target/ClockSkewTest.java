package io.penstock.agent.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClockSkewTest {
    private static final Instant TRUE_TIME = Instant.parse("2026-11-30T12:00:00Z");
    private static final Duration SIX_YEARS = Duration.ofDays(2191);
    private static final Optional<String> DATE =
            Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.format(TRUE_TIME.atZone(ZoneOffset.UTC)));
    private static final String REFUSED = "InvalidSignatureException";

    private Instant local = TRUE_TIME;

    private final ClockSkew skew = new ClockSkew(new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return local;
        }
    });

    @Test
    void aClockThatIsSetAndSetRightIsCorrectedEachTime() {
        local = TRUE_TIME.minus(SIX_YEARS);
        assertTrue(skew.correct(REFUSED, DATE));
        assertEquals(TRUE_TIME, skew.clock().instant());
        local = TRUE_TIME;
        assertEquals(TRUE_TIME.plus(SIX_YEARS), skew.clock().instant());
        assertTrue(skew.correct(REFUSED, DATE));
        assertEquals(TRUE_TIME, skew.clock().instant());
        local = TRUE_TIME.plus(SIX_YEARS);
        assertTrue(skew.correct(REFUSED, DATE));
        assertEquals(TRUE_TIME, skew.clock().instant());
    }

    @Test
    void aRefusalThatIsNotForTheTimeIsNotTriedAgain() {
        assertFalse(skew.correct(REFUSED, DATE));
        assertFalse(skew.correct(REFUSED, Optional.empty()));
        assertFalse(skew.correct("AccessDeniedException", DATE));
    }
}
