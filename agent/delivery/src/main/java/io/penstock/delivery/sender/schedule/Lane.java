package io.penstock.delivery.sender.schedule;

import io.penstock.delivery.kinesis.shards.Shard;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one shard, or for a few neighbours where shards are very many, and the pace that they take it at. A
 * record is ready when none of its key is out or before it; those are served in turn, each with what waits behind it.
 * Owned by the sender's thread.
 */
public final class Lane {
    private final Shard range;
    private final Set<String> shardIds;
    private final Pace pace;
    private final ArrayDeque<SendRecord> ready = new ArrayDeque<>();
    private long queuedBytes;
    private int queuedRecords;
    private String heldLast;
    private int readyRecords;
    private long readyBytes;

    /** Had a record since idle lanes were last looked after. */
    boolean used;

    private double callStored;
    private double callThrottled;
    private double minuteStored;
    private long minuteRecords;
    private long minuteBytes;

    /**
     * What its shards stored since the last look.
     *
     * @param cost as {@link Pace#cost}
     * @param records Kinesis records
     * @param bytes their bytes
     */
    public record Taken(double cost, long records, long bytes) {}

    /** @param shards neighbours, rising by hash key */
    Lane(List<Shard> shards, Pace pace) {
        this.range = rangeOf(shards);
        this.shardIds = shards.stream().map(Shard::id).collect(Collectors.toUnmodifiableSet());
        this.heldLast = range.id();
        this.pace = pace;
    }

    static Shard rangeOf(List<Shard> shards) {
        Shard first = shards.get(0);
        return new Shard(
                first.id(), first.first(), shards.get(shards.size() - 1).last());
    }

    /** Its shards stored a Kinesis record of the call that is being settled. */
    public void stored(double cost, int bytes) {
        callStored += cost;
        minuteStored += cost;
        minuteRecords++;
        minuteBytes += bytes;
    }

    /** Its shards throttled a Kinesis record of the call that is being settled. */
    public void throttled(double cost) {
        callThrottled += cost;
    }

    /** The call is settled: its pace learns what was {@link #stored} and {@link #throttled} of it. */
    public void settled(long sentAt, long now) {
        if (callStored > 0 || callThrottled > 0) {
            pace.answered(callStored, callThrottled, sentAt, now);
            callStored = 0;
            callThrottled = 0;
        }
    }

    /** What its shards stored since this was called last. */
    public Taken take() {
        Taken taken = new Taken(minuteStored, minuteRecords, minuteBytes);
        minuteStored = 0;
        minuteRecords = 0;
        minuteBytes = 0;
        return taken;
    }

    /** The hash keys that its shards hold together, with the first one's id. */
    public Shard range() {
        return range;
    }

    /** Whether it sends to this shard. Asked for each record of an answer, which mostly has one object for a shard. */
    public boolean holds(String shardId) {
        if (shardId.equals(heldLast)) {
            return true;
        }
        boolean held = shardIds.contains(shardId);
        if (held) {
            heldLast = shardId;
        }
        return held;
    }

    /** For people; empty while the shards are not known. */
    public String name() {
        return shards() == 1 ? range.id() : range.id() + " and " + (shards() - 1) + " more";
    }

    /** How many shards it sends to. */
    public int shards() {
        return shardIds.size();
    }

    public Pace pace() {
        return pace;
    }

    /** Bytes that wait here, ready or behind a call that is out. */
    public long queuedBytes() {
        return queuedBytes;
    }

    public boolean dry() {
        return queuedRecords == 0;
    }

    /**
     * How many records calls could take now: one per key, or all of them where {@code runs} of a key may share a call.
     */
    public int sendable(boolean runs) {
        return runs ? readyRecords : ready.size();
    }

    /** Of what is ready and what waits behind it. */
    public long readyBytes() {
        return readyBytes;
    }

    @Nullable
    public SendRecord firstReady() {
        return ready.peekFirst();
    }

    /** Adds the first one of its key, or one whose order does not matter. */
    void add(SendRecord record, long now) {
        queued(record);
        makeReady(record, now);
    }

    /** Adds one behind the first of its key. */
    void addBehind(SendRecord first, SendRecord record) {
        first.behind().add(record);
        queued(record);
        if (!first.out) {
            readyRecords++;
            readyBytes += record.size();
        }
    }

    /** Takes the first ready record into a call; what is behind it is not ready meanwhile. */
    public void takeFirst() {
        SendRecord first = ready.removeFirst();
        readyRecords -= 1 + first.recordsBehind();
        readyBytes -= first.size() + first.bytesBehind();
        unqueued(first);
    }

    /** Takes one more of a key whose first record is out. */
    public void takeBehind(RecordQueue followers) {
        unqueued(followers.take());
    }

    /** Puts back one whose order does not matter. */
    void putBack(SendRecord record) {
        queued(record);
        ready.addFirst(record);
        readyRecords++;
        readyBytes += record.size();
    }

    /** Puts one back behind the first of its key, which is still out; it may be that one itself. Last ones first. */
    void putBackBehind(SendRecord first, SendRecord record) {
        first.behind().putBack(record);
        queued(record);
    }

    /** @param since when it began to linger; what waited behind a call has done so already */
    void makeReady(SendRecord first, long since) {
        first.readySince = since;
        ready.addLast(first);
        readyRecords += 1 + first.recordsBehind();
        readyBytes += first.size() + first.bytesBehind();
    }

    /** Visits the records that are ready, but not those behind them. */
    void forEachReady(Consumer<SendRecord> visitor) {
        ready.forEach(visitor);
    }

    /** Lets go of what is ready: a call that is out keeps the lane, and must not keep the records. */
    List<SendRecord> giveUp() {
        List<SendRecord> left = List.copyOf(ready);
        ready.clear();
        return left;
    }

    /** A key whose records are in this shard from now on. */
    void adopt(SendRecord first, long now) {
        queuedBytes += first.bytesBehind();
        queuedRecords += first.recordsBehind();
        if (!first.out) {
            add(first, now);
        }
        used |= queuedRecords > 0;
    }

    private void queued(SendRecord record) {
        queuedBytes += record.size();
        queuedRecords++;
    }

    private void unqueued(SendRecord record) {
        queuedBytes -= record.size();
        queuedRecords--;
    }
}
