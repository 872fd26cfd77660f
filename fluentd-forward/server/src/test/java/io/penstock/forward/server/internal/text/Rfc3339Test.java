package io.penstock.forward.server.internal.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.penstock.forward.server.JsonBuffer;
import java.nio.charset.StandardCharsets;
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
            byte[] text = new byte[Rfc3339.LENGTH];
            Rfc3339.write(second, nanos, text, 0);
            assertEquals(
                    Instant.ofEpochSecond(second, nanos),
                    Instant.parse(new String(text, StandardCharsets.US_ASCII)),
                    "seed " + seed);
        }
    }

    @Test
    void whatHasNoFourDigitsOfAYearIsNotNamed() {
        assertFalse(Rfc3339.canName(Rfc3339.LAST + 1));
        assertFalse(Rfc3339.canName(Rfc3339.FIRST - 1));
    }

    @Test
    void aBufferWritesEachTimeWhateverItWroteBefore() {
        JsonBuffer json = new JsonBuffer();
        json.timestamp(1_700_000_000L, 1);
        json.timestamp(1_700_000_000L, 999_999_999);
        json.timestamp(0, 0);
        assertEquals(
                "\"2023-11-14T22:13:20.000000001Z\"\"2023-11-14T22:13:20.999999999Z\"\"1970-01-01T00:00:00.000000000Z\"",
                json.toString());
    }
}
