package io.penstock.journal.internal.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Time passes, and entries arrive, only when the writer checks. */
class GroupCommitDelayTest {
    private static final int PER_LOOK = 1_000;

    private long now;
    private int waiting;
    private int arrivingFrom = Integer.MAX_VALUE;
    private int arrivingPerLook;
    private int most;
    private int looks;

    private final GroupCommitDelay commitDelay = new GroupCommitDelay(this::look, () -> now);

    @Test
    void aGroupIsSealedAtOnceWhenAsManyWaitAsWereAcknowledged() {
        commitDelay.published(50);
        waiting = 50;
        assertEquals(1, looksOfOneWait());
    }

    @Test
    void anEmptyGroupIsNotWaitedFor() {
        commitDelay.published(50);
        assertEquals(1, looksOfOneWait());
    }

    @Test
    void theRestOfThoseWhoComeBackIsWaitedFor() {
        commitDelay.published(50);
        waiting = 10;
        arrive(1, 20, 50);
        looksOfOneWait();
        assertEquals(50, waiting);
    }

    @Test
    void whoDoesNotComeBackIsNotWaitedForLong() {
        commitDelay.published(50);
        waiting = 10;
        looksOfOneWait();
        assertEquals(10, waiting);
        assertTrue(now <= 2 * GroupCommitDelay.PAUSE_NANOS, now + " ns");
    }

    @Test
    void twoHalfGroupsThatTakeTurnsBecomeOne() {
        waiting = 250;
        commitDelay.published(250);
        arrive(20, 125, 500);
        looksOfOneWait();
        assertEquals(500, waiting);
    }

    @Test
    void appendsThatNeedNoAcknowledgementsAreLookedOutForEverMoreRarely() {
        int vain = 0;
        for (int group = 0; group < 10_000; group++) {
            waiting = 250;
            commitDelay.published(250);
            vain += looksOfOneWait() > 1 ? 1 : 0;
        }
        assertEquals(45, vain);
    }

    private void arrive(int afterLooks, int perLook, int upTo) {
        arrivingFrom = looks + afterLooks;
        most = upTo;
        arrivingPerLook = perLook;
    }

    private int looksOfOneWait() {
        int before = looks;
        commitDelay.await();
        return looks - before;
    }

    private int look() {
        looks++;
        now += PER_LOOK;
        if (looks > arrivingFrom) {
            waiting = Math.min(most, waiting + arrivingPerLook);
        }
        return waiting;
    }
}
