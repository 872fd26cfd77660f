package io.penstock.delivery.sender.schedule;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.kinesis.shards.Shard;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The records that wait for one shard, or for a few adjacent shards of a very large stream, and the pace of these
 * shards. A record is ready if no record of its key is in flight or before it. Ready records are served in turn, each
 * together with the records behind it.
 */
@OwnedBy(ThreadRole.SENDER)
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

    /** True if the lane had a record since the last check for idle lanes. */
    boolean used;

    private double callStored;
    private double callThrottled;
    private double minuteStored;
    private long minuteRecords;
    private long minuteBytes;

    /**
     * What the lane's shards stored since the last call of {@link #take}.
     *
     * @param cost as {@link Pace#cost}
     * @param records Kinesis records
     * @param bytes their size
     */
    public record Taken(double cost, long records, long bytes) {}

    /** @param shards adjacent shards in ascending order of hash keys */
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

    /** A shard of this lane stored a Kinesis record of the call that is being settled. */
    public void stored(double cost, int bytes) {
        callStored += cost;
        minuteStored += cost;
        minuteRecords++;
        minuteBytes += bytes;
    }

    /** A shard of this lane throttled a Kinesis record of the call that is being settled. */
    public void throttled(double cost) {
        callThrottled += cost;
    }

    /** The call is settled: the pace adapts to what was {@link #stored} and {@link #throttled}. */
    public void settled(long sentAt, long now) {
        if (callStored > 0 || callThrottled > 0) {
            pace.answered(callStored, callThrottled, sentAt, now);
            callStored = 0;
            callThrottled = 0;
        }
    }

    /** Returns and resets what the shards stored. */
    public Taken take() {
        Taken taken = new Taken(minuteStored, minuteRecords, minuteBytes);
        minuteStored = 0;
        minuteRecords = 0;
        minuteBytes = 0;
        return taken;
    }

    /** The hash key range of the lane's shards together, with the id of the first one. */
    public Shard range() {
        return range;
    }

    /**
     * True if the lane sends to this shard. Called for each record of an answer, in which the records of one shard
     * usually share one id object.
     */
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

    /** The name for messages; empty while the shards are unknown. */
    public String name() {
        return shards() == 1 ? range.id() : range.id() + " and " + (shards() - 1) + " more";
    }

    /** The number of shards. */
    public int shards() {
        return shardIds.size();
    }

    public Pace pace() {
        return pace;
    }

    /** Bytes that wait in the lane, ready or behind a call in flight. */
    public long queuedBytes() {
        return queuedBytes;
    }

    public boolean dry() {
        return queuedRecords == 0;
    }

    /**
     * The number of records that calls could take now: one per key, or all of a key if {@code runs} of one key may
     * share a call.
     */
    public int sendable(boolean runs) {
        return runs ? readyRecords : ready.size();
    }

    /** Bytes of the ready records and of those behind them. */
    public long readyBytes() {
        return readyBytes;
    }

    @Nullable
    public SendRecord firstReady() {
        return ready.peekFirst();
    }

    /** Adds the first record of its key, or a record without an order. */
    void add(SendRecord record, long now) {
        queued(record);
        makeReady(record, now);
    }

    /** Adds a record behind the first one of its key. */
    void addBehind(SendRecord first, SendRecord record) {
        first.behind().add(record);
        queued(record);
        if (!first.out) {
            readyRecords++;
            readyBytes += record.size();
        }
    }

    /** Removes the first ready record for a call; the records behind it are not ready until it returns. */
    public void takeFirst() {
        SendRecord first = ready.removeFirst();
        readyRecords -= 1 + first.recordsBehind();
        readyBytes -= first.size() + first.bytesBehind();
        unqueued(first);
    }

    /** Removes a further record of a key whose first record is in flight. */
    public void takeBehind(RecordQueue followers) {
        unqueued(followers.take());
    }

    /** Returns a record without an order. */
    void putBack(SendRecord record) {
        queued(record);
        ready.addFirst(record);
        readyRecords++;
        readyBytes += record.size();
    }

    /**
     * Returns a record behind the first one of its key, which is still in flight; it may be that record itself. The
     * last one must be returned first.
     */
    void putBackBehind(SendRecord first, SendRecord record) {
        first.behind().putBack(record);
        queued(record);
    }

    /** @param since when it began to linger; a record that waited behind a call has lingered already */
    void makeReady(SendRecord first, long since) {
        first.readySince = since;
        ready.addLast(first);
        readyRecords += 1 + first.recordsBehind();
        readyBytes += first.size() + first.bytesBehind();
    }

    /** Visits the ready records without those behind them. */
    void forEachReady(Consumer<SendRecord> visitor) {
        ready.forEach(visitor);
    }

    /** Removes all ready records: a call in flight may keep the lane in memory, but must not keep the records. */
    List<SendRecord> giveUp() {
        List<SendRecord> left = List.copyOf(ready);
        ready.clear();
        return left;
    }

    /** Adds a key whose records belong to this lane from now on. */
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
