package io.penstock.base.time;

import io.penstock.base.text.CauseText;
import io.penstock.base.time.Timeline.Era;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clock by which data ages. {@link #millis} is a stamp to store with the data. Stamps advance by elapsed time;
 * setting the machine's clock does not move them. Dates are computed from stamps when they are asked for.
 *
 * <p>The rules:
 *
 * <ul>
 *   <li>While the process runs, stamps and ages advance by the monotonic clock.
 *   <li>While the process is stopped, they advance by the monotonic clock too, as long as the machine is not restarted;
 *       over a restart of the machine they stand still. So data is never older than the time that surely has passed:
 *       time in which the machine was off or slept does not count.
 *   <li>The machine's clock gives the date. If it differs by {@value #STEP_MILLIS} ms or more from the date computed
 *       from the stamps, the clock was set: the difference is logged once, and dates follow the new setting from there
 *       on; see {@link Timeline}.
 *   <li>A log may hold later stamps than the present one: an earlier version stored dates, or the clock file was lost.
 *       Then new stamps continue after those of the log. No data becomes older by that.
 * </ul>
 *
 * <p>Thread-safe. {@link #tick}, called about once a second, compares with the machine's clock, and saves the state
 * about once a minute, which may block on the disk. State that a power cut loses makes data younger, never older.
 */
public final class AgeClock implements AutoCloseable {
    /** Saves the state of a clock for the next run. */
    @FunctionalInterface
    public interface Keeper {
        /** Replaces the saved state; durable on return. */
        void keep(String text) throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(AgeClock.class);
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long STEP_MILLIS = 200;

    /** Two readings of a clock that are further apart than this cannot be compared. */
    private static final long UNSURE_NANOS = 50 * NANOS_PER_MILLI;

    /** If the stamps of a log are ahead by less than this, the log waits for the clock. */
    private static final long AHEAD_MILLIS = 1000;

    private static final long KEEP_MILLIS = 60_000;
    private static final long LATEST_STAMP = 1L << 58;

    private final TimeSource time;
    private final Keeper keeper;
    private volatile Reading reading;
    private boolean keepNow = true;
    private boolean cannotKeep;
    private long keptAt;

    /** One consistent state for readers; at {@code nanos} the clock stood at {@code stamp} and {@code age}. */
    private record Reading(Timeline line, long nanos, long stamp, long age) {
        long passed(long now) {
            return Math.floorDiv(now - nanos, NANOS_PER_MILLI);
        }

        Reading at(long now) {
            long passed = passed(now);
            return new Reading(line, nanos + passed * NANOS_PER_MILLI, stamp + passed, age + passed);
        }
    }

    private AgeClock(TimeSource time, Keeper keeper, Timeline line, Era now) {
        this.time = time;
        this.keeper = keeper;
        this.reading = new Reading(line, time.elapsedNanos(), now.stamp(), now.age());
        this.keptAt = now.stamp();
    }

    /** This machine's clock, for data that does not outlive the process. */
    public static AgeClock system() {
        return of(TimeSource.system());
    }

    /** For data that does not outlive the process. */
    public static AgeClock of(TimeSource time) {
        return begin(time, text -> {});
    }

    /** For tests: driven by {@link TimeSource#following}. */
    public static AgeClock of(InstantSource clock) {
        return of(TimeSource.following(clock));
    }

    /** For data without saved clock state. If the data has stamps, they were dates, and their age follows from them. */
    public static AgeClock begin(TimeSource time, Keeper keeper) {
        Era first = begun(time);
        return new AgeClock(time, keeper, new Timeline(List.of(first)), first);
    }

    /** For data whose clock state is lost: its age is unknown, so it counts as stored now. */
    public static AgeClock beginAnew(TimeSource time, Keeper keeper) {
        Era first = begun(time);
        Era past = new Era(0, first.age(), 0);
        return new AgeClock(time, keeper, new Timeline(List.of(past, first)), first);
    }

    /** Stamps start at 0 or later; a machine's clock may begin before 1970. */
    private static Era begun(TimeSource time) {
        long date = time.wallMillis();
        long stamp = Math.max(0, date);
        return new Era(stamp, stamp, date);
    }

    /**
     * Continues from the saved state of an earlier run; empty if the state is damaged.
     *
     * @throws IOException if the state has an unknown version; the message names both versions
     */
    public static Optional<AgeClock> goOn(TimeSource time, Keeper keeper, String kept) throws IOException {
        Optional<SavedTime> read = SavedTime.read(kept);
        if (read.isEmpty()) {
            return Optional.empty();
        }
        SavedTime saved = read.get();
        boolean sameBoot = saved.isSameBoot(time.uptime());
        long passed = saved.passed(time);
        Era last = saved.now();
        Era now = new Era(last.stamp() + passed, last.age() + passed, last.date() + passed);
        AgeClock clock = new AgeClock(time, keeper, saved.line(), now);
        clock.compare(sameBoot);
        return Optional.of(clock);
    }

    /** The present stamp in milliseconds. It never falls, not even over restarts. */
    public long millis() {
        Reading now = reading;
        return now.stamp() + now.passed(time.elapsedNanos());
    }

    /** The present date by the machine's clock, in epoch milliseconds. */
    public long date() {
        return time.wallMillis();
    }

    /** The date of a stamp in epoch milliseconds, by present knowledge. A later stamp never has an earlier date. */
    public long dateOf(long stamp) {
        return reading.line().dateOf(stamp);
    }

    /** The first stamp whose date is not before {@code date}. */
    public long firstOf(long date) {
        return reading.line().firstOfDate(date);
    }

    /** The first stamp that is not older than {@code age}. */
    public long firstWithin(Duration age) {
        Reading now = reading;
        return now.line().firstOfAge(now.age() + now.passed(time.elapsedNanos()) - age.toMillis());
    }

    /** The age of a stamp in milliseconds; 0 for a stamp in the future. */
    public long ageOf(long stamp) {
        Reading now = reading;
        return Math.max(
                0, now.age() + now.passed(time.elapsedNanos()) - now.line().ageOf(stamp));
    }

    /** Makes all later stamps greater than {@code stamp}, which stored data has. */
    public synchronized void holds(long stamp) {
        Reading now = reading.at(time.elapsedNanos());
        if (stamp - now.stamp() < AHEAD_MILLIS || stamp > LATEST_STAMP) {
            return;
        }
        LOG.info(
                "Stored data is stamped {} ahead of the age clock, which goes on from there.",
                words(stamp - now.stamp()));
        begin(now, new Era(stamp + 1, now.age(), time.wallMillis()));
    }

    /** Begins an era. The data stored so far has stamps below the era's first one. */
    private void begin(Reading now, Era era) {
        reading = new Reading(now.line().with(era), now.nanos(), era.stamp(), era.age());
        keepNow = true;
    }

    /** Compares with the machine's clock, and saves the state when that is due. May block on the disk. */
    public synchronized void tick() {
        compare(true);
        if (keepNow || millis() - keptAt >= KEEP_MILLIS) {
            keep();
        }
    }

    /**
     * @param counted true if ages have counted all the time since the last comparison; false if more time may have
     *     passed
     */
    private synchronized void compare(boolean counted) {
        long before = time.elapsedNanos();
        long date = time.wallMillis();
        long after = time.elapsedNanos();
        if (after - before > UNSURE_NANOS) {
            return;
        }
        Reading now = reading.at(after);
        long expected = now.line().latestDate(now.stamp());
        long step = date - expected;
        if (Math.abs(step) < STEP_MILLIS) {
            return;
        }
        begin(now, new Era(now.stamp() + 1, now.age(), date));
        if (counted || step < 0) {
            LOG.warn(
                    "The machine's clock was set {} {}, from {} to {} (or the machine slept)."
                            + " Records keep their age: none expires by that.",
                    words(Math.abs(step)),
                    step > 0 ? "ahead" : "back",
                    Instant.ofEpochMilli(expected),
                    Instant.ofEpochMilli(date));
        } else {
            LOG.info(
                    "The last run ended {} ago by the machine's clock, before the machine was started anew."
                            + " Records have not aged since.",
                    words(step));
        }
    }

    private void keep() {
        Reading now = reading.at(time.elapsedNanos());
        SavedTime saved = new SavedTime(
                time.uptime(),
                now.nanos() / NANOS_PER_MILLI,
                new Era(now.stamp(), now.age(), time.wallMillis()),
                now.line());
        keepNow = false;
        keptAt = now.stamp();
        try {
            keeper.keep(saved.text());
            cannotKeep = false;
        } catch (IOException | RuntimeException e) {
            if (!cannotKeep) {
                cannotKeep = true;
                LOG.warn(
                        "The clock file cannot be written ({}). After a restart records may count as younger than they are"
                                + " and be kept longer. Make room, or mend the folder.",
                        CauseText.orUnknown(e));
            }
        }
    }

    private static String words(long millis) {
        Duration duration = Duration.ofMillis(millis);
        if (duration.toDays() > 0) {
            return duration.toDays() + " d " + duration.toHoursPart() + " h";
        }
        if (duration.toHours() > 0) {
            return duration.toHours() + " h " + duration.toMinutesPart() + " min";
        }
        return duration.toMinutes() > 0
                ? duration.toMinutes() + " min " + duration.toSecondsPart() + " s"
                : duration.toSeconds() + "." + "%03d".formatted(duration.toMillisPart()) + " s";
    }

    /** Saves the state. */
    @Override
    public synchronized void close() {
        keep();
    }
}
