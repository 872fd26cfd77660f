package io.penstock.agent.sender;

import io.penstock.agent.target.Hash128;
import io.penstock.agent.target.PutCall;
import io.penstock.agent.target.PutEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call being filled. Records that may share a Kinesis record are put together by the shard that they are predicted
 * for. Owned by the sender's thread, made for one call.
 */
final class Draft {
    private static final @Nullable Open[] NONE = {};

    /** Where a call has not room for a full aggregate of each shard, each gets less; where not for so much, some get none. */
    private static final int LEAST_AGGREGATE = 8 << 10;

    private final String stream;
    private final Lanes lanes;
    private final CallLimits limits;
    private final LateBinding late;
    private final boolean runs;
    private final long maxBytes;
    private final int aggregateBytes;
    private final List<PutEntry> entries;
    private final List<Lane> entryLanes;
    private final List<SendRecord> records;
    private final List<RecordQueue> queuesOut;
    private final Map<Lane, String> points = new HashMap<>();
    private @Nullable Open[] aggregates = NONE;
    private int[] entryOf;
    private int maxRecords = Integer.MAX_VALUE;
    private long bytes;
    private boolean closed;

    /** The aggregate of one shard that still takes records, and its place among the entries. */
    private record Open(Aggregate aggregate, int entry) {}

    /** @param runs whether several records of one key may share the call */
    Draft(String stream, Lanes lanes, CallLimits limits, LateBinding late, boolean runs, long maxBytes) {
        this.stream = stream;
        this.lanes = lanes;
        this.limits = limits;
        this.late = late;
        this.runs = runs;
        this.maxBytes = maxBytes;
        this.aggregateBytes =
                aggregateBytes(limits, maxBytes, lanes.map().shards().size());
        this.entries = new ArrayList<>(limits.maxRecords());
        this.entryLanes = new ArrayList<>(limits.maxRecords());
        this.records = new ArrayList<>(limits.maxRecords());
        this.queuesOut = new ArrayList<>(limits.maxRecords());
        this.entryOf = new int[limits.maxRecords()];
    }

    private static int aggregateBytes(CallLimits limits, long maxBytes, int shards) {
        long oneEach = maxBytes / Math.min(limits.maxRecords(), shards);
        return (int) Math.min(limits.aggregateBytes(), Math.max(LEAST_AGGREGATE, oneEach));
    }

    /** Takes a turn's worth from the lane's first queue; false when the lane has nothing more for this call. */
    boolean takeKey(Lane lane, long now) {
        RecordQueue queue = lane.firstReady();
        if (closed || queue == null || !lane.pace().allows()) {
            return false;
        }
        int entry = take(lane, queue, now);
        if (entry < 0) {
            return false;
        }
        if (!queue.serial()) {
            if (queue.records() == 0) {
                lane.served();
            }
            return true;
        }
        while (!closed
                && queue.records() > 0
                && lane.pace().allows()
                && (follows(queue.peek()) || joins(queue.peek(), entry))) {
            int next = take(lane, queue, now);
            if (next < 0) {
                break;
            }
            entry = next;
        }
        queue.out = true;
        queuesOut.add(queue);
        lane.served();
        return true;
    }

    /**
     * Whether the endpoint keeps the record behind the others of its key. It looks at the call's keys, not into
     * aggregates.
     */
    private boolean follows(@Nullable SendRecord record) {
        SendRecord last = records.get(records.size() - 1);
        return runs && record != null && !record.aggregates() && !last.aggregates();
    }

    /** Whether the record would be in the same Kinesis record as the last one of its key, which keeps their order. */
    private boolean joins(@Nullable SendRecord record, int entry) {
        if (record == null || !record.aggregates()) {
            return false;
        }
        Open open = openOf(shardOf(record));
        return open != null && open.entry == entry && open.aggregate.fits(record);
    }

    private @Nullable Open openOf(int shard) {
        return shard < aggregates.length ? aggregates[shard] : null;
    }

    private int shardOf(SendRecord record) {
        if (!record.lateBound()) {
            return lanes.shardOf(record);
        }
        return lanes.map().indexOf(pointOf(record));
    }

    private static Hash128 pointOf(SendRecord record) {
        if (!record.explicitHashKey().isEmpty()) {
            return Hash128.parse(record.explicitHashKey());
        }
        return record.lateBound() ? Hash128.ofKey(record.partitionKey()) : record.point();
    }

