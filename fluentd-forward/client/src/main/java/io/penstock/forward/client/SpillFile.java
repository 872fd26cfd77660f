package io.penstock.forward.client;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Chunks in a file, to be found by the next process when this one dies. Blocks of 4 KiB; the first has the file's own
 * head, and each chunk takes a row of others:
 *
 * <pre>
 *  file head:  "Penstock" | version 1 | salt, 8 bytes
 *  chunk:      {@link SpillHead}, 64 bytes | tag | entries
 * </pre>
 *
 * A head is written after what it counts, in one write, and blotted out when the chunk is acknowledged: what a process
 * that was killed in between has written has no head that counts it. Nothing is forced to the disk: the file survives
 * the process, after a power cut the checksums tell what is whole. Bounded by the number of blocks.
 *
 * <p>One thread, but for {@link #read}, which any may call.
 */
final class SpillFile implements Closeable {
    private static final int BLOCK_BYTES = 4096;
    private static final byte[] MAGIC = "Penstock".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int FILE_HEAD_BYTES = MAGIC.length + 4 + 8;
    /** An empty file larger than this is cut. */
    private static final long KEPT_BYTES = 4 * 1024 * 1024;

    private final SpillLock lock;
    private final FileChannel channel;
    private final long salt;
    private final Blocks blocks;
    private final ByteBuffer head = ByteBuffer.allocate(SpillHead.BYTES);
    private long order;

    private SpillFile(SpillLock lock, long salt, long maxBytes) {
        this.lock = lock;
        this.channel = lock.channel();
        this.salt = salt;
        this.blocks = new Blocks((int) Math.min(Integer.MAX_VALUE / 2, maxBytes / BLOCK_BYTES - 1));
    }

    /**
     * Opens the file or makes a new one.
     *
     * @throws IOException when that cannot be, another client has it, or it is a file of another kind
     */
    static SpillFile open(Path file, long maxBytes) throws IOException {
        SpillLock lock = SpillLock.take(file);
        try {
            return new SpillFile(lock, salt(lock.channel()), maxBytes);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static long salt(FileChannel channel) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(FILE_HEAD_BYTES);
        int there = (int) Math.min(FILE_HEAD_BYTES, channel.size());
        readFully(channel, head.limit(there), 0);
        head.flip();
        for (int i = 0; i < Math.min(there, MAGIC.length); i++) {
            if (head.get(i) != MAGIC[i]) {
                throw new IOException("it is no spill file; name another, or remove it");
            }
        }
        if (there == FILE_HEAD_BYTES) {
            int version = head.getInt(MAGIC.length);
            if (version != VERSION) {
                throw new IOException("it is a spill file of version " + version + ", this is " + VERSION);
            }
            return head.getLong(MAGIC.length + 4);
        }
        long salt = new SecureRandom().nextLong();
        head.clear();
        head.put(MAGIC).putInt(VERSION).putLong(salt).flip();
        writeFully(channel, head, 0);
        return salt;
    }

    /** The chunks that are in the file, in the order in which they were saved first. Call it once, before anything else. */
    List<Chunk> restore() throws IOException {
        Map<String, Chunk> found = new HashMap<>();
        ByteBuffer buffer = ByteBuffer.allocate(SpillHead.BYTES + PackedForward.MAX_TAG_BYTES);
        long end = (channel.size() + BLOCK_BYTES - 1) / BLOCK_BYTES - 1;
        for (int block = 0; block < end; block++) {
            buffer.clear();
            buffer.limit((int) Math.min(buffer.capacity(), channel.size() - offset(block)));
            readFully(channel, buffer, offset(block));
            buffer.flip();
            SpillHead read = SpillHead.read(buffer, salt);
            if (read == null) {
                continue;
            }
            Chunk chunk = read.chunk(block, buffer);
            Place place = read.place(block);
            blocks.take(block, place.blocks());
            order = Math.max(order, place.order() + 1);
            block += place.blocks() - 1;
            // A process that was killed while it moved a chunk has left it twice.
            Chunk twin = found.get(chunk.id());
            if (twin == null || twin.savedEvents() <= chunk.events()) {
                found.put(chunk.id(), chunk);
            }
            if (twin != null) {
                erase(twin.savedEvents() <= chunk.events() ? placeOf(twin) : place);
            }
        }
        List<Chunk> chunks = new ArrayList<>(found.values());
        chunks.sort(Comparator.comparingLong(chunk -> placeOf(chunk).order()));
        return chunks;
    }

    private static Place placeOf(Chunk chunk) {
        Place place = chunk.place();
        if (place == null) {
            throw new IllegalStateException("a chunk of the file has no place in it");
        }
        return place;
    }

    /**
     * Saves the first {@code length} bytes of a chunk's entries: what is new of them where they are, or all in a new
     * place. Nothing of what is saved already is touched when that fails.
     *
     * @param whole whether no more will come
     * @return where it is now; null when the file has no room for it
     */
    @Nullable
    Place save(Chunk chunk, PackedForward message, int length, int events, boolean whole) throws IOException {
        Place old = chunk.place();
        int needed = blocksFor(chunk, length);
        if (old != null && needed <= old.blocks()) {
            int kept = whole ? needed : old.blocks();
            Place place = new Place(old.block(), kept, old.order(), length, events);
            write(chunk, message, old.length(), place);
            blocks.give(old.block() + kept, old.blocks() - kept);
            return place;
        }
        int count = whole ? needed : 2 * needed;
        int block = blocks.take(count);
        if (block < 0) {
            count = needed;
            block = blocks.take(count);
        }
        if (block < 0) {
            return null;
        }
        Place place = new Place(block, count, old == null ? order++ : old.order(), length, events);
        try {
            write(chunk, message, 0, place);
        } catch (IOException e) {
            blocks.give(block, count);
            throw e;
        }
        if (old != null) {
            try {
                erase(old);
            } catch (IOException e) {
                // The new place holds all of it, and of two that are found again the fuller one counts.
                return place;
            }
        }
        return place;
    }

    private static int blocksFor(Chunk chunk, int length) {
        return (SpillHead.BYTES + chunk.tag().length + length + BLOCK_BYTES - 1) / BLOCK_BYTES;
    }

    private void write(Chunk chunk, PackedForward message, int from, Place place) throws IOException {
        byte[] array = message.array();
        int entriesAt = message.entriesAt();
        long at = offset(place.block()) + SpillHead.BYTES;
        if (from == 0) {
            writeFully(channel, ByteBuffer.wrap(chunk.tag()), at);
        }
        writeFully(
                channel,
                ByteBuffer.wrap(array, entriesAt + from, place.length() - from),
                at + chunk.tag().length + from);
        int sum = SpillHead.sum(chunk.tag(), array, entriesAt, place.length());
        SpillHead.write(head, salt, chunk, place, sum);
        writeFully(channel, head, offset(place.block()));
    }

    /** Forgets a chunk; its blocks are free also when that cannot be written, and then it may be sent again one day. */
    void erase(Place place) throws IOException {
        blocks.give(place.block(), place.blocks());
        if (blocks.isEmpty() && channel.size() > KEPT_BYTES) {
            channel.truncate(BLOCK_BYTES);
            return;
        }
        writeFully(channel, ByteBuffer.allocate(SpillHead.BYTES), offset(place.block()));
    }

    /**
     * Reads a chunk into memory.
     *
     * @throws IOException when it cannot be read or is damaged
     */
    void read(Chunk chunk, PackedForward into, byte[] source) throws IOException {
        Place place = placeOf(chunk);
        byte[] tag = chunk.tag();
        ByteBuffer first = ByteBuffer.allocate(SpillHead.BYTES + tag.length);
        readFully(channel, first, offset(place.block()));
        into.beginWith(tag, place.length(), PackedForward.envelope(source));
        ByteBuffer entries = ByteBuffer.wrap(into.array(), into.entriesAt(), place.length());
        readFully(channel, entries, offset(place.block()) + first.capacity());
        int sum = SpillHead.sum(tag, into.array(), into.entriesAt(), place.length());
        if (sum != SpillHead.sumIn(first)) {
            throw new IOException("its checksum does not fit");
        }
        into.finish(chunk.id(), place.events(), source);
    }

    private static long offset(int block) {
        return (block + 1L) * BLOCK_BYTES;
    }

    private static void readFully(FileChannel channel, ByteBuffer into, long at) throws IOException {
        long position = at;
        while (into.hasRemaining()) {
            int count = channel.read(into, position);
            if (count < 0) {
                throw new EOFException("it ends at byte " + position);
            }
            position += count;
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer from, long at) throws IOException {
        long position = at;
        while (from.hasRemaining()) {
            position += channel.write(from, position);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (blocks.isEmpty()) {
                channel.truncate(FILE_HEAD_BYTES);
            }
        } finally {
            lock.close();
        }
    }
}
