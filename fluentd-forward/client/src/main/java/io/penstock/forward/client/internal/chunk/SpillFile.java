package io.penstock.forward.client.internal.chunk;

import io.penstock.forward.client.internal.message.PackedForward;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Chunks in a file, from which the next process restores them. Each takes consecutive {@link SpillBlocks blocks}:
 *
 * <pre>
 *  {@link SpillHead}, 64 bytes | tag | entries
 * </pre>
 *
 * A head is written after the entries that it counts, in one write, and is overwritten when the chunk is acknowledged.
 * So when the process is killed between the two writes, no head counts the new entries. Nothing is forced to the disk:
 * the file survives the process; after a power cut the checksums tell which chunks are whole. Bounded by the number of
 * blocks.
 *
 * <p>One thread, except for {@link #read}, which any thread may call.
 */
public final class SpillFile implements Closeable {
    /** An empty file larger than this is truncated. */
    private static final long KEPT_BYTES = 4 * 1024 * 1024;

    private final SpillBlocks file;
    private final Blocks blocks;
    private final ByteBuffer head = ByteBuffer.allocate(SpillHead.BYTES);
    private long order;

    private SpillFile(SpillBlocks file, long maxBytes) {
        this.file = file;
        this.blocks = new Blocks((int) Math.min(Integer.MAX_VALUE / 2, maxBytes / SpillBlocks.BYTES - 1));
    }

    /**
     * Opens the file or creates a new one.
     *
     * @throws IOException if that fails, another client has the file, or it is a file of another kind
     */
    public static SpillFile open(Path path, long maxBytes) throws IOException {
        return new SpillFile(SpillBlocks.open(path), maxBytes);
    }

    /**
     * The chunks in the file, in the order in which they were first saved. To be called once, before any other method.
     */
    public List<Chunk> restore() throws IOException {
        Map<String, Chunk> found = new HashMap<>();
        ByteBuffer buffer = ByteBuffer.allocate(SpillHead.BYTES + PackedForward.MAX_TAG_BYTES);
        int end = file.count();
        for (int block = 0; block < end; block++) {
            buffer.clear();
            file.readThere(block, buffer);
            buffer.flip();
            SpillHead read = SpillHead.read(buffer, file.salt());
            if (read == null) {
                continue;
            }
            Chunk chunk = read.chunk(block, buffer);
            Place place = read.place(block);
            blocks.take(block, place.blocks());
            order = Math.max(order, place.order() + 1);
            block += place.blocks() - 1;
            // A process that was killed while it moved a chunk has left two copies.
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
     * Saves the first {@code length} bytes of a chunk's entries: appends the new ones in place, or writes all to a new
     * place. If that fails, the saved entries stay as they were.
     *
     * @param whole true if no more entries will follow
     * @return the present place; null if the file has no room for it
     */
    @Nullable
    public Place save(Chunk chunk, PackedForward message, int length, int events, boolean whole) throws IOException {
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
                // The new place holds the whole chunk; if recovery finds both, the fuller one counts.
                return place;
            }
        }
        return place;
    }

    private static int blocksFor(Chunk chunk, int length) {
        int bytes = SpillHead.BYTES + chunk.tag().length + length;
        return (bytes + SpillBlocks.BYTES - 1) / SpillBlocks.BYTES;
    }

    private void write(Chunk chunk, PackedForward message, int from, Place place) throws IOException {
        byte[] array = message.array();
        int entriesAt = message.entriesAt();
        int tagAt = SpillHead.BYTES;
        if (from == 0) {
            file.write(place.block(), tagAt, ByteBuffer.wrap(chunk.tag()));
        }
        ByteBuffer added = ByteBuffer.wrap(array, entriesAt + from, place.length() - from);
        file.write(place.block(), tagAt + chunk.tag().length + from, added);
        int sum = SpillHead.sum(chunk.tag(), array, entriesAt, place.length());
        SpillHead.write(head, file.salt(), chunk, place, sum);
        file.write(place.block(), 0, head);
    }

    /** Removes a chunk. Its blocks are free even if the write fails; the next process may then send the chunk again. */
    public void erase(Place place) throws IOException {
        blocks.give(place.block(), place.blocks());
        if (!blocks.isEmpty() || !file.cutAbove(KEPT_BYTES)) {
            file.write(place.block(), 0, ByteBuffer.allocate(SpillHead.BYTES));
        }
    }

    /**
     * Reads a chunk into memory.
     *
     * @throws IOException if it is unreadable or damaged
     */
    public void read(Chunk chunk, PackedForward into, byte[] source) throws IOException {
        Place place = placeOf(chunk);
        byte[] tag = chunk.tag();
        ByteBuffer first = ByteBuffer.allocate(SpillHead.BYTES + tag.length);
        file.read(place.block(), 0, first);
        into.beginWith(tag, place.length(), PackedForward.envelope(source));
        ByteBuffer entries = ByteBuffer.wrap(into.array(), into.entriesAt(), place.length());
        file.read(place.block(), first.capacity(), entries);
        int sum = SpillHead.sum(tag, into.array(), into.entriesAt(), place.length());
        if (sum != SpillHead.sumIn(first)) {
            throw new IOException("its checksum does not fit");
        }
        into.finish(chunk.id(), place.events(), source);
    }

    @Override
    public void close() throws IOException {
        try {
            if (blocks.isEmpty()) {
                file.cut();
            }
        } finally {
            file.close();
        }
    }

    /**
     * Tracks the used blocks of a file. Takes the first blocks that fit, so that a little-used file stays short. Not
     * thread-safe.
     */
    private static final class Blocks {
        private final int bound;
        private final BitSet taken = new BitSet();

        Blocks(int bound) {
            this.bound = bound;
        }

        /** Takes {@code count} consecutive blocks. Returns the first, or -1 if the bound leaves no room. */
        int take(int count) {
            int from = taken.nextClearBit(0);
            while (from + count <= bound) {
                int next = taken.nextSetBit(from);
                if (next < 0 || next - from >= count) {
                    taken.set(from, from + count);
                    return from;
                }
                from = taken.nextClearBit(next);
            }
            return -1;
        }

        /** Takes these blocks, even beyond the bound. */
        void take(int first, int count) {
            taken.set(first, first + count);
        }

        void give(int first, int count) {
            taken.clear(first, first + count);
        }

        boolean isEmpty() {
            return taken.isEmpty();
        }
    }
}
