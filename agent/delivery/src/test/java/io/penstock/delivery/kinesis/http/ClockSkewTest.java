package io.penstock.delivery.kinesis.http;

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
    private long nanos = Long.MAX_VALUE - 5;

    private final ClockSkew skew = new ClockSkew(
            new Clock() {
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
            },
            () -> nanos);

    @Test
    void aClockThatIsSetAndSetRightIsCorrectedEachTime() {
        local = TRUE_TIME.minus(SIX_YEARS);
        assertTrue(skew.correct(REFUSED, DATE, skew.now()));
        assertEquals(TRUE_TIME, skew.now().time());
        local = TRUE_TIME;
        assertEquals(TRUE_TIME.plus(SIX_YEARS), skew.now().time());
        assertTrue(skew.correct(REFUSED, DATE, skew.now()));
        assertEquals(TRUE_TIME, skew.now().time());
        local = TRUE_TIME.plus(SIX_YEARS);
        assertTrue(skew.correct(REFUSED, DATE, skew.now()));
        assertEquals(TRUE_TIME, skew.now().time());
    }

    @Test
    void aRefusalThatIsNotForTheTimeIsNotTriedAgain() {
        assertFalse(skew.correct(REFUSED, DATE, skew.now()));
        assertFalse(skew.correct(REFUSED, Optional.empty(), skew.now()));
        assertFalse(skew.correct("AccessDeniedException", DATE, skew.now()));
    }

    @Test
    void eachOfSeveralCallsThatWereOutWithAWrongTimeIsTriedAgain() {
        local = TRUE_TIME.minus(SIX_YEARS);
        ClockSkew.SigningTime first = skew.now();
        ClockSkew.SigningTime second = skew.now();
        assertTrue(skew.correct(REFUSED, DATE, first));
        assertTrue(skew.correct(REFUSED, DATE, second));
        assertEquals(TRUE_TIME, skew.now().time());
        assertFalse(skew.correct(REFUSED, DATE, skew.now()));
    }

    @Test
    void aCallIsTriedAgainWhoseClockWasSetRightWhileItWasOut() {
        local = TRUE_TIME.minus(SIX_YEARS);
        ClockSkew.SigningTime signed = skew.now();
        local = TRUE_TIME;
        assertTrue(skew.correct(REFUSED, DATE, signed));
        assertEquals(TRUE_TIME, skew.now().time());
    }

    @Test
    void aCallThatWasOutForLongIsRefusedForAnotherReasonThanItsTime() {
        ClockSkew.SigningTime signed = skew.now();
        nanos += Duration.ofMinutes(10).toNanos();
        local = TRUE_TIME.plus(Duration.ofMinutes(10));
        Optional<String> later = Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.format(local.atZone(ZoneOffset.UTC)));
        assertFalse(skew.correct(REFUSED, later, signed));
    }
}
