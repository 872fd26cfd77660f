package io.penstock.delivery.sender.call;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.kinesis.put.PutEntry;
import io.penstock.delivery.kinesis.shards.Hash128;
import io.penstock.delivery.sender.schedule.SendRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One Kinesis record that holds several user records, in the format that the KPL writes and the KCL reads (KPL
 * aggregated record format):
 *
 * <pre>
 *  0             4                          4 + n           20 + n
 *  +-------------+--------------------------+---------------+
 *  | F3 89 9A C2 | AggregatedRecord         | MD5 of it     |
 *  +-------------+--------------------------+---------------+
 *  message AggregatedRecord { repeated string partition_key_table = 1; repeated string explicit_hash_key_table = 2;
 *                             repeated Record records = 3; }
 *  message Record { required uint64 partition_key_index = 1; optional uint64 explicit_hash_key_index = 2;
 *                   required bytes data = 3; }
 * </pre>
 *
 * <p>It has the partition key of its first record. Its explicit hash key places it in the shard for which it was made,
 * and every record in it has the same one. So a consumer that compares the records' hash keys with the shard's range
 * keeps all of them, also in a child of the shard. Owned by the sender's thread until it is sent; then the endpoint
 * reads it.
 */
@OwnedBy(ThreadRole.SENDER)
public final class Aggregate implements PutEntry {
    private static final byte[] MAGIC = {(byte) 0xf3, (byte) 0x89, (byte) 0x9a, (byte) 0xc2};
    private static final int MD5_BYTES = 16;
    private static final int KEY_FIELD = 1 << 3 | 2;
    private static final int HASH_KEY_FIELD = 2 << 3 | 2;
    private static final int RECORD_FIELD = 3 << 3 | 2;
    private static final int KEY_INDEX_FIELD = 1 << 3;
    private static final int HASH_KEY_INDEX_FIELD = 2 << 3;
    private static final int DATA_FIELD = 3 << 3 | 2;

    private final String hashKey;
    private final int maxBytes;
    private final List<SendRecord> records = new ArrayList<>();
    private final List<SendRecord> firstOfKey = new ArrayList<>();
    private int size;

    /**
     * @param hashKey decimal, within the range of its shard
     * @param maxBytes maximum size of data and partition key
     */
    public Aggregate(String hashKey, int maxBytes) {
        this.hashKey = hashKey;
        this.maxBytes = maxBytes;
        this.size = MAGIC.length + MD5_BYTES + field(hashKey.length());
    }

    /** True if one more record keeps it within its maximum size. */
    public boolean fits(SendRecord record) {
        return grown(record, isNew(record)) + keyBytesWith(record) <= maxBytes;
    }

    /** Adds a record. Returns false if that would exceed the maximum size. */
    public boolean add(SendRecord record) {
        boolean isNew = isNew(record);
        int grown = grown(record, isNew);
        if (grown + keyBytesWith(record) > maxBytes) {
            return false;
        }
        size = grown;
        if (isNew) {
            firstOfKey.add(record);
        }
        records.add(record);
        return true;
    }

    /** Records of one key are added together, so a comparison with the last key is enough to list each key once. */
    private boolean isNew(SendRecord record) {
        return firstOfKey.isEmpty() || !firstOfKey.get(firstOfKey.size() - 1).sameKey(record);
    }

    private int grown(SendRecord record, boolean isNew) {
        return size + added(record, isNew);
    }

    private int keyBytesWith(SendRecord record) {
        return firstOfKey.isEmpty() ? record.keyBytes() : keyBytes();
    }

    private int added(SendRecord record, boolean isNew) {
        int index = isNew ? firstOfKey.size() : firstOfKey.size() - 1;
        return (isNew ? field(record.keyBytes()) : 0) + field(recordSize(record, index));
    }

    private static int recordSize(SendRecord record, int index) {
        return 1 + varintSize(index) + 2 + field(record.dataBytes());
    }

    /** Size of data and partition key, as the service counts them. */
    public int size() {
        return size + keyBytes();
    }

    List<SendRecord> records() {
        return records;
    }

    /**
     * The generated key of the record that was added last, so that the next late-bound record may share it; empty if
     * that record had its own key.
     */
    Optional<byte[]> lateKey() {
        SendRecord last = records.get(records.size() - 1);
        return last.lateBound() ? Optional.of(last.partitionKey()) : Optional.empty();
    }

    @Override
    public byte[] partitionKey() {
        return firstOfKey.get(0).partitionKey();
    }

    @Override
    public int keyBytes() {
        return firstOfKey.get(0).keyBytes();
    }

    @Override
    public void copyKey(byte[] target, int at) {
        firstOfKey.get(0).copyKey(target, at);
    }

    @Override
    public boolean wantsNumber() {
        return records.stream().anyMatch(SendRecord::wantsNumber);
    }

    @Override
    public String explicitHashKey() {
        return hashKey;
    }

    @Override
    public int dataBytes() {
        return size;
    }

    /** The data without the MD5, for which there is room at the end: {@link #digestFrom()}. */
    @Override
    public void copyData(byte[] target, int at) {
        Writer out = new Writer(target, at);
        out.raw(MAGIC);
        for (SendRecord first : firstOfKey) {
            out.head(KEY_FIELD, first.keyBytes());
            first.copyKey(target, out.at);
            out.at += first.keyBytes();
        }
        out.head(HASH_KEY_FIELD, hashKey.length());
        out.raw(hashKey.getBytes(StandardCharsets.US_ASCII));
        int index = -1;
        for (SendRecord record : records) {
            if (index + 1 < firstOfKey.size() && firstOfKey.get(index + 1) == record) {
                index++;
            }
            out.head(RECORD_FIELD, recordSize(record, index));
            out.head(KEY_INDEX_FIELD, index);
            out.head(HASH_KEY_INDEX_FIELD, 0);
            out.head(DATA_FIELD, record.dataBytes());
            record.copyData(target, out.at);
            out.at += record.dataBytes();
        }
    }

    @Override
    public int digestFrom() {
        return MAGIC.length;
    }

    @Override
    public byte[] data() {
        byte[] data = new byte[size];
        copyData(data, 0);
        Hash128.ofKey(Arrays.copyOfRange(data, MAGIC.length, size - MD5_BYTES)).put(data, size - MD5_BYTES);
        return data;
    }

    /** The size of a field with this many bytes of content: tag, length, content. */
    private static int field(int length) {
        return 1 + varintSize(length) + length;
    }

    private static int varintSize(int value) {
        return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
    }

    /** Writes the Protocol Buffers wire format into an array that is large enough. */
    private static final class Writer {
        private final byte[] body;
        private int at;

        Writer(byte[] body, int at) {
            this.body = body;
            this.at = at;
        }

        void raw(byte[] bytes) {
            System.arraycopy(bytes, 0, body, at, bytes.length);
            at += bytes.length;
        }

        void head(int tag, int value) {
            body[at++] = (byte) tag;
            int rest = value;
            while (rest > 0x7f) {
                body[at++] = (byte) (rest | 0x80);
                rest >>>= 7;
            }
            body[at++] = (byte) rest;
        }
    }
}
