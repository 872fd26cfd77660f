package io.penstock.engine.stream;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A 128-bit unsigned hash key, as two longs, so that the put path needs no {@link BigInteger}.
 *
 * @param high the upper 64 bits
 * @param low the lower 64 bits
 */
public record HashKey(long high, long low) implements Comparable<HashKey> {
    public static final HashKey MIN = new HashKey(0, 0);
    public static final HashKey MAX = new HashKey(-1, -1);

    private static final int HEX_DIGITS = 32;
    private static final BigInteger SIZE = BigInteger.ONE.shiftLeft(128);

    /** Parses a decimal number of at most 39 digits; empty if the text is not a number or exceeds 2^128 - 1. */
    public static Optional<HashKey> parse(CharSequence decimal) {
        int digits = decimal.length();
        if (digits == 0 || digits > 39) {
            return Optional.empty();
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < digits; i++) {
            int digit = decimal.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return Optional.empty();
            }
            // (high, low) * 10 + digit, in 32-bit steps so that no carry is lost.
            long low0 = (low & 0xFFFF_FFFFL) * 10 + digit;
            long low1 = (low >>> 32) * 10 + (low0 >>> 32);
            long high0 = (high & 0xFFFF_FFFFL) * 10 + (low1 >>> 32);
            long high1 = (high >>> 32) * 10 + (high0 >>> 32);
            if (high1 >>> 32 != 0) {
                return Optional.empty();
            }
            low = (low1 << 32) | (low0 & 0xFFFF_FFFFL);
            high = (high1 << 32) | (high0 & 0xFFFF_FFFFL);
        }
        return Optional.of(new HashKey(high, low));
    }

    /** The first key of part number {@code part} when the whole range is divided into {@code parts} equal parts. */
    public static HashKey startOfPart(int part, int parts) {
        return of(SIZE.multiply(BigInteger.valueOf(part)).divide(BigInteger.valueOf(parts)));
    }

    private static HashKey of(BigInteger value) {
        return new HashKey(value.shiftRight(64).longValue(), value.longValue());
    }

    public static int compare(long high, long low, long otherHigh, long otherLow) {
        int order = Long.compareUnsigned(high, otherHigh);
        return order != 0 ? order : Long.compareUnsigned(low, otherLow);
    }

    @Override
    public int compareTo(HashKey other) {
        return compare(high, low, other.high, other.low);
    }

    /** The key in the middle of two keys, rounded down; {@code other} is not below this one. */
    public HashKey middleTo(HashKey other) {
        BigInteger sum = new BigInteger(toHex(), 16).add(new BigInteger(other.toHex(), 16));
        return of(sum.shiftRight(1));
    }

    /** The next key; after {@link #MAX} comes {@link #MIN}. */
    public HashKey next() {
        return new HashKey(low == -1 ? high + 1 : high, low + 1);
    }

    /** The previous key; before {@link #MIN} comes {@link #MAX}. */
    public HashKey previous() {
        return new HashKey(low == 0 ? high - 1 : high, low - 1);
    }

    @JsonCreator
    static HashKey fromHex(String hex) {
        if (hex.length() != HEX_DIGITS) {
            throw new IllegalArgumentException("a stored hash key has 32 hexadecimal digits, not '" + hex + "'");
        }
        return new HashKey(
                HexFormat.fromHexDigitsToLong(hex, 0, 16), HexFormat.fromHexDigitsToLong(hex, 16, HEX_DIGITS));
    }

    @JsonValue
    String toHex() {
        return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
    }

    /** The decimal number, as the API writes it. */
    @Override
    public String toString() {
        return new BigInteger(toHex(), 16).toString();
    }
}
