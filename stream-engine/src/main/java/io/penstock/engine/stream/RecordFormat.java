package io.penstock.engine.stream;

import io.penstock.journal.EntryBlock;
import java.nio.ByteBuffer;

/**
 * The format of a record as an entry of the stream's log. The entry's key is the shard; the batch's timestamp is the
 * arrival time.
 *
 * <pre>
 * version 1 | length of the partition key 2 | partition key, UTF-8 | data
 * </pre>
 *
 * A record without a partition key has a key of no bytes.
 */
public final class RecordFormat {
    /** Bytes of a record besides its partition key and data. */
    public static final int OVERHEAD = 3;

    private static final byte VERSION = 1;

    /** Adds a record to a block; {@code bytes} holds the partition key (at most 1024 bytes) and the data. */
    public static void write(
            EntryBlock block, int shard, byte[] bytes, int keyAt, int keyLength, int dataAt, int dataLength) {
        block.begin(shard);
        block.put(VERSION);
        block.put((byte) (keyLength >>> 8));
        block.put((byte) keyLength);
        block.put(bytes, keyAt, keyLength);
        block.put(bytes, dataAt, dataLength);
        block.end();
    }

    /** Moves the entry's position to the partition key and returns the key's length; the data follows the key. */
    public static int openKey(ByteBuffer entry) {
        byte version = entry.get();
        if (version != VERSION) {
            throw new IllegalStateException("a record of format " + version + ", written by a later Penstock");
        }
        return entry.getShort() & 0xFFFF;
    }

    private RecordFormat() {}
}
