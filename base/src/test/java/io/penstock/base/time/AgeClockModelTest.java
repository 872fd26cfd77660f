package io.penstock.base.time;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random histories of a machine: time passes, the clock is set, the machine sleeps or is off, the program stops or
 * crashes.
 */
class AgeClockModelTest {
    private static final int LIVES = 300;
    private static final int EVENTS = 400;
    private static final long MINUTE = 60_000;

    /** A stored record: its stamp, and the true time at that moment. */
    private record Stored(long stamp, long truth) {}

    @Test
    void dataIsNeverOlderThanTheTimeThatPassedAndOrderIsKept() throws IOException {
        for (long seed = 1; seed <= LIVES; seed++) {
            live(seed);
        }
    }

    private static void live(long seed) throws IOException {
        Random random = new Random(seed);
        ManualTime machine = new ManualTime("2026-11-30T12:00:00Z");
        String[] kept = {""};
        AgeClock clock = AgeClock.begin(machine, text -> kept[0] = text);
        clock.tick();
        List<Stored> log = new ArrayList<>();
        long truth = 0;
        for (int event = 0; event < EVENTS; event++) {
            Duration some =
                    Duration.ofMillis(random.nextInt(3) == 0 ? random.nextInt(90_000_000) : random.nextInt(5000));
            switch (random.nextInt(9)) {
                case 0 -> machine.step(Duration.ofMillis((random.nextLong() >> 20) % 200_000_000_000L));
                case 1 -> {
                    machine.sleep(some);
                    truth += some.toMillis();
                }
                case 2 -> {
                    clock.close();
                    machine.pass(some);
                    truth += some.toMillis();
                    clock = restarted(machine, kept, log);
                }
                case 3 -> clock = restarted(machine, kept, log);
                case 4 -> {
                    machine.reboot(some);
                    truth += some.toMillis();
                    clock = restarted(machine, kept, log);
                }
                default -> {
                    machine.pass(some);
                    truth += some.toMillis();
                    clock.tick();
                }
            }
            long stamp = clock.millis();
            if (!log.isEmpty()) {
                stamp = Math.max(stamp, log.get(log.size() - 1).stamp());
            }
            log.add(new Stored(stamp, truth));
        }
        check(clock, log, truth, "seed " + seed);
    }

    private static AgeClock restarted(ManualTime machine, String[] kept, List<Stored> log) throws IOException {
        AgeClock clock = AgeClock.goOn(machine, text -> kept[0] = text, kept[0]).orElseThrow();
        clock.holds(log.isEmpty() ? 0 : log.get(log.size() - 1).stamp());
        return clock;
    }

    private static void check(AgeClock clock, List<Stored> log, long truth, String seed) {
        clock.tick();
        long lastDate = Long.MIN_VALUE;
        long lastAge = Long.MAX_VALUE;
        for (Stored stored : log) {
            long age = clock.ageOf(stored.stamp());
            // A log may be ahead of its clock by up to a second, and the clock catches up within it.
            assertTrue(
                    age <= truth - stored.truth() + 1000,
                    () -> seed + ": " + age + " and not " + (truth - stored.truth()) + " at " + stored);
            assertTrue(age <= lastAge, seed + ": an older record counts as younger");
            lastAge = age;
            long date = clock.dateOf(stored.stamp());
            assertTrue(date >= lastDate, seed + ": dates fall");
            assertTrue(date <= clock.date() + 1000, () -> seed + ": " + stored + " is dated later than now");
            lastDate = date;
            assertTrue(clock.firstOf(date) <= stored.stamp(), () -> seed + ": not found by its date: " + stored);
            assertTrue(clock.firstOf(date + 1) > stored.stamp(), () -> seed + ": found by a later date: " + stored);
            assertTrue(clock.firstWithin(Duration.ofMillis(age)) <= stored.stamp(), () -> seed + ": expires early");
            if (age > MINUTE) {
                assertTrue(
                        clock.firstWithin(Duration.ofMillis(age - 1)) > stored.stamp(),
                        () -> seed + ": never expires: " + stored);
            }
        }
    }
}
