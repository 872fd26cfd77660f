package io.penstock.forward.server.internal.json;

import io.penstock.base.bytes.GrowingBytes;
import java.math.BigDecimal;

/** Decimal numbers in C's notation of {@code %g}: with an exponent where they are very large or very small. */
final class DecimalText {
    private DecimalText() {}

    /** Whether {@code value} is an integer of 64 bits. */
    static boolean isWhole(double value) {
        return value >= Long.MIN_VALUE && value < 0x1p63 && value == (long) value;
    }

    /**
     * Writes {@code value}, which has no zeros at its end.
     *
     * @param leastFixed the smallest power of ten that is written without an exponent
     * @param mostFixed the largest one
     * @param oneDigit what follows a single digit before the exponent
     */
    static void write(BigDecimal value, int leastFixed, int mostFixed, String oneDigit, GrowingBytes out) {
        int exponent = value.precision() - value.scale() - 1;
        if (exponent >= leastFixed && exponent <= mostFixed) {
            out.ascii(value.toPlainString());
            return;
        }
        String digits = value.unscaledValue().abs().toString();
        out.ascii((value.signum() < 0 ? "-" : "")
                + digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : oneDigit)
                + (exponent < 0 ? "e-" : "e+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent));
    }
}
