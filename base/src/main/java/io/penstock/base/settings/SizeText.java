package io.penstock.base.settings;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The text form of sizes in bytes: {@code 4GiB}, {@code 500MB}, or plain bytes. */
public final class SizeText {
    private static final Pattern FORM = Pattern.compile("(\\d{1,19}) ?(B|KiB|MiB|GiB|TiB|KB|kB|MB|GB|TB)?");

    private SizeText() {}

    public static Parsed<Long> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Parsed.wrong("\"" + text + "\" is no size", "write bytes or a size such as 10MiB or 4GiB");
        }
        BigInteger bytes = new BigInteger(matcher.group(1)).multiply(BigInteger.valueOf(unit(matcher.group(2))));
        return bytes.bitLength() > 63
                ? Parsed.wrong("\"" + text + "\" is too large", "write less than 8388608TiB")
                : Parsed.right(bytes.longValue());
    }

    private static long unit(@Nullable String unit) {
        if (unit == null) {
            return 1;
        }
        return switch (unit) {
            case "KiB" -> 1L << 10;
            case "MiB" -> 1L << 20;
            case "GiB" -> 1L << 30;
            case "TiB" -> 1L << 40;
            case "KB", "kB" -> 1_000L;
            case "MB" -> 1_000_000L;
            case "GB" -> 1_000_000_000L;
            case "TB" -> 1_000_000_000_000L;
            default -> 1;
        };
    }

    /** In the largest binary unit that represents it exactly. */
    public static String format(long bytes) {
        String[] units = {"", "KiB", "MiB", "GiB", "TiB"};
        int unit = 0;
        long value = bytes;
        while (value != 0 && value % 1024 == 0 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return value + units[unit];
    }
}
