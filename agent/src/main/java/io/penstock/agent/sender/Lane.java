package io.penstock.agent.sender;

import io.penstock.agent.target.Shard;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one shard, or for a few neighbours where shards are very many, and the pace that they take it at. A queue is ready when it has records and no call
 * of it is out; ready queues are served in turn. Owned by the sender's thread.
 */
final class Lane {
    private final Shard range;
    private final Set<String> shardIds;
    private final Pace pace;
    private final RecordQueue shared;
    private final ArrayDeque<RecordQueue> ready = new ArrayDeque<>();
    private long queuedBytes;
    private int queuedRecords;
    private String heldLast;
    private int readyRecords;
    private long readyBytes;

    /** Had a record since idle lanes were last looked after. */
    boolean used;

    /** What the shard took of the call that is being settled, as {@link Pace#cost}. */
    double callStored;

    /** What the shard throttled of it, as {@link Pace#cost}. */
    double callThrottled;

    /** What the shards took since {@link Usage} looked last, as {@link Pace#cost}. */
    double minuteStored;

    /** Kinesis records among those, and their bytes. */
    long minuteRecords;

    long minuteBytes;

    /** @param shards neighbours, rising by hash key */
    Lane(List<Shard> shards, Pace pace) {
        this.range = rangeOf(shards);
        this.shardIds = shards.stream().map(Shard::id).collect(Collectors.toUnmodifiableSet());
        this.heldLast = range.id();
        this.pace = pace;
        this.shared = RecordQueue.shared(this);
    }

    static Shard rangeOf(List<Shard> shards) {
        Shard first = shards.get(0);
        return new Shard(
                first.id(), first.first(), shards.get(shards.size() - 1).last());
    }

    /** The hash keys that its shards hold together, with the first one's id. */
    Shard range() {
        return range;
    }

    /** Whether it sends to this shard. Asked for each record of an answer, which mostly has one object for a shard. */
    boolean holds(String shardId) {
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
    String name() {
        return shards() == 1 ? range.id() : range.id() + " and " + (shards() - 1) + " more";
    }

    /** How many shards it sends to. */
    int shards() {
        return shardIds.size();
    }

    Pace pace() {
        return pace;
    }

    /** The queue of the records whose order does not matter. */
    RecordQueue shared() {
        return shared;
    }

    /** Bytes that wait here, ready or behind a call that is out. */
    long queuedBytes() {
        return queuedBytes;
    }

    boolean dry() {
        return queuedRecords == 0;
    }

    /** How many records calls could take now: one per key, or all of them where {@code runs} of a key may share a call. */
    int sendable(boolean runs) {
        RecordQueue first = ready.peekFirst();
        return runs || first == null || !first.serial() ? readyRecords : ready.size();
    }

    long readyBytes() {
        return readyBytes;
    }

    @Nullable
    RecordQueue firstReady() {
        return ready.peekFirst();
    }

    /** A record was put into {@code queue}, which is of this lane. */
    void joined(RecordQueue queue, SendRecord record, long now) {
        queuedBytes += record.size();
        queuedRecords++;
        if (queue.out) {
            return;
        }
        if (queue.records() == 1) {
            makeReady(queue, now);
        } else {
            readyRecords++;
            readyBytes += record.size();
        }
    }

    /** Takes the first record of the first ready queue. */
    SendRecord take() {
        RecordQueue first = ready.getFirst();
        SendRecord record = first.take();
        queuedBytes -= record.size();
        queuedRecords--;
        readyRecords--;
        readyBytes -= record.size();
        return record;
    }

    /** @param since when it began to linger; what waited behind a call has done so already */
    void makeReady(RecordQueue queue, long since) {
        queue.readySince = since;
        ready.addLast(queue);
        readyRecords += queue.records();
        readyBytes += queue.bytes();
    }

    /** The first ready queue is served for now: it is out, or empty, or waits for its next turn. */
    void served() {
        RecordQueue first = ready.removeFirst();
        if (!first.out && first.records() > 0) {
            ready.addLast(first);
        } else {
            readyRecords -= first.records();
            readyBytes -= first.bytes();
        }
    }

    /** A queue whose key is in this shard from now on. */
    void adopt(RecordQueue queue, long now) {
        queue.lane = this;
        queuedBytes += queue.bytes();
        queuedRecords += queue.records();
        used |= queue.records() > 0;
        if (!queue.out && queue.records() > 0) {
            makeReady(queue, now);
        }
    }
}
