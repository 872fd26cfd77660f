package io.penstock.delivery.sender.call;

import io.penstock.delivery.kinesis.put.PutEntry;
import io.penstock.delivery.kinesis.shards.Hash128;
import io.penstock.delivery.sender.schedule.SendRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One Kinesis record that carries several user records, in the format that the KPL made and the KCL reads (KPL
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
 * <p>It goes under its first record's own partition key. Its explicit hash key pins it to the shard that it was made
 * for, and every record in it has the same one, so that a consumer which checks them against the shard's range keeps
 * them all, in a child of the shard too. Owned by the sender's thread until it is out; the endpoint then reads it.
 */
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
     * @param hashKey decimal, in the shard that it is for
     * @param maxBytes of data and partition key
     */
    public Aggregate(String hashKey, int maxBytes) {
        this.hashKey = hashKey;
        this.maxBytes = maxBytes;
        this.size = MAGIC.length + MD5_BYTES + field(hashKey.length());
    }

    /** Whether one more keeps it within its size. */
    public boolean fits(SendRecord record) {
        return grown(record, isNew(record)) + keyBytesWith(record) <= maxBytes;
    }

    /** Takes one more; false when that would be more than its size. */
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

    /** Records of one key come together, so that looking at the last one is enough to have each key once. */
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

    /** Data and partition key, as the service counts them. */
    public int size() {
        return size + keyBytes();
    }

    List<SendRecord> records() {
        return records;
    }

    /** The key of the record added last if nobody gave it one, so that the next such record may share it. */
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
    public String explicitHashKey() {
        return hashKey;
    }

    @Override
    public int dataBytes() {
        return size;
    }

    /** Everything but the MD5, for which it leaves room: {@link #digestFrom()}. */
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

    /** A field of this many bytes: tag, length, content. */
    private static int field(int length) {
        return 1 + varintSize(length) + length;
    }

    private static int varintSize(int value) {
        return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
    }

    /** Protocol buffers' wire format, into an array that has the room. */
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
