package io.penstock.engine.limit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BucketTest {
    private static final long NOON = 1_780_000_000_000L;
    private static final long TWO_HOURS = Duration.ofHours(2).toMillis();

    private final Bucket bucket = new Bucket(10);

    @Test
    void anEmptyBucketFillsWithinASecond() {
        assertTrue(bucket.take(10, NOON));
        assertFalse(bucket.take(1, NOON));
        assertTrue(bucket.take(1, NOON + 100));
        assertTrue(bucket.take(9, NOON + 1_000));
    }

    @Test
    void aClockSetForwardOnlyFillsTheBucket() {
        assertTrue(bucket.take(10, NOON));
        assertTrue(bucket.take(10, NOON + TWO_HOURS));
        assertFalse(bucket.take(1, NOON + TWO_HOURS));
    }

    @Test
    void whatWasSpentIntoDebtIsPaidBackFirst() {
        bucket.spend(50, NOON);
        assertFalse(bucket.hasAny(NOON + 3_900));
        assertTrue(bucket.hasAny(NOON + 4_100));
    }
}
