package io.penstock.journal.internal.segment;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Describes a sealed segment, behind its capacity, so that recovery need not scan it: the index (see {@link
 * SegmentIndex}) and this trailer, the last bytes of the file.
 *
 * <pre>
 *   0               4               8                              16
 *  +---------------+---------------+-------------------------------+
 *  | CRC32C        | magic "PFTR"  | epoch                         |
 *  +---------------+---------------+-------------------------------+ 16
 *  | base offset                   | end offset                    |
 *  +-------------------------------+-------------------------------+ 32
 *  | capacity                      | end of the last batch, bytes  |
 *  +-------------------------------+-------------------------------+ 48
 *  | timestamp of the first batch  | timestamp of the last batch   |
 *  +-------------------------------+---------------+---------------+ 64
 *  | length of the index           | CRC32C of it  | zeroes        |
 *  +-------------------------------+---------------+---------------+ 80
 *  integers big-endian; the checksum runs over bytes 4 to 79
 * </pre>
 */
public record SegmentFooter(
        long epoch,
        long base,
        long end,
        long capacity,
        long dataEnd,
        long firstTimestamp,
        long lastTimestamp,
        long indexLength,
        int indexChecksum) {
    static final int SIZE = 80;
    private static final int MAGIC = 0x50465452;

    ByteBuffer encode() {
        ByteBuffer trailer = ByteBuffer.allocate(SIZE);
        trailer.putInt(0).putInt(MAGIC).putLong(epoch).putLong(base).putLong(end);
        trailer.putLong(capacity).putLong(dataEnd).putLong(firstTimestamp).putLong(lastTimestamp);
        trailer.putLong(indexLength).putInt(indexChecksum).putInt(0);
        return trailer.putInt(0, checksum(trailer.slice(Integer.BYTES, SIZE - Integer.BYTES)))
                .clear();
    }

    /** Empty if this is no trailer, a damaged one, or one of an earlier life of the file. */
    static Optional<SegmentFooter> decode(ByteBuffer trailer, long epoch) {
        if (trailer.limit() < SIZE
                || trailer.getInt(4) != MAGIC
                || trailer.getLong(8) != epoch
                || trailer.getInt(0) != checksum(trailer.slice(Integer.BYTES, SIZE - Integer.BYTES))) {
            return Optional.empty();
        }
        return Optional.of(new SegmentFooter(
                epoch,
                trailer.getLong(16),
                trailer.getLong(24),
                trailer.getLong(32),
                trailer.getLong(40),
                trailer.getLong(48),
                trailer.getLong(56),
                trailer.getLong(64),
                trailer.getInt(72)));
    }

    /** The checksum of the remaining bytes. The position does not change. */
    static int checksum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }
}
