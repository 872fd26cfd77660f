package io.penstock.forward.client;

import io.penstock.forward.client.internal.chunk.Chunk;
import io.penstock.forward.client.internal.chunk.ChunkIds;
import io.penstock.forward.client.internal.chunk.Place;
import io.penstock.forward.client.internal.chunk.SpillQueue;
import io.penstock.forward.client.internal.chunk.SpillSave;
import io.penstock.forward.client.internal.message.PackedForward;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a client: open (one per tag), waiting, and under way, which means sent and not yet acknowledged. A
 * chunk leaves only when it is acknowledged. When a connection is lost, its unacknowledged chunks return to the front
 * in their order. A chunk is sealed when it is full or when the sender takes it. While no server answers, an open chunk
 * therefore continues to fill, and few events do not occupy the memory of many.
 *
 * <p>Bounded by a number of chunks in memory; the memory is allocated when first needed and reused. Guarded by the
 * buffer's lock.
 */
final class Chunks {
    private final ClientSettings settings;
    private final byte[] source;
    private final boolean spills;
    private final ChunkIds ids = new ChunkIds();
    private final Map<String, Chunk> open = new LinkedHashMap<>();
    private final Deque<Chunk> waiting = new ArrayDeque<>();
    private final Deque<Chunk> underWay = new ArrayDeque<>();
    private final SpillQueue spill;
    private final Deque<PackedForward> free = new ArrayDeque<>();
    private int memories;
    private long sealed;

    Chunks(ClientSettings settings, byte[] source, SpillQueue spill) {
        this.settings = settings;
        this.source = source;
        this.spill = spill;
        this.spills = settings.spill().isPresent();
    }

    /** The open chunk of the tag; null if there is none or it has no room for {@code bytes}. */
    @Nullable
    Chunk openFor(String tag, int count) {
        Chunk chunk = open.get(tag);
        return chunk != null && chunk.entriesLength() + count <= settings.chunkBytes() ? chunk : null;
    }

    /** Seals the tag's open chunk and opens another; null if there is no memory for it. */
    @Nullable
    Chunk turnOver(String tag, int limit, long now) {
        Chunk full = open.remove(tag);
        if (full != null) {
            waiting.add(seal(full));
        }
        PackedForward memory = memory(limit);
        if (memory == null) {
            return null;
        }
        Chunk fresh = Chunk.open(ids.next(), tag.getBytes(StandardCharsets.UTF_8), memory, now);
        open.put(tag, fresh);
        return fresh;
    }

    private @Nullable PackedForward memory(int limit) {
        if (memories - free.size() >= limit) {
            return spill.reclaim();
        }
        PackedForward used = free.poll();
        if (used != null) {
            return used;
        }
        memories++;
        return new PackedForward(settings.chunkBytes(), PackedForward.envelope(source));
    }

    private Chunk seal(Chunk chunk) {
        chunk.seal(++sealed, source);
        if (spills) {
            spill.sealed(chunk);
        }
        return chunk;
    }

    /** Seals all open chunks. Returns the sequence number of the last sealed chunk. */
    long sealAll() {
        for (Chunk chunk : open.values()) {
            waiting.add(seal(chunk));
        }
        open.clear();
        return sealed;
    }

    /** Nanoseconds until a chunk is due: 0 if one is due now, {@link Long#MAX_VALUE} if none is open or waiting. */
    long untilDue(boolean closed, long now) {
        if (!waiting.isEmpty()) {
            return 0;
        }
        // The map is in the order in which the chunks were opened.
        Iterator<Chunk> oldest = open.values().iterator();
        if (!oldest.hasNext()) {
            return Long.MAX_VALUE;
        }
        return closed
                ? 0
                : Math.max(0, oldest.next().openedAt() + settings.linger().toNanos() - now);
    }

    boolean isWindowFull() {
        return underWay.size() >= settings.window();
    }

    /** Takes the next chunk to send, which is under way and held from now on. There must be one. */
    Chunk take(long now) {
        Chunk chunk = waiting.poll();
        if (chunk == null) {
            Iterator<Chunk> oldest = open.values().iterator();
            chunk = oldest.next();
            oldest.remove();
            seal(chunk);
        }
        spill.taken(chunk);
        underWay.add(chunk);
        chunk.sentAt(now);
        chunk.hold();
        return chunk;
    }

    /** Removes and returns the chunk under way that has this id; null if there is none. */
    @Nullable
    Chunk arrived(String id) {
        for (Iterator<Chunk> it = underWay.iterator(); it.hasNext(); ) {
            Chunk chunk = it.next();
            if (chunk.id().equals(id)) {
                it.remove();
                leave(chunk);
                return chunk;
            }
        }
        return null;
    }

    /** Gives up a chunk that is under way. */
    void discard(Chunk chunk) {
        underWay.remove(chunk);
        leave(chunk);
    }

    private void leave(Chunk chunk) {
        chunk.acknowledge();
        spill.acknowledged(chunk);
        recycle(chunk);
    }

    /** One user no longer needs the chunk. */
    void release(Chunk chunk) {
        chunk.release();
        recycle(chunk);
        if (!chunk.isAcknowledged() && !underWay.contains(chunk)) {
            spill.waits(chunk, true);
        }
    }

    private void recycle(Chunk chunk) {
        if (!chunk.isAcknowledged() || chunk.isHeld()) {
            return;
        }
        PackedForward memory = chunk.detach();
        if (memory != null) {
            free.push(memory);
        }
        spill.finished(chunk);
    }

    /** Returns the chunks under way to the front. Returns their number. */
    int putBack() {
        int count = underWay.size();
        while (!underWay.isEmpty()) {
            Chunk chunk = underWay.removeLast();
            waiting.addFirst(chunk);
            spill.waits(chunk, true);
        }
        return count;
    }

    /** A save has ended; {@code place} is null if it failed. */
    void saved(SpillSave save, @Nullable Place place, boolean again, long now) {
        Chunk chunk = save.chunk();
        Place where = place == null ? chunk.place() : place;
        chunk.saved(where, now);
        chunk.release();
        if (chunk.isAcknowledged()) {
            recycle(chunk);
        } else if (place == null && again) {
            spill.notSaved(save);
        } else if (place != null && save.isWhole() && !underWay.contains(chunk)) {
            spill.waits(chunk, false);
        }
    }

    /** Puts the chunks of an earlier client in front. Returns the number of their events. */
    long restore(List<Chunk> chunks) {
        long events = 0;
        for (int i = chunks.size() - 1; i >= 0; i--) {
            waiting.addFirst(chunks.get(i));
            events += chunks.get(i).events();
        }
        return events;
    }

    /** When the oldest chunk under way was sent; {@code now} if none is under way. */
    long oldestUnderWay(long now) {
        Chunk oldest = underWay.peek();
        return oldest == null ? now : oldest.sentAt();
    }

    /**
     * The lowest sequence number that is not acknowledged. Chunks are sent, and sent again, in the order of these
     * numbers.
     */
    long oldestSequence() {
        Chunk oldest = underWay.isEmpty() ? waiting.peek() : underWay.peek();
        return oldest == null ? Long.MAX_VALUE : oldest.sequence();
    }

    Collection<Chunk> open() {
        return open.values();
    }

    int size() {
        return open.size() + waiting.size() + underWay.size();
    }

    /** The sum over all chunks in any state. */
    long sum(ToLongFunction<Chunk> what) {
        List<Chunk> all = new ArrayList<>(open.values());
        all.addAll(waiting);
        all.addAll(underWay);
        return all.stream().mapToLong(what).sum();
    }
}
