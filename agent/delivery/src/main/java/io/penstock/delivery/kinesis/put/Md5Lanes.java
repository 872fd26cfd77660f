package io.penstock.delivery.kinesis.put;

import io.penstock.delivery.kinesis.shards.Hash128;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Computes the MD5 (RFC 1321) of many messages at once. Each step of one message's MD5 depends on the previous step,
 * which leaves most of a processor idle. Here a step is a loop over all messages, which the JIT compiler turns into
 * vector instructions. {@link #WORTH_IT} and {@link #WORTH_IT_LONG} say from how many messages on this is faster than
 * the JDK.
 *
 * <p>Reusable, about 100 bytes a lane; not thread-safe.
 */
public final class Md5Lanes {
    /** With fewer short messages than this, hashing one by one is faster. */
    public static final int WORTH_IT = 32;

    /** With fewer messages of kilobytes than this, hashing one by one is faster. */
    public static final int WORTH_IT_LONG = 10;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int BLOCK = 64;
    private static final int WORDS = 16;
    private static final int LENGTH_AT = BLOCK - Long.BYTES;
    private static final int[] SINE = new int[64];
    private static final int[] WORD = new int[64];

    static {
        for (int t = 0; t < SINE.length; t++) {
            SINE[t] = (int) (long) (Math.abs(Math.sin(t + 1)) * (1L << Integer.SIZE));
            int[] word = {t, 5 * t + 1, 3 * t + 5, 7 * t};
            WORD[t] = word[t / WORDS] % WORDS;
        }
    }

    private final int[][] words;
    private final int[] a;
    private final int[] b;
    private final int[] c;
    private final int[] d;
    private final int[] a0;
    private final int[] b0;
    private final int[] c0;
    private final int[] d0;
    private final byte[] last = new byte[BLOCK];

    /** @param lanes the maximum number of messages at once */
    public Md5Lanes(int lanes) {
        this.words = new int[WORDS][lanes];
        this.a = new int[lanes];
        this.b = new int[lanes];
        this.c = new int[lanes];
        this.d = new int[lanes];
        this.a0 = new int[lanes];
        this.b0 = new int[lanes];
        this.c0 = new int[lanes];
        this.d0 = new int[lanes];
    }

    /** The maximum number of messages at once. */
    public int lanes() {
        return a.length;
    }

    /** Receives the digest of one message. */
    @FunctionalInterface
    public interface Digests {
        /**
         * @param high the first eight bytes, big-endian as in {@link Hash128}
         * @param low the last eight bytes
         */
        void digest(int lane, long high, long low);
    }

    /**
     * Hashes {@code count} messages: the bytes from {@code from[i]} (inclusive) to {@code to[i]} (exclusive) of {@code
     * messages[i]}. The time is that of {@code count} messages as long as the longest.
     */
    public void hash(byte[][] messages, int[] from, int[] to, int count, Digests digests) {
        Arrays.fill(a, 0, count, 0x67452301);
        Arrays.fill(b, 0, count, 0xefcdab89);
        Arrays.fill(c, 0, count, 0x98badcfe);
        Arrays.fill(d, 0, count, 0x10325476);
        int longest = 0;
        for (int i = 0; i < count; i++) {
            longest = Math.max(longest, to[i] - from[i]);
        }
        for (int at = 0; at <= longest + Long.BYTES; at += BLOCK) {
            for (int i = 0; i < count; i++) {
                load(i, messages[i], from[i], to[i], at);
            }
            compress(count);
            for (int i = 0; i < count; i++) {
                int end = to[i] - from[i] + Long.BYTES;
                if (at <= end && end < at + BLOCK) {
                    digests.digest(i, digestHalf(a[i], b[i]), digestHalf(c[i], d[i]));
                }
            }
        }
    }

    private static long digestHalf(int first, int second) {
        return Long.reverseBytes((long) second << Integer.SIZE | (first & 0xffffffffL));
    }

    /** Loads the block at {@code at} bytes of a message. A lane whose message has ended continues with any content. */
    private void load(int lane, byte[] message, int from, int to, int at) {
        int left = to - from - at;
        if (left >= BLOCK) {
            spread(lane, message, from + at);
        } else if (left > -BLOCK) {
            Arrays.fill(last, (byte) 0);
            if (left >= 0) {
                System.arraycopy(message, from + at, last, 0, left);
                last[left] = (byte) 0x80;
            }
            if (left < LENGTH_AT) {
                LONG.set(last, LENGTH_AT, (to - from) * 8L);
            }
            spread(lane, last, 0);
        }
    }

    private void spread(int lane, byte[] block, int at) {
        for (int w = 0; w < WORDS; w++) {
            words[w][lane] = (int) INT.get(block, at + w * Integer.BYTES);
        }
    }

    private void compress(int n) {
        System.arraycopy(a, 0, a0, 0, n);
        System.arraycopy(b, 0, b0, 0, n);
        System.arraycopy(c, 0, c0, 0, n);
        System.arraycopy(d, 0, d0, 0, n);
        round1(n);
        round2(n);
        round3(n);
        round4(n);
        Md5Steps.add(a, a0, n);
        Md5Steps.add(b, b0, n);
        Md5Steps.add(c, c0, n);
        Md5Steps.add(d, d0, n);
    }

    private void round1(int n) {
        for (int t = 0; t < 16; t += 4) {
            Md5Steps.f7(a, b, c, d, words[WORD[t]], SINE[t], n);
            Md5Steps.f12(d, a, b, c, words[WORD[t + 1]], SINE[t + 1], n);
            Md5Steps.f17(c, d, a, b, words[WORD[t + 2]], SINE[t + 2], n);
            Md5Steps.f22(b, c, d, a, words[WORD[t + 3]], SINE[t + 3], n);
        }
    }

    private void round2(int n) {
        for (int t = 16; t < 32; t += 4) {
            Md5Steps.g5(a, b, c, d, words[WORD[t]], SINE[t], n);
            Md5Steps.g9(d, a, b, c, words[WORD[t + 1]], SINE[t + 1], n);
            Md5Steps.g14(c, d, a, b, words[WORD[t + 2]], SINE[t + 2], n);
            Md5Steps.g20(b, c, d, a, words[WORD[t + 3]], SINE[t + 3], n);
        }
    }

    private void round3(int n) {
        for (int t = 32; t < 48; t += 4) {
            Md5Steps.h4(a, b, c, d, words[WORD[t]], SINE[t], n);
            Md5Steps.h11(d, a, b, c, words[WORD[t + 1]], SINE[t + 1], n);
            Md5Steps.h16(c, d, a, b, words[WORD[t + 2]], SINE[t + 2], n);
            Md5Steps.h23(b, c, d, a, words[WORD[t + 3]], SINE[t + 3], n);
        }
    }

    private void round4(int n) {
        for (int t = 48; t < 64; t += 4) {
            Md5Steps.i6(a, b, c, d, words[WORD[t]], SINE[t], n);
            Md5Steps.i10(d, a, b, c, words[WORD[t + 1]], SINE[t + 1], n);
            Md5Steps.i15(c, d, a, b, words[WORD[t + 2]], SINE[t + 2], n);
            Md5Steps.i21(b, c, d, a, words[WORD[t + 3]], SINE[t + 3], n);
        }
    }
}
