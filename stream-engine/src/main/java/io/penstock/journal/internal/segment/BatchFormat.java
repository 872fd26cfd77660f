package io.penstock.journal.internal.segment;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The format of a batch in a segment. A batch is made durable by one write and one force.
 *
 * <pre>
 *   0               4               8              12              16
 *  +---------------+---------------+---------------+---------------+
 *  | CRC32C        | magic "PBAT"  | length n      | count         |
 *  +---------------+---------------+---------------+---------------+ 16
 *  | epoch of the segment          | offset of the first entry     |
 *  +-------------------------------+-------------------------------+ 32
 *  | timestamp, age clock, ms      | durable end                   |
 *  +-------------------------------+-------------------------------+ 48
 *  | n bytes: the entries, see EntryBlock                          |
 *  +----------------------------------------------------------------
 *  integers big-endian; the next batch starts at the next multiple of 8
 * </pre>
 *
 * <p>The checksum covers the segment's epoch, the batch's position in the file, and everything from the magic on. So
 * bytes that an earlier life of the file left at this or another position never parse. <em>Durable end</em> is the
 * offset below which everything was known durable when the batch was written; it distinguishes a torn tail from damage.
 * A batch without entries exists only to record it. Timestamps never fall from one batch to the next.
 *
 * <p>Not thread-safe: it holds a running checksum.
 */
public final class BatchFormat {
    public static final int HEADER = 48;
    public static final int ALIGNMENT = 8;
    public static final int MAGIC = 0x50424154;
    public static final int MAGIC_AT = 4;
    static final int LENGTH_AT = 8;
    static final int COUNT_AT = 12;
    public static final int EPOCH_AT = 16;
    static final int OFFSET_AT = 24;
    static final int TIMESTAMP_AT = 32;
    static final int DURABLE_AT = 40;

    private final CRC32C crc = new CRC32C();
    private final ByteBuffer seed = ByteBuffer.allocate(2 * Long.BYTES);

    /** The room that a batch of {@code payload} bytes takes, including the gap to the next one. */
    public static long footprint(long payload) {
        return (HEADER + payload + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /** Writes the header in front of the payload that {@code batch} holds from {@link #HEADER} to its limit. */
    public void seal(
            ByteBuffer batch, long epoch, long position, long firstOffset, int count, long timestamp, long durable) {
        batch.putInt(MAGIC_AT, MAGIC);
        batch.putInt(LENGTH_AT, batch.limit() - HEADER);
        batch.putInt(COUNT_AT, count);
        batch.putLong(EPOCH_AT, epoch);
        batch.putLong(OFFSET_AT, firstOffset);
        batch.putLong(TIMESTAMP_AT, timestamp);
        batch.putLong(DURABLE_AT, durable);
        batch.putInt(0, checksum(batch, 0, batch.limit(), epoch, position));
    }

    /**
     * The checksum of the batch from {@code from} to {@code to} of the buffer. Position and limit of the buffer are
     * reset.
     */
    int checksum(ByteBuffer buffer, int from, int to, long epoch, long position) {
        crc.reset();
        crc.update(seed.clear().putLong(epoch).putLong(position).flip());
        crc.update(buffer.limit(to).position(from + MAGIC_AT));
        buffer.clear();
        return (int) crc.getValue();
    }
}
