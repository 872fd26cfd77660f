package io.penstock.agent.live;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static final float GAP = Float.NaN;

    private final History history = new History(List.of("in", "out"), 10, 4, 2);

    private void see(long nanos, String owner, double in, double out) {
        history.advance(nanos);
        history.add(owner, in, out);
    }

    @Test
    void aPointIsTheMeanOfWhatItsTimeSawAndThePresentOneIsLeftOut() {
        see(0, "a", 1, 10);
        see(5, "a", 3, 30);
        see(10, "a", 100, 100);
        assertArrayEquals(new float[] {GAP, GAP, GAP, 2}, history.of("a")[0]);
        assertArrayEquals(new float[] {GAP, GAP, GAP, 20}, history.of("a")[1]);
    }

    @Test
    void theOldestPointsGo() {
        for (int i = 0; i < 7; i++) {
            see(10 * i, "a", i, 0);
        }
        assertArrayEquals(new float[] {2, 3, 4, 5}, history.of("a")[0]);
    }

    @Test
    void timeWithoutAReadingIsAGap() {
        see(0, "a", 1, 0);
        see(30, "a", 4, 0);
        see(40, "a", 5, 0);
        assertArrayEquals(new float[] {1, GAP, GAP, 4}, history.of("a")[0]);
    }

    @Test
    void aLongSleepLeavesOnlyGaps() {
        see(0, "a", 1, 0);
        see(1_000_000_000_000L, "a", 2, 0);
        assertArrayEquals(new float[] {GAP, GAP, GAP, GAP}, history.of("a")[0]);
    }

    @Test
    void aLaterOwnerHasGapsBeforeIt() {
        see(0, "a", 1, 0);
        see(10, "b", 2, 0);
        see(20, "b", 3, 0);
        assertArrayEquals(new float[] {GAP, GAP, GAP, 2}, history.of("b")[0]);
    }

    @Test
    void ownersBeyondTheBoundHaveNoHistory() {
        see(0, "a", 1, 0);
        see(0, "b", 1, 0);
        see(0, "c", 1, 0);
        assertTrue(history.has("b"));
        assertFalse(history.has("c"));
        assertArrayEquals(new float[] {GAP, GAP, GAP, GAP}, history.of("c")[0]);
    }
}
