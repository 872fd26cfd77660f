package io.penstock.base.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class AgeClockTest {
    private static final Duration DAY = Duration.ofHours(24);
    private static final Duration SIX_YEARS = Duration.ofDays(2191);

    private final ManualTime machine = new ManualTime("2026-11-30T12:00:00Z");
    private String kept = "";

    private AgeClock begin() {
        return AgeClock.begin(machine, text -> kept = text);
    }

    private AgeClock restart() throws IOException {
        return AgeClock.goOn(machine, text -> kept = text, kept).orElseThrow();
    }

    private static String date(AgeClock clock, long stamp) {
        return Instant.ofEpochMilli(clock.dateOf(stamp)).toString();
    }

    private static long millis(String date) {
        return Instant.parse(date).toEpochMilli();
    }

    @Test
    void stampsOfAClockThatIsNeverSetAreDates() {
        AgeClock clock = begin();
        long stamp = clock.millis();
        machine.pass(Duration.ofHours(3));
        clock.tick();

        assertEquals(millis("2026-11-30T12:00:00Z"), stamp);
        assertEquals(millis("2026-11-30T15:00:00Z"), clock.millis());
        assertEquals("2026-11-30T12:00:00Z", date(clock, stamp));
        assertEquals(stamp, clock.firstOf(millis("2026-11-30T12:00:00Z")));
        assertEquals(stamp, clock.firstWithin(Duration.ofHours(3)));
        assertEquals(3 * 3_600_000, clock.ageOf(stamp));
    }

    @Test
    void whatIsStoredSixYearsBehindKeepsItsAgeWhenTheClockIsSetRight() {
        machine.set("2020-11-30T12:00:00Z");
        AgeClock clock = begin();
        long stamp = clock.millis();
        machine.pass(Duration.ofSeconds(10));
        machine.step(SIX_YEARS);
        clock.tick();
        machine.pass(Duration.ofSeconds(4));
        clock.tick();

        assertEquals(14_000, clock.ageOf(stamp));
        assertTrue(clock.firstWithin(DAY) < stamp);
        long later = clock.millis();
        assertEquals("2026-11-30T12:00:14Z", date(clock, later));
        assertEquals("2020-11-30T12:00:00Z", date(clock, stamp));
        assertTrue(clock.firstOf(millis("2026-01-01T00:00:00Z")) > stamp, "what was stored before the clock was set");
        assertTrue(clock.firstOf(millis("2026-11-30T12:00:12Z")) <= later);
        machine.pass(DAY);
        assertTrue(clock.firstWithin(DAY) > stamp, "it expires once it is a day old");
    }

    @Test
    void afterAJumpAheadAndBackNoDateStaysAhead() {
        AgeClock clock = begin();
        long before = clock.millis();
        machine.pass(Duration.ofMinutes(1));
        machine.step(SIX_YEARS);
        clock.tick();
        long during = clock.millis();
        machine.pass(Duration.ofMinutes(1));
        assertEquals("2032-11-29T12:01:00Z", date(clock, during));
        machine.step(SIX_YEARS.negated());
        clock.tick();
        long after = clock.millis();

        assertEquals("2026-11-30T12:00:00Z", date(clock, before));
        assertEquals("2026-11-30T12:02:00Z", date(clock, during));
        assertEquals("2026-11-30T12:02:00Z", date(clock, after));
        assertEquals(during, clock.firstOf(millis("2026-11-30T12:01:30Z")));
        assertEquals(120_000, clock.ageOf(before));
        machine.pass(DAY);
        assertTrue(during < clock.firstWithin(DAY) && clock.firstWithin(DAY) <= after);
    }

    @Test
    void aRestartOnTheSameStartOfTheMachineCountsTheTimeBetween() throws IOException {
        AgeClock clock = begin();
        long stamp = clock.millis();
        clock.close();
        machine.pass(Duration.ofHours(5));
        machine.step(SIX_YEARS);
        AgeClock again = restart();

        assertEquals(Duration.ofHours(5).toMillis(), again.ageOf(stamp));
        assertEquals("2032-11-29T17:00:00Z", date(again, again.millis()));
    }

    @Test
    void timeInWhichTheMachineWasOffDoesNotCountWhateverTheClockSays() throws IOException {
        AgeClock clock = begin();
        long stamp = clock.millis();
        machine.pass(Duration.ofHours(1));
        clock.close();
        machine.reboot(SIX_YEARS);
        machine.pass(Duration.ofMinutes(2));
        AgeClock again = restart();

        assertEquals(Duration.ofHours(1).toMillis(), again.ageOf(stamp));
        assertEquals("2026-11-30T12:00:00Z", date(again, stamp));
        assertEquals("2032-11-29T13:02:00Z", date(again, again.millis()));
    }

    @Test
    void aGatewayWithoutABatteryClockLosesNothingOverRestartsBefore1970IsOver() throws IOException {
        machine.set("1969-12-31T23:59:50Z");
        AgeClock clock = begin();
        long first = clock.millis();
        machine.pass(Duration.ofHours(1));
        clock.close();
        machine.reboot(Duration.ZERO);
        machine.set("1969-12-31T23:59:50Z");
        clock = restart();
        long second = clock.millis();
        machine.pass(Duration.ofHours(1));
        clock.close();
        machine.pass(Duration.ofMinutes(1));
        clock = restart();
        long third = clock.millis();
        machine.set("2026-11-30T12:00:00Z");
        clock.tick();

        assertTrue(0 <= first && first < second && second < third);
        assertEquals(121 * 60_000, clock.ageOf(first));
        assertEquals(61 * 60_000, clock.ageOf(second));
        assertTrue(clock.firstWithin(DAY) < first);
        assertEquals("2026-11-30T12:00:00Z", date(clock, clock.millis()));
        clock.close();
        clock = restart();
        assertEquals(121 * 60_000, clock.ageOf(first));
    }

    @Test
    void aMachineThatSleptHasSetItsClockAndAgesDoNotCountIt() {
        AgeClock clock = begin();
        long stamp = clock.millis();
        machine.sleep(Duration.ofHours(8));
        clock.tick();

        assertEquals(0, clock.ageOf(stamp));
        assertEquals("2026-11-30T20:00:00Z", date(clock, clock.millis()));
    }

    @Test
    void stampsOfAnEarlierProgramWereDatesAndSayTheAge() {
        AgeClock clock = begin();
        long yesterday = millis("2026-11-29T12:00:00Z");
        clock.holds(yesterday);

        assertEquals(DAY.toMillis(), clock.ageOf(yesterday));
        assertEquals("2026-11-29T12:00:00Z", date(clock, yesterday));
        assertEquals(millis("2026-11-30T12:00:00Z"), clock.millis());
    }

    @Test
    void stampsOfAnEarlierProgramThatAreYearsAheadCountAsStoredNowAndMakeNothingOlder() {
        AgeClock clock = begin();
        long yesterday = millis("2026-11-29T12:00:00Z");
        long ahead = millis("2032-11-30T12:00:00Z");
        clock.holds(ahead);

        assertTrue(clock.millis() >= ahead, "later stamps are above those that are there");
        assertEquals(DAY.toMillis(), clock.ageOf(yesterday));
        assertEquals(0, clock.ageOf(ahead));
        assertEquals("2026-11-29T12:00:00Z", date(clock, yesterday));
        assertEquals("2026-11-30T12:00:00Z", date(clock, ahead));
        assertEquals("2026-11-30T12:00:00Z", date(clock, clock.millis()));
        machine.pass(DAY.plusMillis(1));
        assertTrue(clock.firstWithin(DAY) > ahead);
    }

    @Test
    void whatHasLostItsClockCountsAsStoredNow() throws IOException {
        AgeClock.begin(machine, text -> kept = text).close();
        assertEquals(Optional.empty(), AgeClock.goOn(machine, text -> {}, kept.replace("era 1", "era 2")));
        AgeClock clock = AgeClock.beginAnew(machine, text -> kept = text);
        long behind = millis("2020-11-30T12:00:00Z");

        assertEquals(0, clock.ageOf(behind));
        assertEquals("2020-11-30T12:00:00Z", date(clock, behind));
        assertTrue(clock.firstWithin(DAY) < behind);
        machine.pass(DAY.plusMillis(1));
        assertTrue(clock.firstWithin(DAY) > behind);
    }

    @Test
    void aClockOfAnUnknownVersionIsRefusedWithBothVersions() {
        begin().close();
        String other = kept.substring(0, kept.indexOf("crc ")).replace("clock 1", "clock 2");
        CRC32C crc = new CRC32C();
        crc.update(other.getBytes(StandardCharsets.US_ASCII));
        String unknown = other + "crc " + Long.toHexString(crc.getValue()) + "\n";

        IOException refused = assertThrows(IOException.class, () -> AgeClock.goOn(machine, text -> {}, unknown));
        assertTrue(refused.getMessage().contains("version 2")
                && refused.getMessage().contains("version 1"));
    }

    @Test
    void aStepIsKeptAtOnceAndTheRestOnceAMinute() {
        int[] times = {0};
        AgeClock clock = AgeClock.begin(machine, text -> times[0]++);
        clock.tick();
        assertEquals(1, times[0]);
        for (int second = 0; second < 59; second++) {
            machine.pass(Duration.ofSeconds(1));
            clock.tick();
        }
        assertEquals(1, times[0]);
        machine.pass(Duration.ofSeconds(1));
        clock.tick();
        assertEquals(2, times[0]);
        machine.step(Duration.ofHours(1));
        clock.tick();
        clock.tick();
        assertEquals(3, times[0]);
    }

    @Test
    void aFileThatCannotBeWrittenStopsNothing() {
        AgeClock clock = AgeClock.begin(machine, text -> {
            throw new IOException("disk full");
        });
        clock.tick();
        machine.pass(Duration.ofHours(1));
        clock.tick();
        clock.close();
        assertEquals(millis("2026-11-30T13:00:00Z"), clock.millis());
    }

    @Test
    void aGivenClockAgesDataOnlyWhenItGoesForward() {
        Instant[] now = {Instant.parse("2026-11-30T12:00:00Z")};
        AgeClock clock = AgeClock.of(() -> now[0]);
        long stamp = clock.millis();
        now[0] = now[0].minus(DAY);
        assertEquals(0, clock.ageOf(stamp));
        now[0] = now[0].plus(DAY.multipliedBy(2));
        assertEquals(DAY.multipliedBy(2).toMillis(), clock.ageOf(stamp));
    }

    @Test
    void aGivenClockAgesDataAlsoBetweenTwoRuns() throws IOException {
        Instant[] now = {Instant.parse("2026-11-30T12:00:00Z")};
        AgeClock clock = AgeClock.begin(TimeSource.following(() -> now[0]), text -> kept = text);
        long stamp = clock.millis();
        clock.close();
        now[0] = now[0].plus(DAY);
        AgeClock again = AgeClock.goOn(TimeSource.following(() -> now[0]), text -> {}, kept)
                .orElseThrow();
        assertEquals(DAY.toMillis(), again.ageOf(stamp));
    }

    @Test
    void thisMachineHasClocks() {
        AgeClock clock = AgeClock.system();
        long stamp = clock.millis();
        assertTrue(Math.abs(clock.date() - stamp) < 60_000);
        assertTrue(clock.ageOf(stamp) < 60_000);
        TimeSource.system().uptime().ifPresent(up -> assertTrue(up.millis() > 0, up::toString));
    }
}
