package io.penstock.tools.demo.load;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Who visits the site. Three of four page views are by regular visitors whose keys fall into the lower half of the hash
 * range, as it can happen with a few busy keys: one of two shards has more to take than it may.
 */
final class Visitors {
    private static final int EACH = 120;
    private static final double REGULAR = 0.75;

    private final List<String> regular = new ArrayList<>();
    private final List<String> others = new ArrayList<>();
    private final Random random;

    Visitors(Random random) {
        this.random = random;
        for (int number = 0; regular.size() < EACH || others.size() < EACH; number++) {
            String name = "visitor-" + number;
            List<String> half = isInLowerHalf(name) ? regular : others;
            if (half.size() < EACH) {
                half.add(name);
            }
        }
    }

    /** Kinesis hashes a partition key with MD5. */
    private static boolean isInLowerHalf(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("MD5").digest(key.getBytes(StandardCharsets.UTF_8));
            return !new BigInteger(1, hash).testBit(127);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    String next() {
        List<String> half = random.nextDouble() < REGULAR ? regular : others;
        return half.get(random.nextInt(half.size()));
    }
}
