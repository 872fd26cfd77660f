package io.penstock.engine.auth;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AuthorizationFuzzTest {
    private static final String RIGHT = "AWS4-HMAC-SHA256 Credential=PRESS17/20260102/eu-west-1/kinesis/aws4_request,"
            + " SignedHeaders=host;x-amz-date;x-amz-target, Signature=" + "0123456789abcdef".repeat(4);
    private static final String WORDS = "=,;/ :authority-host\u0000\u00e9A4";

    /** {@code -Dpenstock.fuzz.seed} chooses another. */
    @Test
    void aDamagedHeaderIsTakenOrRefusedAsTheCallersFault() {
        long seed = Long.getLong("penstock.fuzz.seed", new Random().nextLong());
        Random random = new Random(seed);
        int taken = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder header = new StringBuilder(RIGHT);
            for (int n = random.nextInt(3); n > 0; n--) {
                int at = random.nextInt(header.length());
                switch (random.nextInt(3)) {
                    case 0 -> header.setCharAt(at, WORDS.charAt(random.nextInt(WORDS.length())));
                    case 1 -> header.delete(at, Math.min(header.length(), at + 1 + random.nextInt(20)));
                    default -> header.insert(at, WORDS.charAt(random.nextInt(WORDS.length())));
                }
            }
            try {
                taken += AuthorizationFuzz.check(header.toString()) ? 1 : 0;
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + ", header " + header, e);
            }
        }
        assertTrue(taken > 1_000 && taken < 19_000, "seed " + seed + ": " + taken + " taken");
    }
}
