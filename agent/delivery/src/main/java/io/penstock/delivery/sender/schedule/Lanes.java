package io.penstock.delivery.sender.schedule;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.OwnerCheck;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.kinesis.shards.Hash128;
import io.penstock.delivery.kinesis.shards.Shard;
import io.penstock.delivery.kinesis.shards.ShardMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The records in memory, by shard and partition key.
 *
 * <p>If the order per key counts, the later records of a key wait behind its first one, which takes one turn for all of
 * them. Otherwise, and for late-bound records, each record takes its own turn. Late-bound records wait in a lane
 * without a shard. Bounded by the reader's window.
 *
 * <p>A stream that spreads its records over the shards, whatever their keys, has one lane: no shard can be predicted,
 * no key has an order, and records are not aggregated, because a consumer discards what is not in its shard's range.
 */
@OwnedBy(ThreadRole.SENDER)
public final class Lanes {
    /**
     * If a stream has more shards than this, adjacent shards share a lane, so that the memory per stream is bounded.
     */
    public static final int MOST_LANES = 256;

    private final boolean perKey;
    private final long windowBytes;
    private final Paces paces;
    private final KeyTable keys = new KeyTable();
    private final OwnerCheck owner = new OwnerCheck();
    private final Lane unbound;
    private ShardMap map = ShardMap.UNKNOWN;
    private int mapVersion = 1;
    private int shardsPerLane = 1;
    private List<Lane> lanes;
    private long heldBytes;
    private int heldRecords;
    private boolean aggregating;
    private boolean spreads;

    /** Creates the pace of a new lane. */
    @FunctionalInterface
    public interface Paces {
        Pace of(int shards, long now);
    }

    /** @param free a pace without a limit */
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

    /** In ascending order of hash keys: one per shard, or one per group of adjacent shards. */
    public List<Lane> lanes() {
        return lanes;
    }

    /** The lane of records that may go to any shard. */
    public Lane unbound() {
        return unbound;
    }

    /** The index in the map of the shard that stores the record; 0 for a late-bound record. */
    public int shardOf(SendRecord record) {
        if (record.mapVersion() != mapVersion) {
            record.placed(record.lateBound() ? 0 : record.shardIn(map), mapVersion);
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

    /** Bytes in memory, waiting or in flight. */
    public long heldBytes() {
        return heldBytes;
    }

    /** Records in memory, waiting or in flight. */
    public int heldRecords() {
        return heldRecords;
    }

    /** True if the record that was added last may share a Kinesis record with others. */
    public boolean aggregating() {
        return aggregating && map.known() && !spreads;
    }

    /** A lane's share of the window, so that a slow lane leaves the others their shares. */
    public long share() {
        return windowBytes / (lanes.size() + 1);
    }

    public boolean hasRoom(Lane lane, int bytes) {
        return lane.dry() || lane.queuedBytes() + bytes <= share();
    }

    /** True if a lane that had records since the last check for idle lanes is empty now. */
    public boolean anyIdle() {
        for (Lane lane : lanes) {
            if (lane.used && lane.dry()) {
                return true;
            }
        }
        return unbound.used && unbound.dry();
    }

    /** Idle lanes were handled: {@link #anyIdle} is false until one of them has had records again. */
    public void lookedAfterIdle() {
        for (Lane lane : lanes) {
            lane.used &= !lane.dry();
        }
        unbound.used &= !unbound.dry();
    }

    /** @param lane the lane of the record's key */
    public void add(SendRecord record, Lane lane, long now) {
        assert owner.isHere();
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

    /** True if the record must not be sent while another one of its key is in flight. */
    public boolean keyed(SendRecord record) {
        return perKey && !spreads && !record.lateBound();
    }

    /**
     * A call has returned.
     *
     * @param keysOut the first records of the keys that the call blocked; these keys may be sent again
     * @param notStored in the call's order; they return to their places
     */
    public void callDone(List<SendRecord> keysOut, List<SendRecord> notStored) {
        assert owner.isHere();
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

    /** A key in flight has returned: its first remaining record takes the turn for all of them. */
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

    /** Visits every waiting record. May also visit records in flight, and a record twice. */
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
        assert owner.isHere();
        heldBytes -= record.size();
        heldRecords--;
    }

    /** The stream was resharded: every waiting record moves to the lane of its key's present shard. */
    public void replace(ShardMap newMap, long now) {
        List<Lane> old = lanes;
        map = newMap;
        mapVersion++;
        lanes = lanesOf(newMap, old, now);
        keys.forEach(first -> laneOf(first).adopt(first, now));
        for (Lane lane : old) {
            for (SendRecord record : lane.giveUp()) {
                if (!perKey || spreads) {
                    Lane to = laneOf(record);
                    to.used = true;
                    to.add(record, now);
                }
            }
        }
    }

    /** True if the stream spreads its records, whatever their keys. */
    public boolean spreads() {
        return spreads;
    }

    /** The stream ignores keys from now on, or no longer. To be called while no call is out. */
    public void spread(boolean now, long time) {
        assert owner.isHere();
        List<SendRecord> waiting = new ArrayList<>();
        for (Lane lane : lanes) {
            for (SendRecord first : lane.giveUp()) {
                waiting.add(first);
                RecordQueue behind = first.followers;
                while (behind != null && behind.records() > 0) {
                    waiting.add(behind.take());
                }
                first.followers = null;
            }
        }
        waiting.sort(Comparator.comparingLong(SendRecord::offset));
        keys.clear();
        spreads = now;
        mapVersion++;
        lanes = lanesOf(map, lanes, time);
        for (SendRecord record : waiting) {
            forget(record);
            add(record, laneOf(record), time);
        }
    }

    private List<Lane> lanesOf(ShardMap newMap, List<Lane> old, long now) {
        Map<Shard, Pace> known = new HashMap<>();
        old.forEach(lane -> known.put(lane.range(), lane.pace()));
        List<Shard> shards = newMap.shards();
        shardsPerLane = spreads ? shards.size() : (shards.size() + MOST_LANES - 1) / MOST_LANES;
        List<Lane> fresh = new ArrayList<>();
        for (int from = 0; from < shards.size(); from += shardsPerLane) {
            List<Shard> together = shards.subList(from, Math.min(shards.size(), from + shardsPerLane));
            Pace pace = known.get(Lane.rangeOf(together));
            fresh.add(new Lane(together, pace != null ? pace : paces.of(together.size(), now)));
        }
        return List.copyOf(fresh);
    }
}
