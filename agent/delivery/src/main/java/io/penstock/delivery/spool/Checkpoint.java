package io.penstock.delivery.spool;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The format of the settled offsets in one slot of a {@link CheckpointFile}.
 *
 * <pre>
 *  0       4         8          16       24        28       32
 *  +-------+---------+----------+--------+---------+--------+-------------- ...
 *  | magic | version | sequence | floor  | payload | CRC32C | ranges
 *  | PNCP  |         |          |        | length  |        |
 *  +-------+---------+----------+--------+---------+--------+-------------- ...
 *  ranges   per settled range above the floor: the gap before it and its length, as unsigned LEB128
 *  CRC32C   over everything else
 * </pre>
 *
 * Magic, version, payload length and checksum keep their places in every version of the format.
 */
final class Checkpoint {
    static final int VERSION = 1;

    private static final int MAGIC = 0x504E4350;
    private static final int HEADER = 32;
    private static final int CRC_AT = 28;
    private static final int VERSION_AT = 4;

    private Checkpoint() {}

    /** The content of an intact slot. */
    record Slot(long sequence, SettledOffsets offsets) {}

    static ByteBuffer encode(long sequence, SettledOffsets offsets) {
        Varints ranges = new Varints();
        long[] last = {offsets.floor()};
        offsets.forEachRange((from, to) -> {
            ranges.put(from - last[0]);
            ranges.put(to - from);
            last[0] = to;
        });
        ByteBuffer slot = ByteBuffer.allocate(HEADER + ranges.size());
        slot.putInt(MAGIC).putInt(VERSION).putLong(sequence).putLong(offsets.floor());
        slot.putInt(ranges.size()).putInt(0);
        ranges.writeTo(slot);
        slot.flip();
        slot.putInt(CRC_AT, checksum(slot));
        return slot;
    }

    /**
     * Empty if the slot is torn, damaged or missing.
     *
     * @throws IOException naming {@code file} and both versions, if the slot is intact and has an unknown version
     */
    static Optional<Slot> decode(ByteBuffer slot, Path file) throws IOException {
        if (slot.remaining() < HEADER || slot.getInt(0) != MAGIC) {
            return Optional.empty();
        }
        int length = slot.getInt(24);
        if (length < 0 || length > slot.remaining() - HEADER) {
            return Optional.empty();
        }
        ByteBuffer whole = slot.duplicate().limit(HEADER + length);
        if (slot.getInt(CRC_AT) != checksum(whole)) {
            return Optional.empty();
        }
        int version = slot.getInt(VERSION_AT);
        if (version != VERSION) {
            throw new IOException(
                    "The checkpoint " + file + " has format version " + version
                            + "; this program reads version " + VERSION
                            + ". Use the program version that wrote it, or delete it: then what the spool holds is sent again.");
        }
        SettledOffsets offsets = new SettledOffsets(slot.getLong(16));
        long at = offsets.floor();
        whole.position(HEADER);
        try {
            while (whole.hasRemaining()) {
                long from = at + Varints.get(whole);
                at = from + Varints.get(whole);
                offsets.addRange(from, at);
            }
        } catch (BufferUnderflowException | IllegalStateException damaged) {
            return Optional.empty();
        }
        return Optional.of(new Slot(slot.getLong(8), offsets));
    }

    static int checksum(ByteBuffer slot) {
        CRC32C crc = new CRC32C();
        crc.update(slot.duplicate().position(0).limit(CRC_AT));
        crc.update(slot.duplicate().position(HEADER));
        return (int) crc.getValue();
    }
}
