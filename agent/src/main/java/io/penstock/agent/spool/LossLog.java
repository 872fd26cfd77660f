package io.penstock.agent.spool;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the records that one spool gave up or could not read back, and says so at most every ten seconds. Any thread.
 */
final class LossLog {
    private static final Logger LOG = LoggerFactory.getLogger(LossLog.class);
    private static final long QUIET = Duration.ofSeconds(10).toNanos();

    private final StreamId stream;
    private final LongAdder dropped = new LongAdder();
    private final LongAdder damaged = new LongAdder();
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

    long dropped() {
        return dropped.sum();
    }

    long damaged() {
        return damaged.sum();
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
