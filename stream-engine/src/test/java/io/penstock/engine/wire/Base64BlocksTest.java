package io.penstock.engine.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Base64 from the middle of one array into the middle of another")
class Base64BlocksTest {
    private final Base64Blocks blocks = new Base64Blocks();

    @Test
    void everyLengthIsEncodedAsTheJdkDoesAndNothingAroundItIsTouched() {
        Random random = new Random(1);
        for (int length = 0; length < 8_000; length += length < 500 ? 1 : 37) {
            byte[] data = new byte[length + 10];
            random.nextBytes(data);
            int from = random.nextInt(10);
            byte[] expected = Base64.getEncoder().encode(Arrays.copyOfRange(data, from, from + length));
            byte[] to = new byte[expected.length + 20];
            Arrays.fill(to, (byte) '.');
            int end = blocks.encode(data, from, from + length, to, 7);
            assertEquals(
                    "......." + new String(expected, StandardCharsets.US_ASCII) + ".".repeat(13),
                    new String(to, StandardCharsets.US_ASCII),
                    "length " + length);
            assertEquals(7 + expected.length, end);
        }
    }
}
