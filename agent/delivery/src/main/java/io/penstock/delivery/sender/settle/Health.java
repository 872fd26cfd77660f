package io.penstock.delivery.sender.settle;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.sender.schedule.Backoff;
import io.penstock.delivery.spool.StreamId;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether calls to one stream make sense now. After a call has failed as a whole, calls are sent one at a time with
 * growing pauses; a parked stream is tested by one call at a fixed interval. The first stored record ends both states.
 */
@OwnedBy(ThreadRole.SENDER)
public final class Health {
    private static final Logger LOG = LoggerFactory.getLogger(Health.class);
    private static final long REPEAT_LOG = Duration.ofMinutes(10).toNanos();
    private static final long NEW_LOG = Duration.ofSeconds(10).toNanos();

    private final StreamId stream;
    private final Backoff backoff;
    private final long probeEvery;
    private final Said retrying = new Said();
    private final Said parking = new Said();
    private String detail = "";
    private boolean troubled;
    private boolean parked;
    private long failedAt;
    private long probeAt;

    /**
     * When a state was last written to the log. Each state has its own limit, so that a change of state is always
     * written.
     */
    private static final class Said {
        private long at = Long.MIN_VALUE / 2;
        private boolean lasts;

        /**
         * True if the state must be written now: rarely while it lasts, and at most every few seconds while it comes
         * and goes. A line that was left out is written later if the state lasts.
         */
        boolean now(long now, boolean news) {
            if (now - at < (lasts && !news ? REPEAT_LOG : NEW_LOG)) {
                return false;
            }
            at = now;
            lasts = true;
            return true;
        }
    }

    public Health(StreamId stream, Duration probeEvery, RandomGenerator random) {
        this.stream = stream;
        this.backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), random);
        this.probeEvery = probeEvery.toNanos();
    }

    /** The number of calls that may be in flight now. */
    public int callsAllowed(long now, int usually) {
        if (parked) {
            return now >= probeAt ? 1 : 0;
        }
        if (backoff.holds(now)) {
            return 0;
        }
        return troubled ? 1 : usually;
    }

    /** When {@link #callsAllowed} rises by time alone; {@link Long#MAX_VALUE} if it does not. */
    public long changesAt(long now) {
        if (parked) {
            return now >= probeAt ? Long.MAX_VALUE : probeAt;
        }
        return backoff.holds(now) ? backoff.until() : Long.MAX_VALUE;
    }

    /**
     * The endpoint could not carry out a call: pause before the next. Calls that were in flight together and fail
     * together count as one failure.
     *
     * @param sentAt when the call was sent
     */
    void failed(String reason, long sentAt, long now) {
        if (parked) {
            // The present cause may differ from the first one.
            park(reason, now);
            return;
        }
        if (retrying.now(now, false)) {
            LOG.warn("Sending to {} does not succeed and is tried again and again: {}", stream, reason);
        }
        boolean known = troubled && sentAt - failedAt <= 0;
        troubled = true;
        detail = reason;
        if (!known) {
            failedAt = now;
            backoff.next(now);
        }
    }

    /** Only an operator can correct this: test at a fixed interval, and report it. */
    void park(String reason, long now) {
        if (parking.now(now, !reason.equals(detail))) {
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
        if (wasSaid()) {
            LOG.info("Sending to {} succeeds again", stream);
        }
        rest();
    }

    /** Nothing is left to send or in flight, so the stream is healthy again. */
    public void nothingToSend() {
        if (wasSaid()) {
            LOG.info("Nothing is left to send to {}", stream);
        }
        rest();
    }

    private boolean wasSaid() {
        return troubled && (retrying.lasts || parking.lasts);
    }

    private void rest() {
        retrying.lasts = false;
        parking.lasts = false;
        parked = false;
        troubled = false;
        detail = "";
        backoff.reset();
    }

    /** The cause was removed: try at once. */
    void retryNow() {
        parked = false;
        parking.lasts = false;
        backoff.reset();
    }

    public boolean parked() {
        return parked;
    }

    public boolean troubled() {
        return troubled;
    }

    public String detail() {
        return detail;
    }
}
