package io.penstock.forward.server.internal.json;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.bytes.JsonText;
import io.penstock.base.bytes.Utf8;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Strings and floats as Fluent Bit's outputs write them by default ({@code json.escape_unicode on}): what is no
 * printable ASCII as lower-case escapes, floats as C's {@code %.1f} when they are whole and {@code %.16g} otherwise.
 * What is no UTF-8 becomes U+FFFD, and NaN and the infinities {@code null}, where Fluent Bit would write what no JSON
 * reader takes.
 */
final class FluentBitJson implements DialectWriter {
    private static final MathContext SIXTEEN = new MathContext(16, RoundingMode.HALF_EVEN);
    private static final int LEAST_FIXED = -4;
    private static final int MOST_FIXED = 15;

    @Override
    public int string(byte[] utf8, int from, int count, GrowingBytes out) {
        int replaced = 0;
        int end = from + count;
        int at = from;
        out.put('"');
        while (at < end) {
            int first = utf8[at];
            if (first == 0x7f) {
                JsonText.unit(first, out);
                at++;
            } else if (first >= 0) {
                int run = asciiRun(utf8, at, end);
                JsonText.characters(utf8, at, run - at, out);
                at = run;
            } else {
                int width = Utf8.sequence(utf8, at, end);
                if (width > 0) {
                    codePoint(decode(utf8, at, width), out);
                } else {
                    JsonText.unit(0xfffd, out);
                    replaced++;
                }
                at += Math.abs(width);
            }
        }
        out.put('"');
        return replaced;
    }

    private static int asciiRun(byte[] bytes, int at, int end) {
        int i = at;
        while (i < end && bytes[i] >= 0 && bytes[i] != 0x7f) {
            i++;
        }
        return i;
    }

    private static int decode(byte[] utf8, int at, int width) {
        int point = utf8[at] & (0x7f >> width);
        for (int i = 1; i < width; i++) {
            point = point << 6 | utf8[at + i] & 0x3f;
        }
        return point;
    }

    private static void codePoint(int point, GrowingBytes out) {
        if (Character.isBmpCodePoint(point)) {
            JsonText.unit(point, out);
        } else {
            JsonText.unit(Character.highSurrogate(point), out);
            JsonText.unit(Character.lowSurrogate(point), out);
        }
    }

    @Override
    public void number(double value, GrowingBytes out) {
        if (!Double.isFinite(value)) {
            out.ascii("null");
        } else if (DecimalText.isWhole(value)) {
            boolean negativeZero = value == 0 && 1 / value < 0;
            out.ascii((negativeZero ? "-" : "") + (long) value + ".0");
        } else {
            BigDecimal rounded = new BigDecimal(value).round(SIXTEEN).stripTrailingZeros();
            DecimalText.write(rounded, LEAST_FIXED, MOST_FIXED, "", out);
        }
    }
}
