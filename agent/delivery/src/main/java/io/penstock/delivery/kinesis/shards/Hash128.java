package io.penstock.delivery.kinesis.shards;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.random.RandomGenerator;

/**
 * A point of the hash key space, 0 to 2^128 - 1, as two unsigned longs. Kinesis places a record by the MD5 of its
 * partition key, taken as such a number (Kinesis API reference, PutRecord).
 *
 * @param high the upper 64 bits
 * @param low the lower 64 bits
 */
public record Hash128(long high, long low) implements Comparable<Hash128> {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** The digits of 2^128 - 1. */
    private static final int MOST_DIGITS = 39;

    /** The first point. */
    public static final Hash128 MIN = new Hash128(0, 0);

    /** The last point. */
    public static final Hash128 MAX = new Hash128(-1, -1);

    /** The point of a partition key. */
    public static Hash128 ofKey(byte[] partitionKeyUtf8) {
        return ofKey(partitionKeyUtf8, md5());
    }

    /** As {@link #ofKey(byte[])}, with a reusable MD5 object. */
    public static Hash128 ofKey(byte[] partitionKeyUtf8, MessageDigest md5) {
        return of(md5.digest(partitionKeyUtf8));
    }

    /** The point of a partition key's MD5. */
    public static Hash128 of(byte[] digest) {
        return new Hash128((long) LONG.get(digest, 0), (long) LONG.get(digest, Long.BYTES));
    }

    /** Writes the 16 bytes to {@code target} at {@code at}. */
    public void put(byte[] target, int at) {
        LONG.set(target, at, high);
        LONG.set(target, at + Long.BYTES, low);
    }

    /** A new MD5 object: not thread-safe, reusable. */
    public static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has MD5", missing);
        }
    }

    /**
     * Parses the API's form, an unsigned decimal.
     *
     * @throws NumberFormatException if the text is no point of the hash key space
     */
    public static Hash128 parse(String decimal) {
        if (decimal.length() > MOST_DIGITS) {
            throw new NumberFormatException("more digits than 2^128 has");
        }
        BigInteger value = new BigInteger(decimal);
        if (value.signum() < 0 || value.bitLength() > 2 * Long.SIZE) {
            throw new NumberFormatException("outside of 0 to 2^128 - 1");
        }
        return of(value);
    }

    /** A random point from {@code first} to {@code last}, both inclusive. */
    public static Hash128 between(Hash128 first, Hash128 last, RandomGenerator random) {
        BigInteger size = last.value().subtract(first.value()).add(BigInteger.ONE);
        BigInteger draw = new Hash128(random.nextLong(), random.nextLong()).value();
        return of(first.value().add(draw.mod(size)));
    }

    private static Hash128 of(BigInteger value) {
        return new Hash128(value.shiftRight(Long.SIZE).longValue(), value.longValue());
    }

    /** The next higher point; after the last one comes the first. */
    public Hash128 next() {
        return new Hash128(low == -1 ? high + 1 : high, low + 1);
    }

    /** The next lower point; before the first one comes the last. */
    public Hash128 previous() {
        return new Hash128(low == 0 ? high - 1 : high, low - 1);
    }

    /** The API's form, an unsigned decimal. */
    public String toDecimal() {
        return value().toString();
    }

    private BigInteger value() {
        return new BigInteger(Long.toUnsignedString(high))
                .shiftLeft(Long.SIZE)
                .add(new BigInteger(Long.toUnsignedString(low)));
    }

    @Override
    public int compareTo(Hash128 other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }
}
