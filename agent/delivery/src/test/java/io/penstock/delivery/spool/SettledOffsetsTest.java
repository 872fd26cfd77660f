package io.penstock.delivery.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SettledOffsetsTest {
    @Test
    void theFloorFollowsWhatIsSettledInAnyOrder() {
        SettledOffsets offsets = new SettledOffsets(100);
        offsets.add(102);
        offsets.add(101);
        assertEquals(100, offsets.floor());
        assertEquals(2, offsets.above());
        offsets.add(100);
        assertEquals(103, offsets.floor());
        assertEquals(0, offsets.above());
    }

    @Test
    void aRangeFromTheFloorMayBeAsLongAsItLikes() {
        SettledOffsets offsets = new SettledOffsets(0);
        offsets.add(5);
        offsets.addRange(0, 1L << 40);
        assertEquals(1L << 40, offsets.floor());
        assertEquals(0, offsets.above());
    }

    @Test
    void whatTheFloorHasPassedIsForgottenHoweverOftenTheRingComesRound() {
        SettledOffsets offsets = new SettledOffsets(7);
        for (long from = 7; from < 10_000; from += 100) {
            for (long offset = from + 99; offset >= from; offset--) {
                assertFalse(offsets.contains(offset), "offset " + offset);
                offsets.add(offset);
            }
            assertEquals(from + 100, offsets.floor());
            assertEquals(0, offsets.above());
        }
    }

    @Test
    void nothingIsSettledBeyondTheSpan() {
        SettledOffsets offsets = new SettledOffsets(7);
        offsets.add(7 + SettledOffsets.SPAN - 1);
        assertThrows(IllegalStateException.class, () -> offsets.add(7 + SettledOffsets.SPAN));
    }

    @Test
    void itAgreesWithASimpleModel() {
        for (int seed = 1; seed <= 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int start = random.nextInt(1_000);
            SettledOffsets offsets = new SettledOffsets(start);
            BitSet model = new BitSet();
            model.set(0, start);
            for (int step = 0; step < 300; step++) {
                int from = model.nextClearBit(0) + random.nextInt(1 + random.nextInt(5_000));
                int to = random.nextInt(4) == 0 ? from + random.nextInt(300) : from + 1;
                offsets.addRange(from, to);
                model.set(from, to);
            }
            check(seed, offsets, model);
        }
    }

    private static void check(int seed, SettledOffsets offsets, BitSet model) {
        assertEquals(model.nextClearBit(0), offsets.floor(), "seed " + seed);
        assertEquals(model.cardinality() - model.nextClearBit(0), offsets.above(), "seed " + seed);
        for (int offset = 0; offset < model.length() + 100; offset++) {
            assertEquals(model.get(offset), offsets.contains(offset), "seed " + seed + ", offset " + offset);
        }
        List<String> ranges = new ArrayList<>();
        offsets.forEachRange((from, to) -> ranges.add(from + "-" + to));
        List<String> expected = new ArrayList<>();
        for (int from = model.nextSetBit(model.nextClearBit(0)); from >= 0; ) {
            int to = model.nextClearBit(from);
            expected.add(from + "-" + to);
            from = model.nextSetBit(to);
        }
        assertEquals(expected, ranges, "seed " + seed);
    }
}
