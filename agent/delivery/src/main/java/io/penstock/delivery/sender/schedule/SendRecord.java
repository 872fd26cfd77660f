package io.penstock.delivery.sender.schedule;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.kinesis.put.PutEntry;
import io.penstock.delivery.kinesis.shards.Hash128;
import io.penstock.delivery.kinesis.shards.ShardMap;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One record between the spool and its stream. It is one object and one array, because cache misses are most of a
 * record's cost; the array is touched only when it is filled and sent. While the record is in flight, the endpoint
 * reads key and data, which do not change then.
 */
@OwnedBy(ThreadRole.SENDER)
public final class SendRecord implements PutEntry {
    private static final byte[] UNBOUND = new byte[0];

    private final long offset;
    private final byte[] keyAndData;
    private final int bytes;
    private final int keyBytes;
    private final int memory;
    private final boolean aggregates;
    private long hashHigh;
    private long hashLow;
    private int shard;
    private int mapVersion;
    private byte[] lateKey = UNBOUND;
    private String explicitHashKey = "";
    private int attempts;
    private int maxCall = Integer.MAX_VALUE;

    /** The lower half of its stamp: enough for differences of 24 days. */
    private int acceptedAt;

    private boolean perhapsStored;
    private boolean perhapsSentBefore;
    private boolean wantsReceipt;
    private @Nullable Hash128 pin;

    /** The next record in its {@link RecordQueue}. */
    @Nullable
    SendRecord next;

    /** The next record of the same slot in {@link KeyTable}. */
    @Nullable
    SendRecord chained;

    /** If this is the first record of its key, the records behind it; null for none. */
    @Nullable
    RecordQueue followers;

    /** True if the record is in flight as the first of its key: no other record of the key may be sent. */
    boolean out;

    /** When this record, or an earlier one of its key, became ready, in nanoseconds. */
    long readySince;

    /**
     * A record whose key must be hashed before any other use: {@link #hashed}.
     *
     * @param keyAndData the partition key's bytes (none for a late-bound record), and the data behind them
     * @param memory its size in the memory budget
     * @param aggregates true if it may share a Kinesis record with others
     */
    public SendRecord(long offset, byte[] keyAndData, int keyBytes, int memory, boolean aggregates) {
        this.offset = offset;
        this.keyAndData = keyAndData;
        this.bytes = keyAndData.length;
        this.keyBytes = keyBytes;
        this.memory = memory;
        this.aggregates = aggregates;
    }

    /** @param stamp when the spool took it, milliseconds */
    public void acceptedAt(long stamp) {
        acceptedAt = (int) stamp;
    }

    /** Milliseconds from when the spool took it to {@code stamp}. */
    public int waitedUntil(long stamp) {
        return Math.max(0, (int) stamp - acceptedAt);
    }

    /** The record is sent as the first of its key: no other record of the key may be sent until the call returns. */
    public void goesOut() {
        out = true;
    }

    /** If this is the first record of its key, the records behind it; null for none. */
    public @Nullable RecordQueue followers() {
        return followers;
    }

    /** When this record, or an earlier one of its key, became ready, in nanoseconds. */
    public long readySince() {
        return readySince;
    }

    /** Gives it the explicit hash key that came with it. To be called before it is hashed. */
    public void pin(Hash128 point) {
        pin = point;
        explicitHashKey = point.toDecimal();
    }

    /** The explicit hash key that came with it; null for none. */
    public @Nullable Hash128 pin() {
        return pin;
    }

    /** Its source asks where the stream has it. */
    public void wantReceipt() {
        wantsReceipt = true;
    }

    @Override
    public boolean wantsNumber() {
        return wantsReceipt;
    }

    /** Sets the hash of its key, or of key and explicit hash key together. */
    public SendRecord hashed(long high, long low) {
        hashHigh = high;
        hashLow = low;
        return this;
    }

    public long offset() {
        return offset;
    }

    /** What decides its shard: its explicit hash key, else the hash of its partition key. Zero if late-bound. */
    public Hash128 point() {
        return pin == null ? key() : pin;
    }

    /**
     * The hash of its partition key, with an explicit hash key of both. It identifies the key: if two keys had the same
     * hash, their records would only be kept in order unnecessarily. Zero for a late-bound record.
     */
    public Hash128 key() {
        return new Hash128(hashHigh, hashLow);
    }

