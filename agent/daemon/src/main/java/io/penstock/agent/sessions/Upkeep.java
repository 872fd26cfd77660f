package io.penstock.agent.sessions;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.spool.Spool;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The periodic work of the session log: notes up to where each spool's marks are in the log, so that the spool may lose
 * these records and the next start need not look for their marks; and writes the log anew when it has grown, so that
 * what is before can be truncated. Each step asks the loops for something and looks for the result at a later tick.
 */
@OwnedBy(ThreadRole.HOLDER)
final class Upkeep {
    private static final long NOT_RENEWING = -1;

    private final SessionLog store;

    /** The log is truncated up to here once all sessions are written anew. */
    private long renewFrom;

    private @Nullable Flushed renewed;
    private boolean headed;
    private @Nullable Round round;

    /** The state of the spools at one moment, after which each loop appends what it has. */
    private record Round(Map<StreamState, Long> ends, Flushed flushed) {}

    /** At the start all sessions are about to be written anew. */
    Upkeep(SessionLog store, long end) {
        this.store = store;
        this.renewFrom = end;
    }

    void tick() {
        store.retryStuck();
        if (renewFrom != NOT_RENEWING) {
            renew();
        } else if (store.isLarge()) {
            renewFrom = store.log().endOffset();
            renewed = null;
            store.renewAll();
        }
        if (round != null) {
            end(round);
        } else if (store.hasAdoptedAll()) {
            round = begin();
        }
    }

    private void renew() {
        if (!store.hasAdoptedAll() || !store.isRenewed()) {
            store.renewRest();
            return;
        }
        Flushed flushed = renewed;
        if (flushed == null || flushed.isIncomplete()) {
            renewed = store.flushAll();
            headed = false;
            return;
        }
        if (!flushed.isDone() || store.log().durableEnd() <= flushed.lastEntry()) {
            return;
        }
        if (!headed) {
            headed = store.writeStreams();
            return;
        }
        if (store.isAsideDurable()) {
            store.log().truncateBefore(renewFrom);
            renewFrom = NOT_RENEWING;
        }
    }

    /** True while sessions are being written anew, or are to be. */
    boolean isRenewing() {
        return renewFrom != NOT_RENEWING;
    }

    private @Nullable Round begin() {
        Map<StreamState, Long> ends = new HashMap<>();
        for (StreamState stream : store.streams()) {
            Spool spool = stream.spool;
            if (stream.marked && spool != null) {
                long end = spool.durable().end();
                if (end > stream.storedBelow) {
                    ends.put(stream, end);
                }
            }
        }
        return ends.isEmpty() || isFirstRenewal() ? null : new Round(ends, store.flushAll());
    }

    /** What the spools alone knew at the start is in the log only after the sessions are written for the first time. */
    private boolean isFirstRenewal() {
        return renewFrom != NOT_RENEWING && store.generation() == SessionLog.FIRST_GENERATION;
    }

    private void end(Round ended) {
        if (ended.flushed.isIncomplete()) {
            round = null;
        } else if (ended.flushed.isDone() && store.log().durableEnd() > ended.flushed.lastEntry()) {
            ended.ends.forEach((stream, end) -> stream.storedBelow = end);
            store.writeStored(ended.ends.keySet());
            round = null;
        }
    }
}
