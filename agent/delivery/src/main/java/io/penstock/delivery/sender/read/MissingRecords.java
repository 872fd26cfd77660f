package io.penstock.delivery.sender.read;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.sender.call.Call;
import io.penstock.delivery.sender.schedule.Lanes;
import io.penstock.delivery.spool.Backlog;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.LongStream;

/**
 * Reports to the backlog the records that can no longer be read: dropped to make room, or damaged. Records in memory
 * are still sent, so they are not lost.
 */
@OwnedBy(ThreadRole.SENDER)
public final class MissingRecords {
    private final Backlog backlog;
    private final Lanes lanes;
    private final Collection<Call> out;
    private long givenUpTo;
    private long lookedFrom;
    private long lookedTo;

    /** @param out the calls in flight, a live view */
    public MissingRecords(Backlog backlog, Lanes lanes, Collection<Call> out) {
        this.backlog = backlog;
        this.lanes = lanes;
        this.out = out;
        this.givenUpTo = backlog.start();
    }

    /**
     * Checks whether the log has dropped its oldest records. To be called once per pass; cheap if nothing was dropped.
     */
    public void look() {
        long to = Math.min(backlog.kept(), backlog.start() + backlog.span());
        if (to > givenUpTo) {
            lost(Math.max(givenUpTo, backlog.start()), to);
            givenUpTo = to;
        }
    }

    /** Records that were read or skipped before could not be found when they were to be read again. */
    void foundMissing(long from, long to) {
        boolean known = from >= lookedFrom && to <= lookedTo;
        if (!known && to > backlog.start()) {
            lookedFrom = from;
            lookedTo = to;
            lost(from, to);
        }
    }

    private void lost(long from, long to) {
        long at = from;
        for (long held : held(from, to)) {
            if (at < held) {
                backlog.lost(at, held);
            }
            at = held + 1;
        }
        if (at < to) {
            backlog.lost(at, to);
        }
    }

    /** The offsets of the records in memory, rising. */
    private long[] held(long from, long to) {
        LongStream.Builder offsets = LongStream.builder();
        lanes.forEachWaiting(record -> offsets.add(record.offset()));
        out.forEach(call -> call.records().forEach(record -> offsets.add(record.offset())));
        long[] held = offsets.build().filter(each -> each >= from && each < to).toArray();
        Arrays.sort(held);
        return held;
    }
}
