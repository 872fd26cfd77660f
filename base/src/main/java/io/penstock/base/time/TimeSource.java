package io.penstock.base.time;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/** The machine's clocks. Thread-safe. */
public interface TimeSource {
    /** The date in epoch milliseconds. It may jump in both directions and by years. */
    long wallMillis();

    /**
     * Nanoseconds from a fixed but unspecified moment. They advance evenly while the machine is awake; on Linux the
     * moment is the same for all processes.
     */
    long elapsedNanos();

    /** The time since the machine started; empty if the system does not report it. */
    Optional<Uptime> uptime();

    /**
     * The machine's uptime.
     *
     * @param boot identifies one start of the machine, without spaces
     * @param millis since that start, including time in which the machine slept
     */
    record Uptime(String boot, long millis) {}

    /** The clocks of this machine. */
    static TimeSource system() {
        return new TimeSource() {
            private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
            private static final Path UPTIME = Path.of("/proc/uptime");

            @Override
            public long wallMillis() {
                return System.currentTimeMillis();
            }

            @Override
            public long elapsedNanos() {
                return System.nanoTime();
            }

            @Override
            public Optional<Uptime> uptime() {
                try {
                    String boot = Files.readString(BOOT).strip();
                    String seconds = Files.readString(UPTIME).split(" ", 2)[0];
                    long millis = new BigDecimal(seconds).movePointRight(3).longValue();
                    return boot.matches("\\S+") ? Optional.of(new Uptime(boot, millis)) : Optional.empty();
                } catch (IOException | NumberFormatException notLinux) {
                    return Optional.empty();
                }
            }
        };
    }

    /**
     * For tests that move a clock. When it goes forward, that time has elapsed, also between two runs; when it is set
     * back, no time has elapsed.
     */
    static TimeSource following(InstantSource clock) {
        return new TimeSource() {
            private long seen = clock.millis();
            private long elapsed = seen;

            @Override
            public long wallMillis() {
                return clock.millis();
            }

            @Override
            public synchronized long elapsedNanos() {
                long now = clock.millis();
                elapsed += Math.max(0, now - seen);
                seen = now;
                return elapsed * 1_000_000;
            }

            @Override
            public Optional<Uptime> uptime() {
                return Optional.of(new Uptime("given-clock", clock.millis()));
            }
        };
    }
}
