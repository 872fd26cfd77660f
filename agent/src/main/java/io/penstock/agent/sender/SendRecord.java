package io.penstock.agent.sender;

import io.penstock.agent.target.PutEntry;
import org.jspecify.annotations.Nullable;

/**
 * One record between the spool and its stream. Owned by the sender's thread; while it is out in a call, the endpoint
 * reads key and data, which do not change then.
 */
final class SendRecord implements PutEntry {
    private final long offset;
    private final Key key;
    private final byte[] data;
    private final int memory;
    private final int size;
    private final boolean aggregates;
    private byte[] partitionKey;
    private String explicitHashKey = "";
    private int attempts;
    private int maxCall = Integer.MAX_VALUE;
    private boolean perhapsStored;

    /** The next in its queue. */
    @Nullable
    SendRecord next;

    /** @param memory what it takes of the memory budget */
    SendRecord(long offset, Key key, byte[] data, int memory) {
        this(offset, key, data, memory, false);
    }

    /** @param aggregates whether it may share a Kinesis record with others */
    SendRecord(long offset, Key key, byte[] data, int memory, boolean aggregates) {
        this.aggregates = aggregates;
        this.offset = offset;
        this.key = key;
        this.data = data;
        this.memory = memory;
        this.partitionKey = key.bytes();
        this.size = data.length + (key.lateBound() ? LateKey.BYTES : partitionKey.length);
    }

    long offset() {
        return offset;
    }

    Key key() {
        return key;
    }

    boolean lateBound() {
        return key.lateBound();
    }

    /** Bytes as the service counts them: data and partition key. */
    int size() {
        return size;
    }

    boolean aggregates() {
        return aggregates;
    }

    int memory() {
        return memory;
    }

    /** Gives a late-bound record its key for the next attempt. */
    void bind(byte[] newPartitionKey, String newExplicitHashKey) {
        partitionKey = newPartitionKey;
        explicitHashKey = newExplicitHashKey;
    }

    /** Whether an attempt fixed the key: its outcome is unknown, and another key would store it elsewhere. */
    boolean bound() {
        return lateBound() && perhapsStored;
    }

    void attempted() {
        attempts++;
    }

    int attempts() {
        return attempts;
    }

    /** The most records that the next call with this one may carry: a refused call is halved to find the culprit. */
    int maxCall() {
        return maxCall;
    }

    void limitCall(int records) {
        maxCall = records;
    }

    /** Whether an earlier attempt may have stored it, so that storing it again may duplicate it. */
    boolean perhapsStored() {
        return perhapsStored;
    }

    void outcomeUnknown() {
        perhapsStored = true;
    }

    @Override
    public byte[] partitionKey() {
        return partitionKey;
    }

    @Override
    public String explicitHashKey() {
        return explicitHashKey;
    }

    @Override
    public byte[] data() {
        return data;
    }
}
