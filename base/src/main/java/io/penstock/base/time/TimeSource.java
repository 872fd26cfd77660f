package io.penstock.base.time;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/** The machine's clocks. Thread-safe. */
public interface TimeSource {
    /** The date, epoch milliseconds. It may jump, either way and by years. */
    long wallMillis();

    /**
     * Nanoseconds from some moment on. They go on evenly while the machine is awake; on Linux the moment is the same
     * for all processes.
     */
    long elapsedNanos();

    /** How long the machine has been up; empty where nothing tells. */
    Optional<Uptime> uptime();

    /**
     * The machine's uptime.
     *
     * @param boot tells one start of the machine from all others, without spaces
     * @param millis since that start, in which the machine may have slept
     */
    record Uptime(String boot, long millis) {}

    /** Of this machine. */
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
     * For tests that move a clock: what it goes forward has elapsed, also between two runs; when it is set back,
     * nothing has.
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
