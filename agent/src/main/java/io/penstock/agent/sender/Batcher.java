package io.penstock.agent.sender;

import io.penstock.agent.target.Hash128;
import io.penstock.agent.target.PutCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Fills calls from the lanes: full ones at once, others when their first record has lingered. The lanes are served in
 * turn, a key at a time, each as its shard's pace allows. Owned by the sender's thread.
 */
final class Batcher {
    private final String stream;
    private final Lanes lanes;
    private final CallLimits limits;
    private final RandomGenerator random;
    private int turn;
    private int nextShard;

    Batcher(String stream, Lanes lanes, CallLimits limits, RandomGenerator random) {
        this.stream = stream;
        this.lanes = lanes;
        this.limits = limits;
        this.random = random;
    }

    /**
     * When a call should go out: {@code now} or before for at once, {@link Long#MAX_VALUE} when nothing waits.
     *
     * @param runs whether several records of one key may share a call
     * @param flush not to linger
     */
    long due(long now, boolean runs, boolean flush) {
        int sendable = 0;
        long bytes = 0;
        long due = Long.MAX_VALUE;
        for (int i = 0; i <= lanes.lanes().size(); i++) {
            Lane lane = lane(i);
            RecordQueue first = lane.firstReady();
            if (first == null) {
                continue;
            }
            long opens = lane == lanes.unbound() ? anyOpens(now) : opens(lane, now);
            if (opens <= now) {
                sendable += lane.sendable(runs);
                bytes += lane.readyBytes();
                due = Math.min(due, flush ? now : first.readySince + limits.lingerNanos());
            } else {
                due = Math.min(due, opens);
            }
        }
        boolean full = sendable >= limits.maxRecords() || bytes >= limits.maxBytes();
        return full ? now : due;
    }

    /** Whether what may go now is enough for so many calls. */
    boolean fills(int calls, long now, boolean runs) {
        long records = (long) calls * limits.maxRecords();
        long bytes = calls * limits.maxBytes();
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

    /** Fills one call with what may go now; empty when nothing may. */
    Optional<Call> fill(long now, boolean runs) {
        Draft draft = new Draft(runs);
        List<Lane> open = new ArrayList<>();
        int count = lanes.lanes().size() + 1;
        for (int i = 0; i < count; i++) {
            Lane lane = lane((i + turn) % count);
            if (lane.firstReady() != null && lane.pace().open(now)) {
                open.add(lane);
            }
        }
        turn = (turn + 1) % count;
        while (!draft.closed && !open.isEmpty()) {
            open.removeIf(lane -> draft.closed || !draft.takeKey(lane, now));
        }
        return draft.records.isEmpty() ? Optional.empty() : Optional.of(draft.call(now));
    }

    private Lane lane(int index) {
        return index < lanes.lanes().size() ? lanes.lanes().get(index) : lanes.unbound();
    }

    /** A call being filled. */
    private final class Draft {
        private final boolean runs;
        private final List<SendRecord> records = new ArrayList<>(limits.maxRecords());
        private final List<Lane> recordLanes = new ArrayList<>(limits.maxRecords());
        private final List<RecordQueue> queuesOut = new ArrayList<>(limits.maxRecords());
        private final Map<Lane, String> points = new HashMap<>();
        private int maxRecords = limits.maxRecords();
        private long bytes;
        private boolean closed;

        Draft(boolean runs) {
            this.runs = runs;
        }

        /** Takes a turn's worth from the lane's first queue; false when the lane has nothing more for this call. */
        boolean takeKey(Lane lane, long now) {
            RecordQueue queue = lane.firstReady();
            if (queue == null || !lane.pace().allows()) {
                return false;
            }
            boolean several = runs && queue.serial();
            boolean took = false;
            do {
                took |= take(lane, queue, now);
            } while (several
                    && took
                    && !closed
                    && queue.records() > 0
                    && lane.pace().allows());
            if (took) {
                if (queue.serial()) {
                    queue.out = true;
                    queuesOut.add(queue);
                }
                if (queue.serial() || queue.records() == 0) {
                    lane.served();
                }
            }
            return took;
        }

        private boolean take(Lane lane, RecordQueue queue, long now) {
            SendRecord first = queue.peek();
            if (first == null || !fits(first)) {
                closed |= first != null;
                return false;
            }
            Lane target = first.lateBound() ? bind(first, now) : lane;
            if (target == null) {
                return false;
            }
            lane.take();
            target.pace().charge(first.size());
            records.add(first);
            recordLanes.add(target);
            bytes += first.size();
            maxRecords = Math.min(maxRecords, first.maxCall());
            first.attempted();
            closed = records.size() >= maxRecords;
            return true;
        }

        private boolean fits(SendRecord record) {
            return records.isEmpty()
                    || (records.size() < Math.min(maxRecords, record.maxCall())
                            && bytes + record.size() <= limits.maxBytes());
        }

        private @Nullable Lane bind(SendRecord record, long now) {
            if (record.bound()) {
                return record.explicitHashKey().isEmpty()
                        ? lanes.laneOf(Hash128.ofKey(record.partitionKey()))
                        : lanes.laneOf(Hash128.parse(record.explicitHashKey()));
            }
            Lane lane = withRoom(now);
            if (lane != null) {
                record.bind(LateKey.next(random), lanes.map().known() ? points.computeIfAbsent(lane, this::point) : "");
            }
            return lane;
        }

        private @Nullable Lane withRoom(long now) {
            List<Lane> all = lanes.lanes();
            for (int i = 0; i < all.size(); i++) {
                nextShard = (nextShard + 1) % all.size();
                Lane lane = all.get(nextShard);
                if (lane.pace().open(now) && lane.pace().allows()) {
                    return lane;
                }
            }
            return null;
        }

        private String point(Lane lane) {
            return Hash128.between(lane.range().first(), lane.range().last(), random)
                    .toDecimal();
        }

        Call call(long now) {
            return new Call(
                    new PutCall(stream, records, limits.askOrdered()),
                    records,
                    recordLanes,
                    queuesOut,
                    runs,
                    bytes,
                    now + limits.timeoutNanos());
        }
    }
}
