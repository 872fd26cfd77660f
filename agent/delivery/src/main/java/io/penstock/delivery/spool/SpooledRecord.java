package io.penstock.delivery.spool;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.delivery.kinesis.shards.Hash128;
import io.penstock.journal.EntryBlock;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The format of an event in the spool: only what the sender needs of it. A source begins a record, puts its data into
 * the block and ends the entry:
 *
 * <pre>{@code
 *  SpooledRecord.begin(block, key);
 *  block.put(data, 0, data.length);
 *  block.end();
 * }</pre>
 *
 * <pre>
 *  0       1              3                     3 + h              3 + h + n
 *  +-------+--------------+---------------------+------------------+--------------- ...
 *  | flags | key length n | explicit hash key   | partition key    | data
 *  |       | big-endian   | h bytes, big-endian | n bytes of UTF-8 |
 *  +-------+--------------+---------------------+------------------+--------------- ...
 *  flags  bit 0: bound late - no key was given, the sender chooses the shard; n is 0
 *         bit 1: may share a Kinesis record with others
 *         bit 2: an explicit hash key was given, h is 16; otherwise h is 0
 *         bit 3: its source asks for a receipt ({@link Receipts})
 *         bit 4: a mark of 24 bytes follows the data
 *         bit 5: the 24 bytes are a session's mark ({@link SessionMarks}): session, sequence, packet identifier
 *         bit 6: withdrawn: the sender passes over it ({@link SpoolClaim#withdraw})
 * </pre>
 *
 * <p>A mark belongs to a source, which knows by it what it has stored; see {@link Marks}. It is part of no record.
 *
 * <p>The methods that read take an entry as the log passes it to a visitor, from its position to its limit, and change
 * neither.
 */
public final class SpooledRecord {
    /** The longest partition key of Kinesis, in Unicode characters (API reference, PutRecord, PartitionKey). */
    public static final int MAX_KEY_CHARACTERS = 256;

    /** Bytes of the key that the sender generates for a late-bound record. */
    public static final int LATE_KEY_BYTES = 16;

    private static final int MAX_KEY_BYTES = MAX_KEY_CHARACTERS * 4;
    private static final byte LATE_BOUND = 1;
    private static final byte AGGREGATE = 2;
    private static final byte PINNED = 4;
    private static final byte RECEIPT = 8;
    private static final byte MARKED = 16;
    private static final byte OF_SESSION = 32;
    private static final byte WITHDRAWN = 64;
    private static final int HEADER = 3;
    private static final int HASH_KEY_BYTES = 16;

    /** Bytes of a mark. */
    static final int MARK_BYTES = 24;

    /** The index key of entries with a mark, so that they can be found without reading the others. */
    static final int MARK_KEY = 1;

    /** The index key of entries with a session's mark. */
    static final int SESSION_KEY = 2;

    private SpooledRecord() {}

    /**
     * Begins a record with a partition key. The caller puts the data into {@code block} next, then calls {@link
     * EntryBlock#end()}.
     *
     * @throws IllegalArgumentException if the key is empty or longer than {@value #MAX_KEY_CHARACTERS} characters:
     *     sources must replace such keys before
     */
    public static void begin(EntryBlock block, String partitionKey) {
        begin(block, partitionKey, false);
    }

    /** @param aggregate true if it may share a Kinesis record with others */
    public static void begin(EntryBlock block, String partitionKey, boolean aggregate) {
        if (partitionKey.length() > MAX_KEY_CHARACTERS
                && partitionKey.codePointCount(0, partitionKey.length()) > MAX_KEY_CHARACTERS) {
            throw new IllegalArgumentException("partition key longer than " + MAX_KEY_CHARACTERS + " characters");
        }
        byte[] key = partitionKey.getBytes(StandardCharsets.UTF_8);
        begin(block, key, 0, key.length, aggregate);
    }

    /** As {@link #begin(EntryBlock, String)}, with the key as UTF-8 bytes: allocates nothing. */
    public static void begin(EntryBlock block, byte[] keyUtf8, int from, int length) {
        begin(block, keyUtf8, from, length, false);
    }

    /** @param aggregate true if it may share a Kinesis record with others */
    public static void begin(EntryBlock block, byte[] keyUtf8, int from, int length, boolean aggregate) {
        begin(block, keyUtf8, from, length, aggregate, false);
    }

    /** @param receipt true if the source asks for a receipt */
    public static void begin(
            EntryBlock block, byte[] keyUtf8, int from, int length, boolean aggregate, boolean receipt) {
        head(block, (aggregate ? AGGREGATE : 0) | (receipt ? RECEIPT : 0), length);
        block.put(keyUtf8, from, length);
    }

    /**
     * Begins a record with an explicit hash key, which decides the shard. Such a record travels alone.
     *
     * @param high the upper 64 bits of the explicit hash key
     * @param low the lower 64 bits
     * @param receipt true if the source asks for a receipt
     */
    public static void beginPinned(
            EntryBlock block, byte[] keyUtf8, int from, int length, long high, long low, boolean receipt) {
        head(block, PINNED | (receipt ? RECEIPT : 0), length);
        block.entry().putInt((int) (high >>> Integer.SIZE));
        block.entry().putInt((int) high);
        block.entry().putInt((int) (low >>> Integer.SIZE));
        block.entry().putInt((int) low);
        block.put(keyUtf8, from, length);
    }

    private static void head(EntryBlock block, int flags, int keyLength) {
        if (keyLength == 0 || keyLength > MAX_KEY_BYTES) {
            throw new IllegalArgumentException("partition key of " + keyLength + " bytes: 1 to " + MAX_KEY_BYTES);
        }
        block.begin(EntryBlock.NO_KEY);
        block.put((byte) flags);
        block.put((byte) (keyLength >>> 8));
        block.put((byte) keyLength);
    }

    /**
     * Begins a record that no key ties to a shard (partition key {@code random}); then as {@link #begin(EntryBlock,
     * String)}.
     */
    public static void beginLateBound(EntryBlock block) {
        beginLateBound(block, false);
    }

    /** @param aggregate true if it may share a Kinesis record with others */
    public static void beginLateBound(EntryBlock block, boolean aggregate) {
        beginLateBound(block, aggregate, false);
    }

    /** @param receipt true if the source asks for a receipt */
    public static void beginLateBound(EntryBlock block, boolean aggregate, boolean receipt) {
        block.begin(EntryBlock.NO_KEY);
        block.put((byte) (LATE_BOUND | (aggregate ? AGGREGATE : 0) | (receipt ? RECEIPT : 0)));
        block.put((byte) 0);
        block.put((byte) 0);
    }

    /**
     * Adds a mark to the last record of {@code block}: either both become durable or none.
     *
     * @param mark of {@value #MARK_BYTES} bytes
     */
    public static void mark(EntryBlock block, byte[] mark) {
        if (mark.length != MARK_BYTES) {
            throw new IllegalArgumentException("a mark of " + mark.length + " bytes");
        }
        block.reopen(MARK_KEY, MARKED);
        block.put(mark, 0, mark.length);
        block.end();
    }

    /**
     * Adds a session's mark to the last record of {@code block}: either both become durable or none.
     *
     * @param session its number
     * @param sequence of the session's publishes
     * @param packetId what the session knows the publish by
     */
    public static void mark(EntryBlock block, long session, long sequence, int packetId) {
        block.reopen(SESSION_KEY, OF_SESSION);
        GrowingBytes entry = block.entry();
        putLong(entry, session);
        putLong(entry, sequence);
        putLong(entry, packetId);
        block.end();
    }

    /** Makes all records of {@code block}, which has no marks, withdrawn ones; or what they were before. */
    static void flipWithdrawn(EntryBlock block) {
        block.flipFirstBytes(WITHDRAWN);
    }

    /** True if the record is none: its request found no room in another spool. */
    public static boolean withdrawn(ByteBuffer entry) {
        return (entry.get(entry.position()) & WITHDRAWN) != 0;
    }

    private static void putLong(GrowingBytes entry, long value) {
        entry.putInt((int) (value >>> Integer.SIZE));
        entry.putInt((int) value);
    }

    /** The number of the session whose mark the record has; it must have one. */
    static long session(ByteBuffer entry) {
        return bigEndian(entry, entry.limit() - MARK_BYTES);
    }

    /** The sequence in a session's mark. */
    static long sequence(ByteBuffer entry) {
        return bigEndian(entry, entry.limit() - 2 * Long.BYTES);
    }

    /** The packet identifier in a session's mark. */
    static int packetId(ByteBuffer entry) {
        return (int) bigEndian(entry, entry.limit() - Long.BYTES);
    }

    /** The record's mark, if it is none of a session; empty if it has none. */
    public static byte[] mark(ByteBuffer entry) {
        byte[] mark = new byte[(entry.get(entry.position()) & MARKED) != 0 ? MARK_BYTES : 0];
        entry.get(entry.limit() - mark.length, mark);
        return mark;
    }

    private static int markBytes(ByteBuffer entry) {
        return (entry.get(entry.position()) & (MARKED | OF_SESSION)) != 0 ? MARK_BYTES : 0;
    }

    /** True if the sender chooses the shard. */
    public static boolean lateBound(ByteBuffer entry) {
        return (entry.get(entry.position()) & LATE_BOUND) != 0;
    }

    /** True if it may share a Kinesis record with others. */
    public static boolean aggregate(ByteBuffer entry) {
        return (entry.get(entry.position()) & AGGREGATE) != 0;
    }

    /** True if its source asks for a receipt. */
    public static boolean wantsReceipt(ByteBuffer entry) {
        return (entry.get(entry.position()) & RECEIPT) != 0;
    }

    /** True if it has an explicit hash key. */
    public static boolean pinned(ByteBuffer entry) {
        return (entry.get(entry.position()) & PINNED) != 0;
    }

    /** The explicit hash key of a record that is {@link #pinned}. */
    public static Hash128 explicitHashKey(ByteBuffer entry) {
        int at = entry.position() + HEADER;
        return new Hash128(bigEndian(entry, at), bigEndian(entry, at + Long.BYTES));
    }

    private static long bigEndian(ByteBuffer entry, int at) {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = value << Byte.SIZE | (entry.get(at + i) & 0xff);
        }
        return value;
    }

    private static int header(ByteBuffer entry) {
        return pinned(entry) ? HEADER + HASH_KEY_BYTES : HEADER;
    }

    /** The partition key's UTF-8 bytes, followed by the record's data. */
    public static byte[] keyAndData(ByteBuffer entry) {
        int header = header(entry);
        byte[] both = new byte[entry.remaining() - header - markBytes(entry)];
        entry.get(entry.position() + header, both);
        return both;
    }

    /** The partition key's UTF-8 bytes; empty for a late-bound record. */
    public static byte[] key(ByteBuffer entry) {
        byte[] key = new byte[keyLength(entry)];
        entry.get(entry.position() + header(entry), key);
        return key;
    }

    /** The record's data. */
    public static byte[] data(ByteBuffer entry) {
        int from = header(entry) + keyLength(entry);
        byte[] data = new byte[entry.remaining() - from - markBytes(entry)];
        entry.get(entry.position() + from, data);
        return data;
    }

    /** Size of the partition key in bytes; 0 for a late-bound record. */
    public static int keyLength(ByteBuffer entry) {
        int at = entry.position() + 1;
        return ((entry.get(at) & 0xff) << 8) | (entry.get(at + 1) & 0xff);
    }
}
