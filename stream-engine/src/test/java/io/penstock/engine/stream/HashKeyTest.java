package io.penstock.engine.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HashKeyTest {
    private static final BigInteger SIZE = BigInteger.ONE.shiftLeft(128);

    @Test
    void decimalNumbersAreReadAndWrittenAsBigIntegerDoes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            BigInteger value = new BigInteger(1 + random.nextInt(130), random);
            Optional<HashKey> key = HashKey.parse(value.toString());
            String expected = value.compareTo(SIZE) < 0 ? value.toString() : "none";
            assertEquals(expected, key.map(HashKey::toString).orElse("none"), "seed " + seed);
        }
    }

    @Test
    void theEdgesOfTheRangeAreKeys() {
        assertEquals(Optional.of(HashKey.MIN), HashKey.parse("0"));
        assertEquals(Optional.of(HashKey.MAX), HashKey.parse("340282366920938463463374607431768211455"));
        assertEquals(Optional.empty(), HashKey.parse("340282366920938463463374607431768211456"));
        assertEquals(Optional.empty(), HashKey.parse("999999999999999999999999999999999999999"));
        assertEquals(Optional.empty(), HashKey.parse(""));
        assertEquals(Optional.empty(), HashKey.parse("12x"));
        assertEquals(Optional.empty(), HashKey.parse("-1"));
    }

    @Test
    void orderIsThatOfUnsignedNumbers() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            HashKey one = new HashKey(random.nextInt(3) - 1, random.nextInt(3) - 1);
            HashKey other = new HashKey(random.nextInt(3) - 1, random.nextInt(3) - 1);
            int expected = new BigInteger(one.toString()).compareTo(new BigInteger(other.toString()));
            assertEquals(expected, Integer.signum(one.compareTo(other)), "seed " + seed);
        }
    }

    @Test
    void nextAndPreviousCarry() {
        assertEquals(new HashKey(1, 0), new HashKey(0, -1).next());
        assertEquals(new HashKey(0, -1), new HashKey(1, 0).previous());
        assertEquals(HashKey.MAX, HashKey.MIN.previous());
        assertEquals(HashKey.MIN, HashKey.MAX.next());
    }

    @Test
    void theStoredFormIsReadBack() {
        HashKey key = new HashKey(-5, 7);
        assertEquals(key, HashKey.fromHex(key.toHex()));
    }
}