    /** The upper half of {@link #key()}. */
    public long hashHigh() {
        return hashHigh;
    }

    /** The lower half of {@link #key()}. */
    public long hashLow() {
        return hashLow;
    }

    /** The index of its shard in {@code map}. */
    int shardIn(ShardMap map) {
        return pin == null ? map.indexOf(hashHigh, hashLow) : map.indexOf(pin);
    }

    /** Remembers the index of its shard in the shard map of that version, because it is needed several times. */
    void placed(int placeInMap, int version) {
        shard = placeInMap;
        mapVersion = version;
    }

    /** The index that {@link #placed} has set. */
    int shard() {
        return shard;
    }

    /** The version of the map of {@link #shard()}; 0 for none. */
    int mapVersion() {
        return mapVersion;
    }

    /** True if the record has no given key, so that the sender chooses one. */
    public boolean lateBound() {
        return keyBytes == 0;
    }

    /** Size of data and partition key, as the service counts them. */
    public int size() {
        return bytes + (lateBound() ? LateKey.BYTES : 0);
    }

    public boolean aggregates() {
        return aggregates;
    }

    public int memory() {
        return memory;
    }

    /** The number of records behind it. */
    int recordsBehind() {
        return followers == null ? 0 : followers.records();
    }

    /** Bytes of the records behind it. */
    long bytesBehind() {
        return followers == null ? 0 : followers.bytes();
    }

    /** The queue for records of its key behind it; created at the first call. */
    public RecordQueue behind() {
        RecordQueue queue = followers;
        if (queue == null) {
            queue = new RecordQueue();
            followers = queue;
        }
        return queue;
    }

    /** Sets the key of a late-bound record for the next attempt. */
    public void bind(byte[] newPartitionKey, String newExplicitHashKey) {
        lateKey = newPartitionKey;
        explicitHashKey = newExplicitHashKey;
    }

    /**
     * True if an attempt has fixed the key: its result is unknown, and another key would store the record elsewhere.
     */
    public boolean bound() {
        return lateBound() && perhapsStored;
    }

    public void attempted() {
        attempts++;
    }

    public int attempts() {
        return attempts;
    }

    /**
     * The maximum number of records in the next call with this one: a refused call is halved until the refused record
     * is found.
     */
    public int maxCall() {
        return maxCall;
    }

    public void limitCall(int records) {
        maxCall = records;
    }

    /** True if an earlier attempt may have stored the record, so that storing it again may duplicate it. */
    public boolean perhapsStored() {
        return perhapsStored;
    }

    public void outcomeUnknown() {
        perhapsStored = true;
    }

    /** True if a replaced sender may have sent the record, so that storing it now may duplicate it. */
    public boolean perhapsSentBefore() {
        return perhapsSentBefore;
    }

    public void sentBefore() {
        perhapsSentBefore = true;
    }

    /**
     * The array of key and data: the data from {@link #dataFrom()} on, before it the key unless the record is
     * late-bound.
     */
    public byte[] keyAndData() {
        return keyAndData;
    }

    int dataFrom() {
        return keyBytes;
    }

    @Override
    public byte[] partitionKey() {
        return lateBound() ? lateKey : Arrays.copyOf(keyAndData, keyBytes);
    }

    @Override
    public String explicitHashKey() {
        return explicitHashKey;
    }

    @Override
    public byte[] data() {
        return Arrays.copyOfRange(keyAndData, keyBytes, keyAndData.length);
    }

    @Override
    public int keyBytes() {
        return lateBound() ? lateKey.length : keyBytes;
    }

    @Override
    public int dataBytes() {
        return bytes - keyBytes;
    }

    @Override
    public void copyKey(byte[] target, int at) {
        System.arraycopy(lateBound() ? lateKey : keyAndData, 0, target, at, keyBytes());
    }

    @Override
    public void copyData(byte[] target, int at) {
        System.arraycopy(keyAndData, keyBytes, target, at, dataBytes());
    }

    /** True if both records have the same partition key for their next attempt. */
    public boolean sameKey(SendRecord other) {
        if (hashLow != other.hashLow || hashHigh != other.hashHigh) {
            return false;
        }
        byte[] mine = lateBound() ? lateKey : keyAndData;
        byte[] others = other.lateBound() ? other.lateKey : other.keyAndData;
        return Arrays.equals(mine, 0, keyBytes(), others, 0, other.keyBytes());
    }
}
