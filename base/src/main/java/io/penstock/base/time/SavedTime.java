package io.penstock.base.time;

import io.penstock.base.time.Timeline.Era;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The state of an {@link AgeClock} at one moment, and its text form:
 *
 * <pre>
 * penstock-clock 1
 * up BOOT UPTIME ELAPSED         left out if the machine does not report its uptime
 * now STAMP AGE DATE
 * era STAMP AGE DATE             one line for each, the oldest first
 * crc HEX                        CRC32C of all lines before it
 * </pre>
 *
 * @param uptime of the machine at that moment
 * @param elapsed milliseconds by {@link TimeSource#elapsedNanos} at that moment
 * @param now stamp, age and date at that moment
 */
record SavedTime(Optional<TimeSource.Uptime> uptime, long elapsed, Era now, Timeline line) {
    private static final String MAGIC = "penstock-clock ";
    private static final String VERSION = "1";
    private static final String CRC = "crc ";

    String text() {
        StringBuilder text = new StringBuilder(MAGIC).append(VERSION).append('\n');
        uptime.ifPresent(up -> text.append("up ")
                .append(up.boot())
                .append(' ')
                .append(up.millis())
                .append(' ')
                .append(elapsed)
                .append('\n'));
        times(text.append("now "), now);
        line.eras().forEach(era -> times(text.append("era "), era));
        String checksum = checksum(text);
        return text.append(CRC).append(checksum).append('\n').toString();
    }

    private static void times(StringBuilder text, Era era) {
        text.append(era.stamp()).append(' ').append(era.age()).append(' ').append(era.date());
        text.append('\n');
    }

    /**
     * Reads the text form; empty if it is damaged.
     *
     * @throws IOException if it has an unknown version; the message names both versions
     */
    static Optional<SavedTime> read(String text) throws IOException {
        int end = text.lastIndexOf(CRC);
        if (!text.startsWith(MAGIC)
                || end < 0
                || !text.substring(end + CRC.length()).strip().equals(checksum(text.substring(0, end)))) {
            return Optional.empty();
        }
        List<String> lines = text.substring(0, end).lines().toList();
        String version = lines.get(0).substring(MAGIC.length());
        if (!version.equals(VERSION)) {
            throw new IOException("it has format version " + version + "; this program reads version " + VERSION);
        }
        Optional<TimeSource.Uptime> uptime = Optional.empty();
        long elapsed = 0;
        Optional<Era> now = Optional.empty();
        List<Era> eras = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "up" -> {
                    uptime = Optional.of(new TimeSource.Uptime(words[1], Long.parseLong(words[2])));
                    elapsed = Long.parseLong(words[3]);
                }
                case "now" -> now = Optional.of(times(words));
                default -> eras.add(times(words));
            }
        }
        return now.isEmpty() || eras.isEmpty()
                ? Optional.empty()
                : Optional.of(new SavedTime(uptime, elapsed, now.get(), new Timeline(eras)));
    }

    /**
     * Milliseconds that surely have passed since then: the smaller difference of the machine's two clocks, or 0 if the
     * machine was restarted.
     */
    long passed(TimeSource time) {
        Optional<TimeSource.Uptime> present = time.uptime();
        if (!isSameBoot(present)) {
            return 0;
        }
        long up = present.map(TimeSource.Uptime::millis).orElse(0L)
                - uptime.map(TimeSource.Uptime::millis).orElse(0L);
        return Math.max(0, Math.min(up, time.elapsedNanos() / 1_000_000 - elapsed));
    }

    boolean isSameBoot(Optional<TimeSource.Uptime> present) {
        return present.isPresent() && uptime.map(TimeSource.Uptime::boot).equals(present.map(TimeSource.Uptime::boot));
    }

    private static Era times(String[] words) {
        return new Era(Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
    }

    private static String checksum(CharSequence text) {
        CRC32C crc = new CRC32C();
        crc.update(text.toString().getBytes(StandardCharsets.US_ASCII));
        return Long.toHexString(crc.getValue());
    }
}
