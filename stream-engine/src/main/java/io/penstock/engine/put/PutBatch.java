package io.penstock.engine.put;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.stream.RecordFormat;
import io.penstock.engine.stream.ShardMap;
import io.penstock.engine.watch.StreamTraffic;
import io.penstock.journal.EntryBlock;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The records of one PutRecord or PutRecords call between parser and log: all bytes in one array and everything else in
 * columns, so that a record costs no object. Reused from call to call. Holds at most 500 records and the bytes of one
 * body; arrays that have grown large are released.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class PutBatch {
    private static final int KEPT_BYTES = 1 << 20;
    private static final int FIRST_BYTES = 1 << 14;
    private static final int FIRST_RECORDS = 16;

    private static final int BY_KEY = -1;

    private byte[] own = new byte[FIRST_BYTES];
    /** The array with keys and data: the batch's own or the body. */
    private byte[] bytes = own;

    private int used;
    private int count;
    private int[] keyAt = new int[FIRST_RECORDS];
    private int[] keyLength = new int[FIRST_RECORDS];
    private int[] dataAt = new int[FIRST_RECORDS];
    private int[] dataLength = new int[FIRST_RECORDS];
    private long[] hash = new long[2 * FIRST_RECORDS];
    private boolean[] explicit = new boolean[FIRST_RECORDS];
    private int[] shard = new int[FIRST_RECORDS];
    private @Nullable ErrorType[] failure = new @Nullable ErrorType[FIRST_RECORDS];

    @Nullable
    String streamName;

    @Nullable
    String streamArn;

    @Nullable
    String streamId;

    @Nullable
    String impossibleHashKey;

    @Nullable
    String sequenceNumberForOrdering;

    boolean ordered;

    boolean dryRun;

    /** The turn of the first record if shards take records in turn; {@link #BY_KEY} if keys decide. */
    private int turn = BY_KEY;

    void clear() {
        dryRun = false;
        turn = BY_KEY;
        used = 0;
        Arrays.fill(failure, 0, Math.min(count, failure.length), null);
        count = 0;
        streamName = null;
        streamArn = null;
        streamId = null;
        impossibleHashKey = null;
        sequenceNumberForOrdering = null;
        ordered = false;
        if (own.length > KEPT_BYTES) {
            own = new byte[FIRST_BYTES];
        }
        bytes = own;
    }

    /** Keys and data stay in place in {@code body}, which must not change; nothing is copied. */
    void refer(byte[] body) {
        bytes = body;
        used = body.length;
    }

    /** Makes room for keys and data of {@code more} bytes with at most one copy. */
    void expect(int more) {
        grow(more);
    }

    /** Appends bytes of a key or of data. */
    void write(byte[] source, int from, int length) {
        grow(length);
        System.arraycopy(source, from, bytes, used, length);
        used += length;
    }

    private void grow(int more) {
        if (bytes.length - used < more) {
            own = Arrays.copyOf(bytes, Math.max(used + more, bytes.length * 2));
            bytes = own;
        }
    }

    int position() {
        return used;
    }

    /** The array with all keys and data. */
    public byte[] bytes() {
        return bytes;
    }

    /** @param given true if the hash is an explicit hash key */
    void add(
            int recordKeyAt,
            int recordKeyLength,
            int recordDataAt,
            int recordDataLength,
            long high,
            long low,
            boolean given) {
        if (count == keyAt.length) {
            int size = count * 2;
            keyAt = Arrays.copyOf(keyAt, size);
            keyLength = Arrays.copyOf(keyLength, size);
            dataAt = Arrays.copyOf(dataAt, size);
            dataLength = Arrays.copyOf(dataLength, size);
            hash = Arrays.copyOf(hash, 2 * size);
            explicit = Arrays.copyOf(explicit, size);
            shard = Arrays.copyOf(shard, size);
            failure = Arrays.copyOf(failure, size);
        }
        keyAt[count] = recordKeyAt;
        keyLength[count] = recordKeyLength;
        dataAt[count] = recordDataAt;
        dataLength[count] = recordDataLength;
        hash[2 * count] = high;
        hash[2 * count + 1] = low;
        explicit[count] = given;
        count++;
    }

    /** The number of records. */
    public int count() {
        return count;
    }

    /** Where the record's partition key, in UTF-8, begins in {@link #bytes()}. */
    public int keyAt(int record) {
        return keyAt[record];
    }

    public int keyLength(int record) {
        return keyLength[record];
    }

    /** Where the record's data begins in {@link #bytes()}. */
    public int dataAt(int record) {
        return dataAt[record];
    }

    /** The upper half of the record's hash key. */
    public long hashHigh(int record) {
        return hash[2 * record];
    }

    /** The lower half of the record's hash key. */
    public long hashLow(int record) {
        return hash[2 * record + 1];
    }

    /** A copy of all hash keys: upper and lower half of each record's, in turn. */
    public long[] hashKeys() {
        return Arrays.copyOf(hash, 2 * count);
    }

    /** True if the hash key was given, false if it is the MD5 of the partition key. */
    public boolean explicit(int record) {
        return explicit[record];
    }

    /** A copy of the partition key in UTF-8. */
    byte[] key(int record) {
        return Arrays.copyOfRange(bytes, keyAt[record], keyAt[record] + keyLength[record]);
    }

    /** A copy of the data. */
    byte[] data(int record) {
        return Arrays.copyOfRange(bytes, dataAt[record], dataAt[record] + dataLength[record]);
    }

    /** Size of partition key and data in bytes. */
    public int size(int record) {
        return keyLength[record] + dataLength[record];
    }

    public int dataLength(int record) {
        return dataLength[record];
    }

    /** Size of all keys and data in bytes. */
    public long totalSize() {
        long total = 0;
        for (int i = 0; i < count; i++) {
            total += size(i);
        }
        return total;
    }

    /** Size of keys and data of the records that have not failed, in bytes. */
    long storedSize() {
        long total = 0;
        for (int i = 0; i < count; i++) {
            total += failure[i] == null ? size(i) : 0;
        }
        return total;
    }

    boolean sameKey(int one, int other) {
        return Arrays.equals(
                bytes, keyAt[one], keyAt[one] + keyLength[one], bytes, keyAt[other], keyAt[other] + keyLength[other]);
    }

    /** From now on shards take the records in turn, whatever the keys. */
    void spread(int firstTurn) {
        turn = firstTurn & Integer.MAX_VALUE;
    }

    void map(ShardMap shards) {
        for (int i = 0; i < count; i++) {
            shard[i] = turn == BY_KEY ? shards.find(hash[2 * i], hash[2 * i + 1]) : shards.inTurn(turn + i);
        }
    }

    /** Counts the records that did not fail, with one addition for those that follow each other in one shard. */
    void count(StreamTraffic traffic) {
        int from = 0;
        while (from < count) {
            int of = shard[from];
            long records = 0;
            long total = 0;
            int at = from;
            for (; at < count && shard[at] == of; at++) {
                if (failure[at] == null) {
                    records++;
                    total += size(at);
                }
            }
            if (records > 0) {
                traffic.shard(of).in(records, total);
            }
            from = at;
        }
    }

    int shard(int record) {
        return shard[record];
    }

    void fail(int record, ErrorType reason) {
        failure[record] = reason;
    }

    @Nullable
    ErrorType failure(int record) {
        return failure[record];
    }

    /** Puts the records that have not failed into the block. */
    void fill(EntryBlock block) {
        block.clear();
        block.reserve((int) (totalSize() + (long) count * (EntryBlock.ENTRY_OVERHEAD + RecordFormat.OVERHEAD)));
        for (int i = 0; i < count; i++) {
            if (failure[i] == null) {
                RecordFormat.write(block, shard[i], bytes, keyAt[i], keyLength[i], dataAt[i], dataLength[i]);
            }
        }
    }

    int[] shards() {
        return Arrays.copyOf(shard, count);
    }

    @Nullable
    ErrorType[] failures() {
        return Arrays.copyOf(failure, count);
    }
}
