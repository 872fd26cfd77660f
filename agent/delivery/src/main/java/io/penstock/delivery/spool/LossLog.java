package io.penstock.delivery.spool;

import io.penstock.journal.DamagedRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the records that one spool has dropped or could not read, and logs them at most every ten seconds. Any thread.
 */
public final class LossLog {
    private static final Logger LOG = LoggerFactory.getLogger(LossLog.class);
    private static final int MOST_RANGES = 3;
    private static final long QUIET = Duration.ofSeconds(10).toNanos();

    private final StreamId stream;
    private final LongAdder dropped = new LongAdder();
    private final LongAdder damaged = new LongAdder();
    private final List<DamagedRange> ranges = new ArrayList<>();
    private long rangesFound;
    private final AtomicLong lastSaid = new AtomicLong(System.nanoTime() - QUIET);

    LossLog(StreamId stream) {
        this.stream = stream;
    }

    void droppedNewest(long records) {
        dropped.add(records);
        say("when-full: drop-newest");
    }

    void droppedOldest(long records) {
        dropped.add(records);
        say("when-full: drop-oldest");
    }

    void damaged(long records) {
        damaged.add(records);
        say("they could not be read back");
    }

    /** The log has found an unreadable range. */
    synchronized void found(DamagedRange range) {
        rangesFound++;
        if (ranges.size() < MOST_RANGES) {
            ranges.add(range);
        }
    }

    /** Where damage was found, its extent and the remedy; empty if there is none. */
    private synchronized String damage() {
        if (ranges.isEmpty()) {
            return "";
        }
        StringBuilder words = new StringBuilder("its spool is damaged: ")
                .append(ranges.stream().map(LossLog::describe).collect(Collectors.joining("; ")));
        if (rangesFound > ranges.size()) {
            words.append("; and ").append(rangesFound - ranges.size()).append(" more places");
        }
        return words.append(
                        ". These events are passed over and the others delivered. The disk gave back something else")
                .append(" than was written: check it")
                .toString();
    }

    /** One damaged range: the number of events and the file. */
    public static String describe(DamagedRange range) {
        long events = range.toOffset() - range.fromOffset();
        return (events == 1 ? "1 event" : events + " events") + " in " + range.segment() + " (bytes "
                + range.fromPosition() + " up to " + range.toPosition() + ", offsets " + range.fromOffset() + " up to "
                + range.toOffset() + ")";
    }

    SpoolStatus.Losses status() {
        return new SpoolStatus.Losses(dropped.sum(), damaged.sum(), damage());
    }

    private void say(String why) {
        long now = System.nanoTime();
        long last = lastSaid.get();
        if (now - last >= QUIET && lastSaid.compareAndSet(last, now)) {
            LOG.error(
                    "The spool of {} lost records ({}): {} dropped and {} damaged since the start",
                    stream,
                    why,
                    dropped.sum(),
                    damaged.sum());
        }
    }
}
