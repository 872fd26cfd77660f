package io.penstock.delivery.sender.settle;

import io.penstock.base.condition.Explanation;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.sender.schedule.Backoff;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Whether calls to one stream make sense now. After a call has failed as a whole, calls are sent one at a time with
 * growing pauses; a parked stream is tested by one call at a fixed interval. The first stored record ends both states.
 */
@OwnedBy(ThreadRole.SENDER)
public final class Health {
    private final Backoff backoff;
    private final long probeEvery;
    private @Nullable Explanation why;
    private boolean troubled;
    private boolean parked;
    private long failedAt;
    private long probeAt;

    public Health(Duration probeEvery, RandomGenerator random) {
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
    void failed(Explanation reason, long sentAt, long now) {
        if (parked) {
            // The present cause may differ from the first one.
            park(reason, now);
            return;
        }
        boolean known = troubled && sentAt - failedAt <= 0;
        troubled = true;
        why = reason;
        if (!known) {
            failedAt = now;
            backoff.next(now);
        }
    }

    /** Only an operator can correct this: test at a fixed interval, and report it. */
    void park(Explanation reason, long now) {
        parked = true;
        troubled = true;
        why = reason;
        probeAt = now + probeEvery;
    }

    /** Records were stored, or nothing is left to send or in flight: the stream is healthy again. */
    public void rest() {
        parked = false;
        troubled = false;
        why = null;
        backoff.reset();
    }

    /** The cause was removed: try at once. */
    void retryNow() {
        parked = false;
        backoff.reset();
    }

    public boolean parked() {
        return parked;
    }

    public boolean troubled() {
        return troubled;
    }

    /** Why calls fail; empty while they do not. */
    public Optional<Explanation> why() {
        return Optional.ofNullable(why);
    }
}
