package io.penstock.delivery.kinesis.shards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class Hash128Test {
    private static final String LAST =
            BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE).toString();

    @Test
    void aKeyHashesToItsMd5AsANumber() throws Exception {
        for (String key : List.of("a", "sensor-17", "ü", "")) {
            byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
            BigInteger expected =
                    new BigInteger(1, MessageDigest.getInstance("MD5").digest(utf8));
            assertEquals(expected.toString(), Hash128.ofKey(utf8).toDecimal());
        }
    }

    @Test
    void decimalsGoThereAndBack() {
        assertEquals(Hash128.MIN, Hash128.parse("0"));
        assertEquals(Hash128.MAX, Hash128.parse(LAST));
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1_000; i++) {
            Hash128 point = new Hash128(random.nextLong(), random.nextLong());
            assertEquals(point, Hash128.parse(point.toDecimal()));
        }
    }

    @Test
    void pointsAreOrderedWithoutSign() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 1_000; i++) {
            Hash128 one = new Hash128(random.nextLong(4) - 2, random.nextLong());
            Hash128 other = new Hash128(random.nextLong(4) - 2, random.nextLong());
            int expected = new BigInteger(one.toDecimal()).compareTo(new BigInteger(other.toDecimal()));
            assertEquals(expected, Integer.signum(one.compareTo(other)));
        }
    }

    @Test
    void neighboursCarryAcrossTheWords() {
        assertEquals(new Hash128(1, 0), new Hash128(0, -1).next());
        assertEquals(new Hash128(0, -1), new Hash128(1, 0).previous());
        assertEquals(Hash128.MIN, Hash128.MAX.next());
    }

    @Test
    void aDrawnPointLiesInItsRange() {
        SplittableRandom random = new SplittableRandom(3);
        Hash128 first = new Hash128(5, 10);
        Hash128 last = new Hash128(5, 12);
        for (int i = 0; i < 100; i++) {
            assertTrue(new Shard("s", first, last).holds(Hash128.between(first, last, random)));
        }
        assertEquals(first, Hash128.between(first, first, random));
        Hash128.between(Hash128.MIN, Hash128.MAX, random);
    }
}
