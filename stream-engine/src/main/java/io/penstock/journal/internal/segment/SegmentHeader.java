package io.penstock.journal.internal.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The first sector of a segment file. Batches follow from {@link #SIZE} up to the capacity; a sealed segment has its
 * {@link SegmentFooter} behind the capacity.
 *
 * <pre>
 *   0                               8              12              16
 *  +-------------------------------+---------------+---------------+
 *  | magic "PENSTLOG"              | version       | CRC32C        |
 *  +-------------------------------+---------------+---------------+ 16
 *  | epoch                         | base offset, -1: prepared     |
 *  +-------------------------------+-------------------------------+ 32
 *  | capacity                      | last timestamp before it      |
 *  +-------------------------------+-------------------------------+ 48
 *  | zeroes                                                        |
 *  +---------------------------------------------------------------+ 512
 *  integers big-endian; the checksum runs over bytes 0 to 47 without itself
 * </pre>
 *
 * <p>The file is named after its epoch in hex. The upper 32 bits are a number that rises with every segment of the log;
 * the lower 32 bits are random, so that the content of an entry cannot imitate a batch. Magic, version and checksum
 * keep their places in every version of the format. The base offset also proves that everything below it was durable
 * when the segment was first written to.
 *
 * @param epoch of this life of the file
 * @param base offset of the first entry, {@link #PREPARED} before there is one
 * @param capacity end of the batches, in bytes of the file
 * @param timestamp of the last batch before this segment
 */
public record SegmentHeader(long epoch, long base, long capacity, long timestamp) {
    public static final int SIZE = 512;
    public static final long PREPARED = -1;
    static final int VERSION = 1;

    private static final long MAGIC = 0x50454E53544C4F47L;
    private static final int VERSION_AT = 8;
    private static final int CRC_AT = 12;
    private static final int FIELDS = 48;

    public ByteBuffer encode() {
        ByteBuffer sector = ByteBuffer.allocate(SIZE);
        sector.putLong(MAGIC).putInt(VERSION).putInt(0);
        sector.putLong(epoch).putLong(base).putLong(capacity).putLong(timestamp);
        return sector.putInt(CRC_AT, checksum(sector)).clear();
    }

    /**
     * Empty if the sector is damaged.
     *
     * @throws IOException if it is whole and has an unknown version
     */
    public static Optional<SegmentHeader> decode(ByteBuffer sector, Path file) throws IOException {
        if (sector.limit() < FIELDS || sector.getLong(0) != MAGIC || sector.getInt(CRC_AT) != checksum(sector)) {
            return Optional.empty();
        }
        int version = sector.getInt(VERSION_AT);
        if (version != VERSION) {
            throw new IOException(
                    "The segment " + file + " has format version " + version + "; this program reads version " + VERSION
                            + ". Use the program version that wrote it, or move the folder away.");
        }
        return Optional.of(
                new SegmentHeader(sector.getLong(16), sector.getLong(24), sector.getLong(32), sector.getLong(40)));
    }

    public static int checksum(ByteBuffer sector) {
        CRC32C crc = new CRC32C();
        crc.update(sector.slice(0, CRC_AT));
        crc.update(sector.slice(CRC_AT + Integer.BYTES, FIELDS - CRC_AT - Integer.BYTES));
        return (int) crc.getValue();
    }
}
