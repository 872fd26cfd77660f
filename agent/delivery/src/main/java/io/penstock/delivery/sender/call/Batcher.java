package io.penstock.delivery.sender.call;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.sender.schedule.Lane;
import io.penstock.delivery.sender.schedule.Lanes;
import io.penstock.delivery.sender.schedule.LateBinding;
import io.penstock.delivery.sender.schedule.SendRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Fills calls from the lanes: full calls at once, others when their first record has lingered. Lanes are served in
 * turn, each by one key or one aggregate at a time, as its shard's pace allows.
 */
@OwnedBy(ThreadRole.SENDER)
public final class Batcher {
    private static final long AGGREGATED_CALL = 1 << 20;

    private final String stream;
    private final Lanes lanes;
    private final CallLimits limits;
    private final LateBinding late;
    private int turn;

    public Batcher(String stream, Lanes lanes, CallLimits limits, RandomGenerator random) {
        this.stream = stream;
        this.lanes = lanes;
        this.limits = limits;
        this.late = new LateBinding(lanes, random);
    }

    /**
     * When a call should go out: {@code now} or earlier for at once, {@link Long#MAX_VALUE} if there are no records.
     *
     * @param runs true if several records of one key may share a call
     * @param flush true to skip the linger time
     */
    public long due(long now, boolean runs, boolean flush) {
        int sendable = 0;
        long bytes = 0;
        long due = Long.MAX_VALUE;
        for (int i = 0; i <= lanes.lanes().size(); i++) {
            Lane lane = lane(i);
            SendRecord first = lane.firstReady();
            if (first == null) {
                continue;
            }
            long opens = lane == lanes.unbound() ? anyOpens(now) : opens(lane, now);
            if (opens <= now) {
                sendable += lane.sendable(runs);
                bytes += lane.readyBytes();
                due = Math.min(due, flush ? now : first.readySince() + limits.lingerNanos());
            } else {
                due = Math.min(due, opens);
            }
        }
        boolean full = sendable >= fullRecords() || bytes >= fullBytes();
        return full ? now : due;
    }

    /** True if the records that may go now fill a call. */
    public boolean fills(long now, boolean runs) {
        long records = fullRecords();
        long bytes = fullBytes();
        for (int i = 0; i <= lanes.lanes().size(); i++) {
            Lane lane = lane(i);
            if (lane.firstReady() != null && lane.pace().open(now)) {
                records -= lane.sendable(runs);
                bytes -= lane.readyBytes();
                if (records <= 0 || bytes <= 0) {
                    return true;
                }
            }
        }
        return false;
    }

    private long fullRecords() {
        return lanes.aggregating() ? Integer.MAX_VALUE : limits.maxRecords();
    }

    /**
     * The size of a full call. Aggregates fill a call long before the service's limit: every shard gets enough for a
     * good call.
     */
    private long fullBytes() {
        long oneEach = (long) lanes.lanes().size() * limits.aggregateBytes();
        long rounds = Math.max(1, AGGREGATED_CALL / oneEach);
        return lanes.aggregating() ? Math.min(limits.maxBytes(), rounds * oneEach) : limits.maxBytes();
    }

    private static long opens(Lane lane, long now) {
        return lane.pace().open(now) ? now : Math.max(now + 1, lane.pace().opensAt(now));
    }

    private long anyOpens(long now) {
        long first = Long.MAX_VALUE;
        for (Lane lane : lanes.lanes()) {
            first = Math.min(first, opens(lane, now));
        }
        return first;
    }

    /**
     * Fills one call with records that may go now; empty if there are none.
     *
     * @param probe true for a call that only tests whether the endpoint works again
     */
    public Optional<Call> fill(long now, boolean runs, boolean probe) {
        PutCallBuilder builder =
                new PutCallBuilder(stream, lanes, probe ? limits.probe() : limits, late, runs, fullBytes());
        List<Lane> open = new ArrayList<>();
        int count = lanes.lanes().size() + 1;
        for (int i = 0; i < count; i++) {
            Lane lane = lane((i + turn) % count);
            if (lane.firstReady() != null && lane.pace().open(now)) {
                open.add(lane);
            }
        }
        turn = (turn + 1) % count;
        while (!open.isEmpty()) {
            open.removeIf(lane -> !builder.takeTurn(lane, now));
        }
        return builder.call(now);
    }

    private Lane lane(int index) {
        return index < lanes.lanes().size() ? lanes.lanes().get(index) : lanes.unbound();
    }
}
