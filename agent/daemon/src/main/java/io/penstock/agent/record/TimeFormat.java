package io.penstock.agent.record;

import io.penstock.base.settings.Parsed;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a point in time is written: a pattern of strftime, as Fluent Bit's {@code time_key_format} and Fluentd's
 * {@code time_format} have them, always in UTC. Immutable. {@link #toString} gives the pattern back as it was written.
 */
public final class TimeFormat {
    private static final int LONGEST = 128;
    private static final String KNOWN =
            "%Y %y %m %b %B %d %e %j %a %A %H %I %p %M %S %F %T %R %3N %6N %9N %N %s %z %Z %%";

    private final String pattern;
    private final List<Part> parts;

    /** A piece of the pattern. */
    private interface Part {
        void append(LocalDateTime time, long epochSeconds, StringBuilder to);
    }

    private TimeFormat(String pattern, List<Part> parts) {
        this.pattern = pattern;
        this.parts = parts;
    }

    /** The format of a pattern that {@link #parse} takes. */
    public static TimeFormat of(String pattern) {
        if (parse(pattern) instanceof Parsed.Right<TimeFormat> right) {
            return right.value();
        }
        throw new IllegalArgumentException("\"" + pattern + "\" is no time format");
    }

    public static Parsed<TimeFormat> parse(String pattern) {
        if (pattern.isEmpty() || pattern.length() > LONGEST) {
            return Parsed.wrong(
                    "a pattern of " + pattern.length() + " characters", "write one such as %Y-%m-%dT%H:%M:%S.%3NZ");
        }
        List<Part> parts = new ArrayList<>();
        for (int at = 0; at < pattern.length(); ) {
            int percent = pattern.indexOf('%', at);
            int end = percent < 0 ? pattern.length() : percent;
            if (end > at) {
                String text = pattern.substring(at, end);
                parts.add((time, seconds, to) -> to.append(text));
            }
            if (percent < 0) {
                break;
            }
            boolean digits = percent + 2 < pattern.length() && Character.isDigit(pattern.charAt(percent + 1));
            at = Math.min(pattern.length(), percent + (digits ? 3 : 2));
            String conversion = pattern.substring(percent, at);
            Part part = part(conversion);
            if (part == null) {
                return Parsed.wrong(
                        "\"" + conversion + "\" in \"" + pattern + "\" is not known here", "those known are " + KNOWN);
            }
            parts.add(part);
        }
        return Parsed.right(new TimeFormat(pattern, List.copyOf(parts)));
    }

    private static @Nullable Part part(String conversion) {
        return switch (conversion) {
            case "%Y" -> (time, seconds, to) -> digits(time.getYear(), 4, to);
            case "%y" -> (time, seconds, to) -> digits(time.getYear() % 100, 2, to);
            case "%m" -> (time, seconds, to) -> digits(time.getMonthValue(), 2, to);
            case "%d" -> (time, seconds, to) -> digits(time.getDayOfMonth(), 2, to);
            case "%e" -> (time, seconds, to) -> to.append(String.format(Locale.ROOT, "%2d", time.getDayOfMonth()));
            case "%j" -> (time, seconds, to) -> digits(time.getDayOfYear(), 3, to);
            case "%H" -> (time, seconds, to) -> digits(time.getHour(), 2, to);
            case "%M" -> (time, seconds, to) -> digits(time.getMinute(), 2, to);
            case "%S" -> (time, seconds, to) -> digits(time.getSecond(), 2, to);
            case "%F" ->
                (time, seconds, to) -> {
                    digits(time.getYear(), 4, to);
                    digits(time.getMonthValue(), 2, to.append('-'));
                    digits(time.getDayOfMonth(), 2, to.append('-'));
                };
            case "%T" ->
                (time, seconds, to) -> {
                    digits(time.getHour(), 2, to);
                    digits(time.getMinute(), 2, to.append(':'));
                    digits(time.getSecond(), 2, to.append(':'));
                };
            case "%R" ->
                (time, seconds, to) -> {
                    digits(time.getHour(), 2, to);
                    digits(time.getMinute(), 2, to.append(':'));
                };
            case "%I" -> (time, seconds, to) -> digits((time.getHour() + 11) % 12 + 1, 2, to);
            case "%p" -> (time, seconds, to) -> to.append(time.getHour() < 12 ? "AM" : "PM");
            case "%b" -> (time, seconds, to) -> to.append(month(time).substring(0, 3));
            case "%B" -> (time, seconds, to) -> to.append(month(time));
            case "%a" -> (time, seconds, to) -> to.append(day(time).substring(0, 3));
            case "%A" -> (time, seconds, to) -> to.append(day(time));
            case "%3N" -> (time, seconds, to) -> digits(time.getNano() / 1_000_000, 3, to);
            case "%6N" -> (time, seconds, to) -> digits(time.getNano() / 1_000, 6, to);
            case "%9N", "%N" -> (time, seconds, to) -> digits(time.getNano(), 9, to);
            case "%s" -> (time, seconds, to) -> to.append(seconds);
            case "%z" -> (time, seconds, to) -> to.append("+0000");
            case "%Z" -> (time, seconds, to) -> to.append("UTC");
            case "%%" -> (time, seconds, to) -> to.append('%');
            default -> null;
        };
    }

    private static String month(LocalDateTime time) {
        return time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }

    private static String day(LocalDateTime time) {
        return time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }

    private static void digits(int value, int width, StringBuilder to) {
        String text = Integer.toString(value);
        to.append("0".repeat(Math.max(0, width - text.length()))).append(text);
    }

    /** The point in time as text. */
    public String format(long epochSeconds, int nanos) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(epochSeconds, nanos, ZoneOffset.UTC);
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            part.append(time, epochSeconds, text);
        }
        return text.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TimeFormat format && format.pattern.equals(pattern);
    }

    @Override
    public int hashCode() {
        return pattern.hashCode();
    }

    @Override
    public String toString() {
        return pattern;
    }
}
