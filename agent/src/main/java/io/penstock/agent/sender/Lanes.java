package io.penstock.agent.sender;

import io.penstock.agent.target.Hash128;
import io.penstock.agent.target.Shard;
import io.penstock.agent.target.ShardMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The records in memory, by shard and within it by partition key.
 *
 * <p>Where order per key counts, each key has a serial queue; otherwise, and for records that are bound late, a lane
 * has one queue for all. Late-bound records wait in a lane of no shard. Owned by the sender's thread; bounded by the
 * window that {@link Intake} keeps.
 */
final class Lanes {
    /** Where a stream has more shards than this, neighbours share a lane, so that a stream's memory stays bounded. */
    static final int MOST_LANES = 256;

    private final boolean perKey;
    private final long windowBytes;
    private final Paces paces;
    private final KeyTable keys = new KeyTable();
    private final Lane unbound;
    private ShardMap map = ShardMap.UNKNOWN;
    private int shardsPerLane = 1;
    private List<Lane> lanes;
    private long heldBytes;
    private int heldRecords;
    private boolean aggregating;

    /** Makes the pace of shards that were not known before. */
    @FunctionalInterface
    interface Paces {
        Pace of(int shards, long now);
    }

    /** @param free a pace that never holds back */
    Lanes(boolean perKey, long windowBytes, Paces paces, Pace free, long now) {
        this.perKey = perKey;
        this.windowBytes = windowBytes;
        this.paces = paces;
        this.unbound = new Lane(List.of(new Shard("", Hash128.MIN, Hash128.MAX)), free);
        this.lanes = List.of(new Lane(map.shards(), paces.of(1, now)));
    }

    ShardMap map() {
        return map;
    }

    /** Rising by hash key; one per shard, or one for every few of them. */
    List<Lane> lanes() {
        return lanes;
    }

    /** Where records wait that may go to any shard. */
    Lane unbound() {
        return unbound;
    }

    /** The place in the map of the shard that stores the record; 0 when it is bound late. */
    int shardOf(SendRecord record) {
        return record.lateBound() ? 0 : map.indexOf(record.hashHigh(), record.hashLow());
    }

    Lane laneOf(SendRecord record, int shard) {
        return record.lateBound() ? unbound : lanes.get(shard / shardsPerLane);
    }

    Lane laneOf(SendRecord record) {
        return laneOf(record, shardOf(record));
    }

    Lane laneOf(Hash128 point) {
        return lanes.get(map.indexOf(point) / shardsPerLane);
    }

    /** Bytes in memory: waiting or out. */
    long heldBytes() {
        return heldBytes;
    }

    /** Records in memory: waiting or out. */
    int heldRecords() {
        return heldRecords;
    }

    /** Whether the record taken up last may share a Kinesis record with others. */
    boolean aggregating() {
        return aggregating && map.known();
    }

    /** A lane's part of the window, so that a slow one leaves the others theirs. */
    long share() {
        return windowBytes / (lanes.size() + 1);
    }

    boolean hasRoom(Lane lane, int bytes) {
        return lane.dry() || lane.queuedBytes() + bytes <= share();
    }

    /** Whether a lane that had records of late has none left. */
    boolean anyIdle() {
        for (Lane lane : lanes) {
            if (lane.used && lane.dry()) {
                return true;
            }
        }
        return unbound.used && unbound.dry();
    }

    /** Idle lanes have been looked after: {@link #anyIdle} is false until one of them has had records again. */
    void lookedAfterIdle() {
        for (Lane lane : lanes) {
            lane.used &= !lane.dry();
        }
        unbound.used &= !unbound.dry();
    }

    /** @param lane that of its key */
    void add(SendRecord record, Lane lane, long now) {
        heldBytes += record.size();
        heldRecords++;
        aggregating = record.aggregates();
        lane.used = true;
        RecordQueue queue = queueOf(record, lane);
        queue.add(record);
        lane.joined(queue, record, now);
    }

    /**
     * A call came back.
     *
     * @param queuesOut the serial queues that it kept out: they may be sent from again
     * @param notStored in the call's order; they go back to where they were
     */
    void callDone(List<RecordQueue> queuesOut, List<SendRecord> notStored, long now) {
        for (int i = notStored.size() - 1; i >= 0; i--) {
            SendRecord record = notStored.get(i);
            RecordQueue queue = queueOf(record, laneOf(record));
            queue.putBack(record);
            queue.lane.joined(queue, record, now);
        }
        for (RecordQueue queue : queuesOut) {
            queue.out = false;
            if (queue.records() > 0) {
                queue.lane.makeReady(queue, queue.readySince);
            } else {
                keys.remove(queue);
            }
        }
    }

    /** The record is settled and leaves memory. */
    void forget(SendRecord record) {
        heldBytes -= record.size();
        heldRecords--;
    }

    /** The stream was resharded: everything that waits goes to the lane of the shard that its key is in now. */
    void replace(ShardMap newMap, long now) {
        List<Lane> old = lanes;
        map = newMap;
        lanes = lanesOf(newMap, old, now);
        keys.forEach(
                queue -> laneOf(new Hash128(queue.hashHigh(), queue.hashLow())).adopt(queue, now));
        for (Lane lane : old) {
            while (lane.shared().records() > 0) {
                SendRecord record = lane.shared().take();
                Lane to = laneOf(record);
                to.used = true;
                to.shared().add(record);
                to.joined(to.shared(), record, now);
            }
        }
    }

    private List<Lane> lanesOf(ShardMap newMap, List<Lane> old, long now) {
        Map<Shard, Pace> known = new HashMap<>();
        old.forEach(lane -> known.put(lane.range(), lane.pace()));
        List<Shard> shards = newMap.shards();
        shardsPerLane = (shards.size() + MOST_LANES - 1) / MOST_LANES;
        List<Lane> fresh = new ArrayList<>();
        for (int from = 0; from < shards.size(); from += shardsPerLane) {
            List<Shard> together = shards.subList(from, Math.min(shards.size(), from + shardsPerLane));
            Pace pace = known.get(Lane.rangeOf(together));
            fresh.add(new Lane(together, pace != null ? pace : paces.of(together.size(), now)));
        }
        return List.copyOf(fresh);
    }

    private RecordQueue queueOf(SendRecord record, Lane lane) {
        if (!perKey || record.lateBound()) {
            return lane.shared();
        }
        RecordQueue known = keys.find(record);
        if (known != null) {
            return known;
        }
        RecordQueue fresh = RecordQueue.serial(record, lane);
        keys.add(fresh);
        return fresh;
    }
}
