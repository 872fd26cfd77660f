package io.penstock.agent.sender;

import io.penstock.agent.target.PutEntry;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
final class Aggregate implements PutEntry {
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
    private final List<byte[]> keys = new ArrayList<>();
    private int size;
    private byte[] encoded = new byte[0];

    /**
     * @param hashKey decimal, in the shard that it is for
     * @param maxBytes of data and partition key
     */
    Aggregate(String hashKey, int maxBytes) {
        this.hashKey = hashKey;
        this.maxBytes = maxBytes;
        this.size = MAGIC.length + MD5_BYTES + field(hashKey.length());
    }

    /** Whether one more keeps it within its size. */
    boolean fits(SendRecord record, byte[] key) {
        int firstKey = keys.isEmpty() ? key.length : keys.get(0).length;
        return size + added(record, key) + firstKey <= maxBytes;
    }

    void add(SendRecord record) {
        byte[] key = record.partitionKey();
        size += added(record, key);
        if (isNew(key)) {
            keys.add(key);
        }
        records.add(record);
    }

    /** Records of one key come together, so that looking at the last one is enough to have each key once. */
    private boolean isNew(byte[] key) {
        return keys.isEmpty() || !Arrays.equals(keys.get(keys.size() - 1), key);
    }

    private int added(SendRecord record, byte[] key) {
        int index = isNew(key) ? keys.size() : keys.size() - 1;
        return (isNew(key) ? field(key.length) : 0) + field(recordSize(record, index));
    }

    private static int recordSize(SendRecord record, int index) {
        return 1 + varintSize(index) + 2 + field(record.data().length);
    }

    /** Data and partition key, as the service counts them. */
    int size() {
        return size + keys.get(0).length;
    }

    List<SendRecord> records() {
        return records;
    }

    /** The key of the record added last if nobody gave it one, so that the next such record may share it. */
    Optional<byte[]> lateKey() {
        return records.get(records.size() - 1).lateBound() ? Optional.of(keys.get(keys.size() - 1)) : Optional.empty();
    }

    @Override
    public byte[] partitionKey() {
        return keys.get(0);
    }

    @Override
    public String explicitHashKey() {
        return hashKey;
    }

    /** Encoded when first asked for; the records must not change any more. */
    @Override
    public byte[] data() {
        if (encoded.length == 0) {
            encoded = encode();
        }
        return encoded;
    }

    private byte[] encode() {
        Writer out = new Writer(size);
        out.raw(MAGIC);
        keys.forEach(key -> out.field(KEY_FIELD, key));
        out.head(HASH_KEY_FIELD, hashKey.length());
        for (int i = 0; i < hashKey.length(); i++) {
            out.body[out.at++] = (byte) hashKey.charAt(i);
        }
        int index = 0;
        for (SendRecord record : records) {
            if (!Arrays.equals(keys.get(index), record.partitionKey())) {
                index++;
            }
            out.head(RECORD_FIELD, recordSize(record, index));
            out.head(KEY_INDEX_FIELD, index);
            out.head(HASH_KEY_INDEX_FIELD, 0);
            out.field(DATA_FIELD, record.data());
        }
        MessageDigest md5 = md5();
        md5.update(out.body, MAGIC.length, out.at - MAGIC.length);
        out.raw(md5.digest());
        return out.body;
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has MD5", missing);
        }
    }

    /** A field of this many bytes: tag, length, content. */
    private static int field(int length) {
        return 1 + varintSize(length) + length;
    }

    private static int varintSize(int value) {
        return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
    }

    /** Protocol buffers' wire format, into one array of exactly the size. */
    private static final class Writer {
        private final byte[] body;
        private int at;

        Writer(int size) {
            this.body = new byte[size];
        }

        void raw(byte[] bytes) {
            System.arraycopy(bytes, 0, body, at, bytes.length);
            at += bytes.length;
        }

        void field(int tag, byte[] content) {
            head(tag, content.length);
            raw(content);
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
