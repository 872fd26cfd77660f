package io.penstock.base.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteSearchTest {
    @Test
    void findsTheFirstOfAnyByteAtAnyPlace() {
        long seed = 20_261_130L;
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] &= random.nextBoolean() ? (byte) 0x81 : (byte) 0xff;
            }
            byte wanted = (byte) (random.nextBoolean() ? random.nextInt(2) : random.nextInt());
            int from = random.nextInt(bytes.length + 1);
            int end = from + random.nextInt(bytes.length - from + 1);
            int expected = from;
            while (expected < end && bytes[expected] != wanted) {
                expected++;
            }
            assertEquals(expected, ByteSearch.indexOf(bytes, from, end, wanted), "seed " + seed + ", round " + round);
        }
    }
}
