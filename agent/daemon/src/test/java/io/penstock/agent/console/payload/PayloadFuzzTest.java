package io.penstock.agent.console.payload;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PayloadFuzzTest {
    /** {@code -Dpenstock.fuzz.seed} chooses another. */
    @Test
    void anyBytesAreShownWithinTheBounds() throws IOException {
        long seed = Long.getLong("penstock.fuzz.seed", new Random().nextLong());
        Random random = new Random(seed);
        List<byte[]> right = PayloadFuzz.seeds();
        for (int i = 0; i < 4_000; i++) {
            byte[] from = right.get(random.nextInt(right.size()));
            byte[] bytes = Arrays.copyOf(from, random.nextInt(4) == 0 ? random.nextInt(from.length + 20) : from.length);
            for (int n = random.nextInt(4); n > 0 && bytes.length > 0; n--) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                PayloadFuzz.fuzzerTestOneInput(bytes);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ", round " + i, e);
            }
        }
    }
}
