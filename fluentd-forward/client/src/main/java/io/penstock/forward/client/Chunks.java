package io.penstock.forward.client;

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
 * chunk leaves only when it is acknowledged; a lost connection puts what it had not acknowledged back in front, in its
 * order. An open chunk is sealed when it is full, or when the sender takes it: while no server answers it goes on
 * filling, so that few events do not take the memory of many.
 *
 * <p>Bounded by a number of chunks in memory, which is taken when first needed and used again. Guarded by the buffer's
 * lock.
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

    /** The open chunk of the tag; null when there is none or it has no room for so many bytes. */
    @Nullable
    Chunk openFor(String tag, int count) {
        Chunk chunk = open.get(tag);
        return chunk != null && chunk.entriesLength() + count <= settings.chunkBytes() ? chunk : null;
    }

    /** Seals the tag's open chunk and opens another; null when there is no memory for it. */
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

    /** Seals all open chunks: the number of the one that was sealed last. */
    long sealAll() {
        for (Chunk chunk : open.values()) {
            waiting.add(seal(chunk));
        }
        open.clear();
        return sealed;
    }

    /** How long there is nothing to send: 0 when there is something, {@link Long#MAX_VALUE} until something happens. */
    long untilDue(boolean closed, long now) {
        if (!waiting.isEmpty()) {
            return 0;
        }
        // They were opened in this order.
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

    /** The next chunk to send, under way and held from now on; there must be one. */
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

    /** The chunk that is under way and has this id; null when there is none. It is so no longer. */
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

    /** Somebody does not use the chunk any more. */
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

    /** Puts back what is under way: how many chunks that are. */
    int putBack() {
        int count = underWay.size();
        while (!underWay.isEmpty()) {
            Chunk chunk = underWay.removeLast();
            waiting.addFirst(chunk);
            spill.waits(chunk, true);
        }
        return count;
    }

    /** A save is over: {@code place} is null when it failed. */
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

    /** Puts chunks of an earlier client in front: how many events they have. */
    long restore(List<Chunk> chunks) {
        long events = 0;
        for (int i = chunks.size() - 1; i >= 0; i--) {
            waiting.addFirst(chunks.get(i));
            events += chunks.get(i).events();
        }
        return events;
    }

    /** When the oldest chunk that is under way was sent; {@code now} when none is. */
    long oldestUnderWay(long now) {
        Chunk oldest = underWay.peek();
        return oldest == null ? now : oldest.sentAt();
    }

    /** Chunks are sent, and sent again, in the order in which they were sealed. */
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

    /** Of all chunks, whatever they are. */
    long sum(ToLongFunction<Chunk> what) {
        List<Chunk> all = new ArrayList<>(open.values());
        all.addAll(waiting);
        all.addAll(underWay);
        return all.stream().mapToLong(what).sum();
    }
}
