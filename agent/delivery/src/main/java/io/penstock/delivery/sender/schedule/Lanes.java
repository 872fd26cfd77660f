package io.penstock.delivery.sender.schedule;

import io.penstock.delivery.kinesis.shards.Hash128;
import io.penstock.delivery.kinesis.shards.Shard;
import io.penstock.delivery.kinesis.shards.ShardMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The records in memory, by shard and within it by partition key.
 *
 * <p>Where order per key counts, the later records of a key wait behind its first one, which has a turn for all of
 * them; otherwise, and when it is bound late, each record has its own. Late-bound records wait in a lane of no shard.
 * Owned by the sender's thread; bounded by the window that the reader keeps.
 */
public final class Lanes {
    /** Where a stream has more shards than this, neighbours share a lane, so that a stream's memory stays bounded. */
    public static final int MOST_LANES = 256;

    private final boolean perKey;
    private final long windowBytes;
    private final Paces paces;
    private final KeyTable keys = new KeyTable();
    private final Lane unbound;
    private ShardMap map = ShardMap.UNKNOWN;
    private int mapVersion = 1;
    private int shardsPerLane = 1;
    private List<Lane> lanes;
    private long heldBytes;
    private int heldRecords;
    private boolean aggregating;

    /** Makes the pace of shards that were not known before. */
    @FunctionalInterface
    public interface Paces {
        Pace of(int shards, long now);
    }

    /** @param free a pace that never holds back */
    public Lanes(boolean perKey, long windowBytes, Paces paces, Pace free, long now) {
        this.perKey = perKey;
        this.windowBytes = windowBytes;
        this.paces = paces;
        this.unbound = new Lane(List.of(new Shard("", Hash128.MIN, Hash128.MAX)), free);
        this.lanes = List.of(new Lane(map.shards(), paces.of(1, now)));
    }

    public ShardMap map() {
        return map;
    }

    /** Rising by hash key; one per shard, or one for every few of them. */
    public List<Lane> lanes() {
        return lanes;
    }

    /** Where records wait that may go to any shard. */
    public Lane unbound() {
        return unbound;
    }

    /** The place in the map of the shard that stores the record; 0 when it is bound late. */
    public int shardOf(SendRecord record) {
        if (record.mapVersion() != mapVersion) {
            record.placed(record.lateBound() ? 0 : map.indexOf(record.hashHigh(), record.hashLow()), mapVersion);
        }
        return record.shard();
    }

    public Lane laneOf(SendRecord record, int shard) {
        return record.lateBound() ? unbound : lanes.get(shard / shardsPerLane);
    }

    public Lane laneOf(SendRecord record) {
        return laneOf(record, shardOf(record));
    }

    public Lane laneOf(Hash128 point) {
        return lanes.get(map.indexOf(point) / shardsPerLane);
    }

    /** Bytes in memory: waiting or out. */
    public long heldBytes() {
        return heldBytes;
    }

    /** Records in memory: waiting or out. */
    public int heldRecords() {
        return heldRecords;
    }

    /** Whether the record taken up last may share a Kinesis record with others. */
    public boolean aggregating() {
        return aggregating && map.known();
    }

    /** A lane's part of the window, so that a slow one leaves the others theirs. */
    public long share() {
        return windowBytes / (lanes.size() + 1);
    }

    public boolean hasRoom(Lane lane, int bytes) {
        return lane.dry() || lane.queuedBytes() + bytes <= share();
    }

    /** Whether a lane that had records of late has none left. */
    public boolean anyIdle() {
        for (Lane lane : lanes) {
            if (lane.used && lane.dry()) {
                return true;
            }
        }
        return unbound.used && unbound.dry();
    }

    /** Idle lanes have been looked after: {@link #anyIdle} is false until one of them has had records again. */
    public void lookedAfterIdle() {
        for (Lane lane : lanes) {
            lane.used &= !lane.dry();
        }
        unbound.used &= !unbound.dry();
    }

    /** @param lane that of its key */
    public void add(SendRecord record, Lane lane, long now) {
        heldBytes += record.size();
        heldRecords++;
        aggregating = record.aggregates();
        lane.used = true;
        if (keyed(record)) {
            SendRecord first = keys.find(record);
            if (first != null) {
                lane.addBehind(first, record);
                return;
            }
            keys.add(record);
        }
        lane.add(record, now);
    }

    /** Whether it must not go while another one of its key is out. */
    public boolean keyed(SendRecord record) {
        return perKey && !record.lateBound();
    }

    /**
     * A call came back.
     *
     * @param keysOut the first records of the keys that it kept out: they may be sent from again
     * @param notStored in the call's order; they go back to where they were
     */
    public void callDone(List<SendRecord> keysOut, List<SendRecord> notStored) {
        for (int i = notStored.size() - 1; i >= 0; i--) {
            SendRecord record = notStored.get(i);
            Lane lane = laneOf(record);
            SendRecord first = keyed(record) ? keys.find(record) : null;
            if (first == null) {
                lane.putBack(record);
            } else {
                lane.putBackBehind(first, record);
            }
        }
        for (SendRecord first : keysOut) {
            keyBack(first);
        }
    }

    /** Of a key that was out, the first one that is left has the turn for all of them from now on. */
    private void keyBack(SendRecord first) {
        first.out = false;
        RecordQueue left = first.followers;
        if (left == null || left.records() == 0) {
            keys.remove(first);
            return;
        }
        first.followers = null;
        SendRecord next = left.take();
        if (next != first) {
            keys.remove(first);
            keys.add(next);
        }
        next.followers = left.records() == 0 ? null : left;
        laneOf(next).makeReady(next, first.readySince);
    }

    /** Visits every record that waits; some of those that are out, and some records twice. */
    public void forEachWaiting(Consumer<SendRecord> visitor) {
        lanes.forEach(lane -> lane.forEachReady(visitor));
        unbound.forEachReady(visitor);
        keys.forEach(first -> {
            visitor.accept(first);
            RecordQueue followers = first.followers;
            if (followers != null) {
                followers.forEach(visitor);
            }
        });
    }

    /** The record is settled and leaves memory. */
    public void forget(SendRecord record) {
        heldBytes -= record.size();
        heldRecords--;
    }

    /** The stream was resharded: everything that waits goes to the lane of the shard that its key is in now. */
    public void replace(ShardMap newMap, long now) {
        List<Lane> old = lanes;
        map = newMap;
        mapVersion++;
        lanes = lanesOf(newMap, old, now);
        keys.forEach(first -> laneOf(first).adopt(first, now));
        for (Lane lane : old) {
            for (SendRecord record : lane.giveUp()) {
                if (!perKey) {
                    Lane to = laneOf(record);
                    to.used = true;
                    to.add(record, now);
                }
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
}
