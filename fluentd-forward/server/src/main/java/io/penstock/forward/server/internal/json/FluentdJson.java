package io.penstock.forward.server.internal.json;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.bytes.JsonText;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * As Fluentd's JSON formatter writes it with Oj in its compatible mode, which is the default: text as it is but for
 * what JSON makes escape, binary as text, whole floats with all their digits and others as Ruby names them, a time
 * within a record as its seconds. What is no UTF-8 becomes U+FFFD, and NaN and the infinities {@code null}, where Oj
 * would write what no JSON reader takes.
 */
final class FluentdJson implements DialectWriter {
    private static final int LEAST_FIXED = -4;
    private static final int MOST_FIXED = 15;

    private static final int MOST_FIXED_WHOLE = 14;

    /** Any decimal of this many digits reads back from the double next to it: no two of them name one double. */
    private static final int UNIQUE_DIGITS = 15;

    /** With this many digits every double has a decimal of its own. */
    private static final int ENOUGH_DIGITS = 17;

    /** Before Java 19 {@link Double#toString} gives a digit too many to some. */
    private static final boolean TO_STRING_IS_SHORTEST = Runtime.version().feature() >= 19;

    @Override
    public int string(byte[] utf8, int from, int count, GrowingBytes out) {
        return JsonText.string(utf8, from, count, out);
    }

    @Override
    public void time(long epochSeconds, int nanos, GrowingBytes out) {
        out.number(epochSeconds);
    }

    @Override
    public void number(double value, GrowingBytes out) {
        if (!Double.isFinite(value)) {
            out.ascii("null");
        } else if (DecimalText.isWhole(value)) {
            out.number((long) value);
            out.ascii(".0");
        } else {
            DecimalText.write(shortest(value), LEAST_FIXED, MOST_FIXED, ".0", out);
        }
    }

    /** As Ruby's {@code Float#to_s}: fixed from 1e-4 to below 1e15, always with a fraction. */
    @Override
    public void numberAlone(double value, GrowingBytes out) {
        if (!Double.isFinite(value)) {
            out.ascii(Double.toString(value));
        } else if (value == 0) {
            out.ascii(1 / value < 0 ? "-0.0" : "0.0");
        } else {
            BigDecimal digits = shortest(value);
            boolean whole = digits.scale() <= 0;
            DecimalText.write(digits, LEAST_FIXED, whole ? MOST_FIXED_WHOLE : MOST_FIXED, ".0", out);
            if (whole && digits.precision() - digits.scale() - 1 <= MOST_FIXED_WHOLE) {
                out.ascii(".0");
            }
        }
    }

    @Override
    public void numberAlone(float value, GrowingBytes out) {
        numberAlone((double) value, out);
    }

    /** The decimal of the fewest digits that reads back as {@code value}; of several the nearest. */
    private static BigDecimal shortest(double value) {
        BigDecimal quick = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        boolean normal = Math.abs(value) >= Double.MIN_NORMAL;
        if (normal && (TO_STRING_IS_SHORTEST || quick.precision() <= UNIQUE_DIGITS)) {
            return quick;
        }
        // Of the smallest doubles it always shows two digits, where one may do.
        BigDecimal exact = new BigDecimal(value);
        int least = normal ? UNIQUE_DIGITS : 1;
        int most = ENOUGH_DIGITS;
        while (least < most) {
            int digits = (least + most) / 2;
            if (reading(exact, digits, value).isPresent()) {
                most = digits;
            } else {
                least = digits + 1;
            }
        }
        return reading(exact, least, value).orElse(quick).stripTrailingZeros();
    }

    /** The decimal of that many digits next to {@code exact} that reads back as {@code value}, if there is one. */
    private static Optional<BigDecimal> reading(BigDecimal exact, int digits, double value) {
        BigDecimal nearest = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
        if (nearest.doubleValue() == value) {
            return Optional.of(nearest);
        }
        // Below a power of two the doubles lie closer together than above it: the farther decimal may be the one.
        BigDecimal above = exact.round(new MathContext(digits, RoundingMode.UP));
        return above.doubleValue() == value ? Optional.of(above) : Optional.empty();
    }
}
