package io.penstock.base.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Rfc3339Test {
    @Test
    void everySecondFromYearOneToNineThousandReadsBackAsItself() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            long second = i == 0 ? Rfc3339.FIRST : i == 1 ? Rfc3339.LAST : random.nextLong(Rfc3339.FIRST, Rfc3339.LAST);
            int nanos = random.nextInt(1_000_000_000);
            GrowingBytes text = new GrowingBytes(0, Rfc3339.LENGTH);
            Rfc3339.append(second, nanos, text);
            assertEquals(Rfc3339.LENGTH, text.length());
            assertEquals(Instant.ofEpochSecond(second, nanos), Instant.parse(text.toString()), "seed " + seed);
        }
    }

    @Test
    void whatHasNoFourDigitsOfAYearIsNotNamed() {
        assertFalse(Rfc3339.canName(Rfc3339.LAST + 1));
        assertFalse(Rfc3339.canName(Rfc3339.FIRST - 1));
    }
}
