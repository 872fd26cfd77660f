package io.penstock.forward.client.internal.chunk;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What stands before a chunk in the spill file, big-endian:
 *
 * <pre>
 *   0  mark "PCHK"                        4
 *   4  checksum of all that follows       4   CRC-32C, seeded with the file's salt, which no log message can know
 *   8  order                              8   in which chunks were saved first
 *  16  blocks                             4   that it takes
 *  20  length of the entries              4
 *  24  events                             4
 *  28  length of the tag                  4
 *  32  checksum of tag and entries        4   CRC-32C
 *  36  id of the chunk                   24   ASCII
 *  60  nothing                            4
 * </pre>
 */
final class SpillHead {
    static final int BYTES = 64;

    private static final int MARK = 0x5043484b;
    private static final int SUMMED_FROM = 8;
    private static final int SUM_AT = 32;

    private final long order;
    private final int blocks;
    private final int length;
    private final int events;
    private final int tagLength;
    private final String id;

    private SpillHead(ByteBuffer from) {
        order = from.getLong(8);
        blocks = from.getInt(16);
        length = from.getInt(20);
        events = from.getInt(24);
        tagLength = from.getInt(28);
        byte[] ascii = new byte[ChunkIds.LENGTH];
        from.position(SUM_AT + 4);
        from.get(ascii);
        id = new String(ascii, StandardCharsets.US_ASCII);
    }

    /** The head at the beginning of the buffer, behind which the tag is; null if there is none. */
    static @Nullable SpillHead read(ByteBuffer from, long salt) {
        if (from.limit() < BYTES || from.getInt(0) != MARK || from.getInt(4) != sum(from, salt)) {
            return null;
        }
        SpillHead head = new SpillHead(from);
        return from.limit() < BYTES + head.tagLength ? null : head;
    }

    Place place(int block) {
        return new Place(block, blocks, order, length, events);
    }

    Chunk chunk(int block, ByteBuffer from) {
        byte[] tag = new byte[tagLength];
        from.position(BYTES);
        from.get(tag);
        return Chunk.restored(id, tag, events, place(block));
    }

    static void write(ByteBuffer to, long salt, Chunk chunk, Place place, int sum) {
        to.clear();
        to.putInt(MARK)
                .putInt(0)
                .putLong(place.order())
                .putInt(place.blocks())
                .putInt(place.length())
                .putInt(place.events())
                .putInt(chunk.tag().length)
                .putInt(sum)
                .put(chunk.id().getBytes(StandardCharsets.US_ASCII))
                .putInt(0)
                .flip();
        to.putInt(4, sum(to, salt));
    }

    /** The checksum of tag and entries that a head holds. */
    static int sumIn(ByteBuffer head) {
        return head.getInt(SUM_AT);
    }

    static int sum(byte[] tag, byte[] entries, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(tag, 0, tag.length);
        crc.update(entries, from, length);
        return (int) crc.getValue();
    }

    private static int sum(ByteBuffer head, long salt) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(8).putLong(0, salt));
        crc.update(head.duplicate().position(SUMMED_FROM).limit(BYTES));
        return (int) crc.getValue();
    }
}
