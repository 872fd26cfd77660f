package io.penstock.delivery.sender.schedule;

import io.penstock.delivery.kinesis.put.PutEntry;
import io.penstock.delivery.kinesis.shards.Hash128;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One record between the spool and its stream: one object and one array, because each is touched several times on the
 * way and memory out of the caches is most of what a record costs; the array only when it is filled and sent. Owned by
 * the sender's thread; while it is out in a call, the endpoint reads key and data, which do not change then.
 */
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
    private boolean perhapsStored;
    private boolean perhapsSentBefore;

    /** The next in its {@link RecordQueue}. */
    @Nullable
    SendRecord next;

    /** The next one of the same slot in {@link KeyTable}. */
    @Nullable
    SendRecord chained;

    /** Those of its key that wait behind it, where it is the first of them; null for none. */
    @Nullable
    RecordQueue followers;

    /** It is in a call, as the first of its key: nothing else of the key may be sent. */
    boolean out;

    /** When it, or an earlier one of its key, became sendable, in nanoseconds. */
    long readySince;

    /**
     * Its key is to be hashed before it goes anywhere: {@link #hashed}.
     *
     * @param keyAndData the partition key's bytes, none when it is bound late, and the data behind them
     * @param memory what it takes of the memory budget
     * @param aggregates whether it may share a Kinesis record with others
     */
    public SendRecord(long offset, byte[] keyAndData, int keyBytes, int memory, boolean aggregates) {
        this.offset = offset;
        this.keyAndData = keyAndData;
        this.bytes = keyAndData.length;
        this.keyBytes = keyBytes;
        this.memory = memory;
        this.aggregates = aggregates;
    }

    /** It goes out as the first of its key: nothing else of the key may be sent until it is back. */
    public void goesOut() {
        out = true;
    }

    /** Those of its key that wait behind it, where it is the first of them; null for none. */
    public @Nullable RecordQueue followers() {
        return followers;
    }

    /** When it, or an earlier one of its key, became sendable, in nanoseconds. */
    public long readySince() {
        return readySince;
    }

    /** Says where its key hashes to. */
    public SendRecord hashed(long high, long low) {
        hashHigh = high;
        hashLow = low;
        return this;
    }

    public long offset() {
        return offset;
    }

    /**
     * What its partition key hashes to, and what stands for the key: two keys that shared it would merely keep their
     * order among each other too. Zero when it is bound late.
     */
    public Hash128 point() {
        return new Hash128(hashHigh, hashLow);
    }

    /** The first half of {@link #point()}. */
    public long hashHigh() {
        return hashHigh;
    }

    /** The second half of {@link #point()}. */
    public long hashLow() {
        return hashLow;
    }

    /** Where its key is in the shard map of that version: looked for once, as a record is asked several times. */
    void placed(int placeInMap, int version) {
        shard = placeInMap;
        mapVersion = version;
    }

    /** The place in the map that {@link #placed} says. */
    int shard() {
        return shard;
    }

    /** Which map {@link #shard()} is of; 0 for none. */
    int mapVersion() {
        return mapVersion;
    }

    /** Whether no key was given, so that the sender chooses one. */
    public boolean lateBound() {
        return keyBytes == 0;
    }

    /** Bytes as the service counts them: data and partition key. */
    public int size() {
        return bytes + (lateBound() ? LateKey.BYTES : 0);
    }

    public boolean aggregates() {
        return aggregates;
    }

    public int memory() {
        return memory;
    }

    /** Records that wait behind it. */
    int recordsBehind() {
        return followers == null ? 0 : followers.records();
    }

    /** Bytes of {@link #recordsBehind()}. */
    long bytesBehind() {
        return followers == null ? 0 : followers.bytes();
    }

    /** Where records of its key wait behind it; made when it is asked for first. */
    public RecordQueue behind() {
        RecordQueue queue = followers;
        if (queue == null) {
            queue = new RecordQueue();
            followers = queue;
        }
        return queue;
    }

    /** Gives a late-bound record its key for the next attempt. */
    public void bind(byte[] newPartitionKey, String newExplicitHashKey) {
        lateKey = newPartitionKey;
        explicitHashKey = newExplicitHashKey;
    }

    /** Whether an attempt fixed the key: its outcome is unknown, and another key would store it elsewhere. */
    public boolean bound() {
        return lateBound() && perhapsStored;
    }

    public void attempted() {
        attempts++;
    }

    public int attempts() {
        return attempts;
    }

    /** The most records that the next call with this one may carry: a refused call is halved to find the culprit. */
    public int maxCall() {
        return maxCall;
    }

    public void limitCall(int records) {
        maxCall = records;
    }

    /** Whether an earlier attempt may have stored it, so that storing it again may duplicate it. */
    public boolean perhapsStored() {
        return perhapsStored;
    }

    public void outcomeUnknown() {
        perhapsStored = true;
    }

    /** Whether a sender that was thrown away may have sent it, so that storing it now may duplicate it. */
    public boolean perhapsSentBefore() {
        return perhapsSentBefore;
    }

    public void sentBefore() {
        perhapsSentBefore = true;
    }

    /** Where key and data lie: the data from {@link #dataFrom()} on, the key before it unless it is bound late. */
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

    /** Whether both go under the same partition key, as they are bound now. */
    public boolean sameKey(SendRecord other) {
        if (hashLow != other.hashLow || hashHigh != other.hashHigh) {
            return false;
        }
        byte[] mine = lateBound() ? lateKey : keyAndData;
        byte[] others = other.lateBound() ? other.lateKey : other.keyAndData;
        return Arrays.equals(mine, 0, keyBytes(), others, 0, other.keyBytes());
    }
}