    /** Which entry it is in; negative when it does not go into this call. */
    private int take(Lane lane, RecordQueue queue, long now) {
        SendRecord first = queue.peek();
        if (first == null || records.size() >= Math.min(maxRecords, first.maxCall())) {
            closed |= first != null && !records.isEmpty();
            if (first == null || closed) {
                return -1;
            }
        }
        Lane target = lane;
        if (first.lateBound()) {
            Lane chosen = bind(first, now);
            if (chosen == null) {
                return -1;
            }
            target = chosen;
        }
        int entry = first.aggregates() && lanes.map().known() ? aggregate(first, target) : alone(first, target);
        if (entry < 0) {
            // Aggregates of other shards may have room left.
            closed = !first.aggregates();
            return -1;
        }
        lane.take();
        if (records.size() == entryOf.length) {
            entryOf = Arrays.copyOf(entryOf, 2 * entryOf.length);
        }
        entryOf[records.size()] = entry;
        records.add(first);
        maxRecords = Math.min(maxRecords, first.maxCall());
        first.attempted();
        closed = records.size() >= maxRecords || (entries.size() >= limits.maxRecords() && aggregates.length == 0);
        return entry;
    }

    private boolean hasRoom(int size) {
        return entries.isEmpty() || (entries.size() < limits.maxRecords() && bytes + size <= maxBytes);
    }

    private int alone(SendRecord record, Lane target) {
        if (!hasRoom(record.size())) {
            return -1;
        }
        target.pace().charge(record.size());
        entries.add(record);
        entryLanes.add(target);
        bytes += record.size();
        return entries.size() - 1;
    }

    private int aggregate(SendRecord record, Lane target) {
        int shard = shardOf(record);
        Open open = openOf(shard);
        if (open != null && open.aggregate.fits(record)) {
            return join(record, target, open);
        }
        Aggregate fresh = new Aggregate(pin(record), aggregateBytes);
        if (!fresh.fits(record)) {
            return alone(record, target);
        }
        if (!hasRoom(aggregateBytes)) {
            return -1;
        }
        Open next = new Open(fresh, entries.size());
        if (aggregates.length == 0) {
            aggregates = new Open[lanes.map().shards().size()];
        }
        aggregates[shard] = next;
        bytes += aggregateBytes;
        entries.add(fresh);
        entryLanes.add(target);
        return join(record, target, next);
    }

    private int join(SendRecord record, Lane target, Open open) {
        boolean first = open.aggregate.records().isEmpty();
        int before = first ? 0 : open.aggregate.size();
        open.aggregate.add(record);
        target.pace().charge(Pace.cost(open.aggregate.size()) - (first ? 0 : Pace.cost(before)));
        return open.entry;
    }

    private static String pin(SendRecord record) {
        return record.explicitHashKey().isEmpty() ? pointOf(record).toDecimal() : record.explicitHashKey();
    }

    private @Nullable Lane bind(SendRecord record, long now) {
        if (record.bound()) {
            return late.boundLane(record);
        }
        Lane lane = late.next(now);
        if (lane == null) {
            return null;
        }
        String point = points.computeIfAbsent(lane, late::point);
        Open open = record.aggregates() && !point.isEmpty() ? openOf(lanes.map().indexOf(Hash128.parse(point))) : null;
        byte[] shared = open == null ? null : open.aggregate.lateKey().orElse(null);
        record.bind(shared == null ? late.key() : shared, point);
        return lane;
    }

    /** The call, with what it has; empty when it has nothing. */
    Optional<Call> call(long now) {
        if (records.isEmpty()) {
            return Optional.empty();
        }
        List<PutEntry> sent = new ArrayList<>(entries.size());
        for (PutEntry entry : entries) {
            boolean lone =
                    entry instanceof Aggregate aggregate && aggregate.records().size() == 1;
            sent.add(lone ? ((Aggregate) entry).records().get(0) : entry);
        }
        return Optional.of(new Call(
                new PutCall(stream, sent, limits.askOrdered()),
                records,
                Arrays.copyOf(entryOf, records.size()),
                entryLanes,
                queuesOut,
                runs,
                now,
                now + limits.timeoutNanos()));
    }
}
