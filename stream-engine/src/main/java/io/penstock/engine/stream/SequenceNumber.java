package io.penstock.engine.stream;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A sequence number: 56 decimal digits that rise strictly with the record's offset over the whole stream. So every
 * number of a child shard is greater than every number of its parents, and the numbers of a later stream are greater
 * than those of an earlier stream of the same name.
 *
 * <pre>
 * 49 | 15 digits: the stream's creation, epoch milliseconds | 19 digits: the offset + 1 | 20 digits: the shard's index
 * </pre>
 *
 * The offset is written plus one, so that there is a number for the place before the first record.
 *
 * @param created the stream's creation
 * @param offset the record's offset in the stream's log; -1 for the place before the first
 * @param shard the shard's index
 */
public record SequenceNumber(long created, long offset, int shard) {
    /** The length of every sequence number in characters. */
    public static final int LENGTH = 56;

    private static final int OFFSET_AT = 17;
    private static final int SHARD_AT = 36;

    /** Writes the digits to {@code target}, which has {@link #LENGTH} bytes. */
    public static void write(long created, long offset, int shard, byte[] target) {
        target[0] = '4';
        target[1] = '9';
        digits(created, target, 2, OFFSET_AT);
        writePlace(offset, shard, target, 0);
    }

    /** Replaces offset and shard in the sequence number of the same stream that {@code target} has at {@code at}. */
    public static void writePlace(long offset, int shard, byte[] target, int at) {
        digits(offset + 1, target, at + OFFSET_AT, at + SHARD_AT);
        digits(shard, target, at + SHARD_AT, at + LENGTH);
    }

    private static void digits(long value, byte[] target, int from, int to) {
        int i = to;
        for (long rest = value; rest > 0; rest /= 10) {
            target[--i] = (byte) ('0' + rest % 10);
        }
        Arrays.fill(target, from, i, (byte) '0');
    }

    /** Parses the text; empty if no stream of this engine can have issued it. */
    public static Optional<SequenceNumber> parse(String text) {
        if (text.length() != LENGTH || !text.startsWith("49")) {
            return Optional.empty();
        }
        long created = number(text, 2, OFFSET_AT);
        long next = number(text, OFFSET_AT, SHARD_AT);
        long shard = number(text, SHARD_AT, LENGTH);
        return created < 0 || next < 0 || shard < 0 || shard > Integer.MAX_VALUE
                ? Optional.empty()
                : Optional.of(new SequenceNumber(created, next - 1, (int) shard));
    }

    private static long number(String text, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9 || value > (Long.MAX_VALUE - digit) / 10) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    @Override
    public String toString() {
        byte[] digits = new byte[LENGTH];
        write(created, offset, shard, digits);
        return new String(digits, StandardCharsets.ISO_8859_1);
    }
}
