package io.penstock.delivery.sender.call;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.kinesis.put.PutCall;
import io.penstock.delivery.kinesis.put.PutEntry;
import io.penstock.delivery.kinesis.shards.Hash128;
import io.penstock.delivery.sender.schedule.Lane;
import io.penstock.delivery.sender.schedule.Lanes;
import io.penstock.delivery.sender.schedule.LateBinding;
import io.penstock.delivery.sender.schedule.Pace;
import io.penstock.delivery.sender.schedule.RecordQueue;
import io.penstock.delivery.sender.schedule.SendRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Builds one call. Records that may share a Kinesis record are aggregated by their predicted shard. One instance per
 * call.
 */
@OwnedBy(ThreadRole.SENDER)
final class PutCallBuilder {
    private static final @Nullable Open[] NONE = {};

    /**
     * The smallest aggregate. If a call has no room for a full aggregate of each shard, each gets less, but not less
     * than this; then some shards get none.
     */
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
    private final List<SendRecord> keysOut;
    private final Map<Lane, String> points = new HashMap<>();
    private @Nullable Open[] aggregates = NONE;
    private int[] entryOf;
    private int maxRecords = Integer.MAX_VALUE;
    private long bytes;
    private boolean closed;

    /** The aggregate of one shard that still takes records, and its entry. */
    private record Open(Aggregate aggregate, int entry) {}

    /** @param runs true if several records of one key may share the call */
    PutCallBuilder(String stream, Lanes lanes, CallLimits limits, LateBinding late, boolean runs, long maxBytes) {
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
        this.keysOut = new ArrayList<>(limits.maxRecords());
        this.entryOf = new int[limits.maxRecords()];
    }

    private static int aggregateBytes(CallLimits limits, long maxBytes, int shards) {
        long oneEach = maxBytes / Math.min(limits.maxRecords(), shards);
        return (int) Math.min(limits.aggregateBytes(), Math.max(LEAST_AGGREGATE, oneEach));
    }

    /**
     * Takes one turn's records from the lane: one key, and, if there is room for a full aggregate of each shard,
     * further records that fit the open aggregate of their shard. Returns false if the lane has nothing more for this
     * call.
     */
    boolean takeTurn(Lane lane, long now) {
        boolean taken = takeKey(lane, now);
        while (taken && aggregateBytes == limits.aggregateBytes() && joinsOpen(lane.firstReady())) {
            taken = takeKey(lane, now);
        }
        return taken;
    }

    private boolean takeKey(Lane lane, long now) {
        SendRecord first = lane.firstReady();
        if (closed || first == null || !lane.pace().allows()) {
            return false;
        }
        int entry = take(lane, first, now);
        if (entry < 0) {
            return false;
        }
        lane.takeFirst();
        if (lanes.keyed(first)) {
            first.goesOut();
            keysOut.add(first);
            takeBehind(lane, first, entry, now);
        }
        return true;
    }

    /** Takes the records that may share the call with the first record of their key. */
    private void takeBehind(Lane lane, SendRecord first, int entryOfFirst, long now) {
        RecordQueue followers = first.followers();
        int entry = entryOfFirst;
        while (followers != null && !closed && lane.pace().allows()) {
            SendRecord next = followers.peek();
            if (next == null || !(follows(next) || joins(next, entry))) {
                return;
            }
            entry = take(lane, next, now);
            if (entry < 0) {
                return;
            }
            lane.takeBehind(followers);
        }
    }

    /**
     * True if the endpoint keeps the record's order behind earlier records of its key. The endpoint compares the
     * entries' keys, not those inside aggregates.
     */
    private boolean follows(SendRecord record) {
        SendRecord last = records.get(records.size() - 1);
        return runs && !aggregates(record) && !aggregates(last);
    }

    /** True if the record would be in the same Kinesis record as the last one of its key, which keeps their order. */
    private boolean joins(SendRecord record, int entry) {
        Open open = openFor(record);
        return open != null && open.entry == entry;
    }

    private boolean joinsOpen(@Nullable SendRecord record) {
        return record != null && !record.lateBound() && openFor(record) != null;
    }

    /** The open aggregate of the record's shard, if it has room for the record. */
    private @Nullable Open openFor(SendRecord record) {
        if (!aggregates(record)) {
            return null;
        }
        Open open = openOf(shardOf(record));
        return open != null && open.aggregate.fits(record) ? open : null;
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

    /** Takes the record. Returns its entry; negative if it does not fit into this call. */
    private int take(Lane lane, SendRecord record, long now) {
        if (records.size() >= Math.min(maxRecords, record.maxCall())) {
            closed = true;
            return -1;
        }
        Lane target = lane;
        if (record.lateBound()) {
            Lane chosen = bind(record, now);
            if (chosen == null) {
                return -1;
            }
            target = chosen;
        }
        int entry = aggregates(record) && lanes.map().known() ? aggregate(record, target) : alone(record, target);
        if (entry < 0) {
            // Aggregates of other shards may still have room.
            closed = !aggregates(record);
            return -1;
        }
        if (records.size() == entryOf.length) {
            entryOf = Arrays.copyOf(entryOf, 2 * entryOf.length);
        }
        entryOf[records.size()] = entry;
        records.add(record);
        maxRecords = Math.min(maxRecords, record.maxCall());
        record.attempted();
        closed = records.size() >= maxRecords || (entries.size() >= limits.maxRecords() && aggregates.length == 0);
        return entry;
    }

    private boolean aggregates(SendRecord record) {
        return record.aggregates() && !lanes.spreads();
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
        if (open != null && join(record, target, open.aggregate)) {
            return open.entry;
        }
        Aggregate fresh = new Aggregate(pin(record), aggregateBytes);
        if (!fresh.fits(record)) {
            return alone(record, target);
        }
        if (!hasRoom(aggregateBytes)) {
            return -1;
        }
        join(record, target, fresh);
        Open next = new Open(fresh, entries.size());
        if (aggregates.length == 0) {
            aggregates = new Open[lanes.map().shards().size()];
        }
        aggregates[shard] = next;
        bytes += aggregateBytes;
        entries.add(fresh);
        entryLanes.add(target);
        return next.entry;
    }

    /** Adds the record. Returns false if the aggregate has no room. */
    private static boolean join(SendRecord record, Lane target, Aggregate aggregate) {
        double before = aggregate.records().isEmpty() ? 0 : Pace.cost(aggregate.size());
        if (!aggregate.add(record)) {
            return false;
        }
        target.pace().charge(Pace.cost(aggregate.size()) - before);
        return true;
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
        Open open = aggregates(record) && !point.isEmpty() ? openOf(lanes.map().indexOf(Hash128.parse(point))) : null;
        byte[] shared = open == null ? null : open.aggregate.lateKey().orElse(null);
        record.bind(shared == null ? late.key() : shared, point);
        return lane;
    }

    /** The call with the taken records; empty if there are none. */
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
                keysOut,
                runs,
                now,
                now + limits.timeoutNanos()));
    }
}
