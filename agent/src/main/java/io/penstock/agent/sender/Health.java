package io.penstock.agent.sender;

import io.penstock.agent.spool.StreamId;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether calls to one stream make sense just now. After a failure of the whole call the next ones go out one at a
 * time, after growing pauses; a parked stream is probed by one call at a fixed interval. The first record stored ends
 * either. Owned by the sender's thread.
 */
final class Health {
    private static final Logger LOG = LoggerFactory.getLogger(Health.class);
    private static final long REPEAT_LOG = Duration.ofMinutes(10).toNanos();
    private static final long NEW_LOG = Duration.ofSeconds(10).toNanos();

    private final StreamId stream;
    private final Backoff backoff;
    private final long probeEvery;
    private String detail = "";
    private boolean troubled;
    private boolean parked;
    private long probeAt;
    private boolean said;
    private long saidAt = Long.MIN_VALUE / 2;

    Health(StreamId stream, Duration probeEvery, RandomGenerator random) {
        this.stream = stream;
        this.backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), random);
        this.probeEvery = probeEvery.toNanos();
    }

    /** How many calls may be out now. */
    int callsAllowed(long now, int usually) {
        if (parked) {
            return now >= probeAt ? 1 : 0;
        }
        if (backoff.holds(now)) {
            return 0;
        }
        return troubled ? 1 : usually;
    }

    /** When {@link #callsAllowed} rises by time alone; {@link Long#MAX_VALUE} when it does not. */
    long changesAt(long now) {
        if (parked) {
            return now >= probeAt ? Long.MAX_VALUE : probeAt;
        }
        return backoff.holds(now) ? backoff.until() : Long.MAX_VALUE;
    }

    /** The endpoint could not carry out a call: again after a pause. */
    void failed(String reason, long now) {
        if (parked) {
            probeAt = now + probeEvery;
            return;
        }
        if (!saidWithin(now, troubled ? REPEAT_LOG : NEW_LOG)) {
            said = true;
            saidAt = now;
            LOG.warn("Sending to {} does not succeed and is tried again and again: {}", stream, reason);
        }
        troubled = true;
        detail = reason;
        backoff.next(now);
    }

    /** Only somebody else can mend this: probe now and then, and say so. */
    void park(String reason, long now) {
        boolean changed = !parked || !reason.equals(detail);
        if (!saidWithin(now, changed ? NEW_LOG : REPEAT_LOG)) {
            said = true;
            saidAt = now;
            LOG.error(
                    "Stream {} is parked, its records stay in the spool and it is tried every {} s: {}",
                    stream,
                    Duration.ofNanos(probeEvery).toSeconds(),
                    reason);
        }
        parked = true;
        troubled = true;
        detail = reason;
        probeAt = now + probeEvery;
    }

    /** Records were stored. */
    void succeeded() {
        if (troubled && said) {
            LOG.info("Sending to {} succeeds again", stream);
        }
        said = false;
        parked = false;
        troubled = false;
        detail = "";
        backoff.reset();
    }

    /** What hindered the stream is gone: try at once. */
    void retryNow() {
        parked = false;
        backoff.reset();
    }

    /** Whether enough was said of late: a line every few seconds when it comes and goes, rarely while it lasts. */
    private boolean saidWithin(long now, long every) {
        return now - saidAt < every;
    }

    boolean parked() {
        return parked;
    }

    boolean troubled() {
        return troubled;
    }

    String detail() {
        return detail;
    }
}
