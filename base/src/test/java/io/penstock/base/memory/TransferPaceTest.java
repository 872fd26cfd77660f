package io.penstock.base.memory;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TransferPaceTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MIB = 1 << 20;

    private final TransferPace pace = new TransferPace(0);

    @Test
    void nothingAtAllIsTooSlowAfterAMinute() {
        assertFalse(pace.isTooSlow(60 * SECOND, false));
        assertTrue(pace.isTooSlow(60 * SECOND + 1, false));
    }

    @Test
    void whatHasComeBuysTime() {
        pace.moved(MIB);
        assertFalse(pace.isTooSlow(124 * SECOND, false));
        assertTrue(pace.isTooSlow(125 * SECOND, false));
    }

    @Test
    void whileMemoryIsShortFiveSlowSecondsAreTooMany() {
        pace.moved(MIB);
        assertFalse(pace.isTooSlow(5 * SECOND, true));
        pace.moved(300 << 10);
        assertTrue(pace.isTooSlow(10 * SECOND, true));
    }

    @Test
    void whatComesFastIsNeverTooSlow() {
        for (long second = 1; second < 1_000; second++) {
            pace.moved(65 << 10);
            assertFalse(pace.isTooSlow(second * SECOND, true), "second " + second);
        }
    }

    @Test
    void anAnswerHasTheTimeThatItsSizeTakes() {
        assertFalse(TransferPace.isTooSlow(124 * SECOND, MIB, false));
        assertTrue(TransferPace.isTooSlow(125 * SECOND, MIB, false));
        assertFalse(TransferPace.isTooSlow(7 * SECOND, MIB, true));
        assertTrue(TransferPace.isTooSlow(7 * SECOND + 1, MIB, true));
    }
}
