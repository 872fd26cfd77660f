package io.penstock.agent.sessions;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.spool.Spool;
import io.penstock.journal.DurableLog;
import java.util.Collection;
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

    private final LiveSessions live;
    private final DurableLog log;
    private final LoopWriters writers;
    private final MarkedStreams streams;
    private final LooseEntries loose;
    private final EarlierSessions earlier;

    /** The log is truncated up to here once all sessions are written anew. */
    private long renewFrom;

    private @Nullable Flushed renewed;
    private boolean headed;
    private @Nullable Round round;

    /** The state of the spools at one moment, after which each loop appends what it has. */
    private record Round(Map<StreamState, Long> ends, Flushed flushed) {}

    /** At the start all sessions are about to be written anew. */
    Upkeep(
            LiveSessions live,
            DurableLog log,
            LoopWriters writers,
            MarkedStreams streams,
            LooseEntries loose,
            EarlierSessions earlier) {
        this.live = live;
        this.log = log;
        this.writers = writers;
        this.streams = streams;
        this.loose = loose;
        this.earlier = earlier;
        this.renewFrom = log.endOffset();
    }

    void tick() {
        boolean hasRoom = loose.retry();
        writers.retryHeld();
        if (renewFrom != NOT_RENEWING) {
            renew();
        } else if (live.isLarge(log.sizeBytes())) {
            renewFrom = log.endOffset();
            renewed = null;
            writers.renew(live.nextGeneration());
        }
        if (round != null) {
            end(round);
        } else if (hasRoom && earlier.areAdopted()) {
            round = begin();
        }
    }

    private void renew() {
        if (!earlier.areAdopted() || !live.areRenewed()) {
            writers.renew(live.generation());
            return;
        }
        Flushed flushed = renewed;
        if (flushed == null || flushed.isIncomplete()) {
            renewed = writers.flushAll();
            headed = false;
            return;
        }
        if (!flushed.isDone() || log.durableEnd() <= flushed.lastEntry()) {
            return;
        }
        if (!headed) {
            writeStreams(stored(streams.all()));
            headed = true;
            return;
        }
        if (loose.isDurable()) {
            log.truncateBefore(renewFrom);
            renewFrom = NOT_RENEWING;
        }
    }

    private @Nullable Round begin() {
        Map<StreamState, Long> ends = new HashMap<>();
        for (StreamState stream : streams.all()) {
            Spool spool = stream.spool;
            if (stream.marked && spool != null) {
                long end = spool.durable().end();
                if (end > stream.storedBelow) {
                    ends.put(stream, end);
                }
            }
        }
        return ends.isEmpty() || isFirstRenewal() ? null : new Round(ends, writers.flushAll());
    }

    /** What the spools alone knew at the start is in the log only after the sessions are written for the first time. */
    private boolean isFirstRenewal() {
        return renewFrom != NOT_RENEWING && live.isFirstGeneration();
    }

    private void end(Round ended) {
        if (ended.flushed.isIncomplete()) {
            round = null;
        } else if (ended.flushed.isDone() && log.durableEnd() > ended.flushed.lastEntry()) {
            ended.ends.forEach((stream, end) -> stream.storedBelow = end);
            writeStreams(ended.ends);
            round = null;
        }
    }

    private static Map<StreamState, Long> stored(Collection<StreamState> of) {
        Map<StreamState, Long> ends = new HashMap<>();
        of.forEach(stream -> ends.put(stream, stream.storedBelow));
        return ends;
    }

    /** Writes the names of streams and what is stored of them. */
    private void writeStreams(Map<StreamState, Long> ends) {
        loose.write(out -> ends.forEach((stream, end) -> {
            Op.putStream(out, stream.number, stream.id);
            Op.putStored(out, stream.number, end);
        }));
    }
}
