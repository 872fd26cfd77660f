package io.penstock.delivery.sender.schedule;

import java.util.random.RandomGenerator;

/** The generated partition key of a record without one: sixteen random hexadecimal digits. */
public final class LateKey {
    /** Its size in bytes. */
    public static final int BYTES = 16;

    private static final int DIGIT_BITS = 4;
    private static final byte[] DIGITS = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };

    private LateKey() {}

    static byte[] next(RandomGenerator random) {
        byte[] key = new byte[BYTES];
        long rest = random.nextLong();
        for (int i = 0; i < BYTES; i++) {
            key[i] = DIGITS[(int) rest & 0xf];
            rest >>>= DIGIT_BITS;
        }
        return key;
    }
}
