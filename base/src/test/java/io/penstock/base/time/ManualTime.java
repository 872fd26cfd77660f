package io.penstock.base.time;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A machine whose clocks a test moves independently. One thread. */
final class ManualTime implements TimeSource {
    private long wallMillis;
    private long elapsedMillis = 17;
    private String boot = "boot-0";
    private int boots;
    private long upMillis;

    ManualTime(String wall) {
        wallMillis = Instant.parse(wall).toEpochMilli();
    }

    /** Time goes by. */
    void pass(Duration by) {
        wallMillis += by.toMillis();
        elapsedMillis += by.toMillis();
        upMillis += by.toMillis();
    }

    /** The clock is set. */
    void step(Duration by) {
        wallMillis += by.toMillis();
    }

    void set(String wall) {
        wallMillis = Instant.parse(wall).toEpochMilli();
    }

    /** The machine sleeps: its clock and uptime advance. */
    void sleep(Duration by) {
        wallMillis += by.toMillis();
        upMillis += by.toMillis();
    }

    /** The machine is off, and starts again. */
    void reboot(Duration off) {
        wallMillis += off.toMillis();
        boot = "boot-" + ++boots;
        upMillis = 0;
        elapsedMillis = 5000;
    }

    @Override
    public long wallMillis() {
        return wallMillis;
    }

    @Override
    public long elapsedNanos() {
        return elapsedMillis * 1_000_000;
    }

    @Override
    public Optional<Uptime> uptime() {
        return Optional.of(new Uptime(boot, upMillis));
    }
}
