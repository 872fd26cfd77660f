package io.penstock.forward.server.internal.message;

import io.penstock.forward.server.Refusal;
import io.penstock.forward.server.internal.msgpack.BadChunkException;
import io.penstock.forward.server.internal.msgpack.Msgpack;
import java.nio.charset.StandardCharsets;

/** A number of JSON (RFC 8259, section 6) as msgpack: exact if it is an integer of 64 bits, otherwise a double. */
final class JsonNumber {
    /** More than any double or integer needs. */
    private static final int LONGEST = 1_000;

    /** Any number of so many digits is below 2^63. */
    private static final int SURE_DIGITS = 18;

    private static final int MOST_DIGITS = 20;
    /** It is its own type byte. */
    private static final int LARGEST_FIXINT = 127;

    private static final int LONG_BYTES = 8;

    private JsonNumber() {}

    /**
     * Writes the number that begins at {@code from}.
     *
     * @return the index behind it
     */
    static int convert(byte[] bytes, int from, int end, Unpacked out) throws BadChunkException {
        boolean negative = at(bytes, from, end) == '-';
        int digits = negative ? from + 1 : from;
        int to = digits(bytes, digits, end, from);
        if (to - digits > 1 && bytes[digits] == '0') {
            throw broken(from, "a number that begins with 0");
        }
        int whole = to;
        if (at(bytes, to, end) == '.') {
            to = digits(bytes, to + 1, end, from);
        }
        if ((at(bytes, to, end) | 0x20) == 'e') {
            int sign = at(bytes, to + 1, end);
            to = digits(bytes, sign == '+' || sign == '-' ? to + 2 : to + 1, end, from);
        }
        if (to - from > LONGEST) {
            throw broken(from, "a number of more than " + LONGEST + " characters");
        }
        String text = new String(bytes, from, to - from, StandardCharsets.US_ASCII);
        if (to > whole || !integer(text, whole - digits, negative, out)) {
            fraction(text, from, out);
        }
        return to;
    }

    private static boolean integer(String text, int digits, boolean negative, Unpacked out) throws BadChunkException {
        if (digits > MOST_DIGITS) {
            return false;
        }
        try {
            if (negative || digits <= SURE_DIGITS) {
                long value = Long.parseLong(text);
                if (value >= 0 && value <= LARGEST_FIXINT) {
                    out.put((int) value);
                } else {
                    out.number(Msgpack.INT64, value, LONG_BYTES);
                }
            } else {
                out.number(Msgpack.UINT64, Long.parseUnsignedLong(text), LONG_BYTES);
            }
            return true;
        } catch (NumberFormatException beyond) {
            return false;
        }
    }

    private static void fraction(String text, int from, Unpacked out) throws BadChunkException {
        double value = Double.parseDouble(text);
        if (Double.isInfinite(value)) {
            throw broken(from, "a number beyond those of 64 bits");
        }
        out.number(Msgpack.FLOAT64, Double.doubleToLongBits(value), LONG_BYTES);
    }

    /** Moves past one digit at the least. */
    private static int digits(byte[] bytes, int first, int end, int from) throws BadChunkException {
        int to = first;
        while (isDigit(at(bytes, to, end))) {
            to++;
        }
        if (to == first) {
            throw broken(from, "what is no value");
        }
        return to;
    }

    private static boolean isDigit(int b) {
        return b >= '0' && b <= '9';
    }

    private static int at(byte[] bytes, int index, int end) {
        return index < end ? bytes[index] & 0xff : 0;
    }

    private static BadChunkException broken(int at, String found) {
        return new BadChunkException(Refusal.MALFORMED, at, "a message in JSON has " + found);
    }
}
