package io.penstock.delivery.sender.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** How the rate of a shard that has met its limit moves. */
class PaceTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @Test
    void theShareOfTheWholeSecondCountsAndNotThatOfItsFirstAnswers() {
        Pace pace = new Pace(1, 1, new SplittableRandom(1), 0);
        pace.answered(0, 0.001, 0, SECOND / 10);
        pace.answered(0.3, 0.1, 0, SECOND / 2);
        assertEquals(1, pace.rate(), "the second is not judged before it is over");
        pace.strained(SECOND);
        double share = 0.101 / 0.401;
        assertEquals(1 - share - 0.02, pace.rate(), 0.001);
    }

    @Test
    void whatWasSentBeforeTheRateFellDoesNotLowerItAgain() {
        Pace pace = new Pace(1, 1, new SplittableRandom(1), 0);
        pace.answered(0.3, 0.1, 0, SECOND / 2);
        pace.strained(SECOND);
        double lowered = pace.rate();
        assertTrue(lowered < 1);
        pace.answered(0, 0.5, SECOND / 2, SECOND + SECOND / 2);
        pace.strained(2 * SECOND);
        assertEquals(lowered, pace.rate());
        pace.answered(0.3, 0.1, 2 * SECOND, 2 * SECOND + SECOND / 2);
        pace.strained(3 * SECOND);
        assertTrue(pace.rate() < lowered);
    }

    @Test
    void aFewThrottlesLowerTheRateLittle() {
        Pace pace = new Pace(1, 1, new SplittableRandom(1), 0);
        pace.answered(0.995, 0.005, 0, SECOND / 2);
        pace.strained(SECOND);
        assertEquals(0.99, pace.rate(), 0.0001);
    }
}
