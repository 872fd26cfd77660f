package io.penstock.forward.client;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What the spill writer has still to save and to erase, and which chunks need no memory because they are saved. Guarded
 * by the buffer's lock.
 */
final class SpillQueue {
    private final Deque<Chunk> unsaved = new ArrayDeque<>();
    private final Deque<Chunk> reclaimable = new ArrayDeque<>();
    private final Deque<Place> erasable = new ArrayDeque<>();
    private final long tick;

    /** @param tick how long an event of an open chunk may be unsaved, in nanoseconds */
    SpillQueue(long tick) {
        this.tick = tick;
    }

    void sealed(Chunk chunk) {
        unsaved.add(chunk);
    }

    /**
     * A chunk that is not under way, after it was saved or put back: its memory may be used for others if nobody holds
     * it.
     */
    void waits(Chunk chunk, boolean inFront) {
        if (chunk.message() == null || chunk.isHeld() || chunk.savedEvents() < chunk.events()) {
            return;
        }
        // One that is still to be saved as a whole comes here again after that; its memory is given away once only.
        if (unsaved.contains(chunk) || reclaimable.contains(chunk)) {
            return;
        }
        if (inFront) {
            reclaimable.addFirst(chunk);
        } else {
            reclaimable.addLast(chunk);
        }
    }

    void taken(Chunk chunk) {
        reclaimable.remove(chunk);
    }

    void acknowledged(Chunk chunk) {
        unsaved.remove(chunk);
        reclaimable.remove(chunk);
    }

    /** The chunk is acknowledged and nobody uses it any more. */
    void finished(Chunk chunk) {
        Place place = chunk.place();
        if (place != null) {
            erasable.add(place);
        }
    }

    /** Memory of a chunk that is saved, of those the one that will be sent last; null when there is none. */
    @Nullable
    PackedForward reclaim() {
        Chunk last = reclaimable.pollLast();
        return last == null ? null : last.detach();
    }

    @Nullable
    Place pollErasable() {
        return erasable.poll();
    }

    /** The next to be saved: a sealed chunk, else one of the open ones whose events have waited long enough. */
    @Nullable
    SpillSave pollSave(Collection<Chunk> open, long now) {
        Chunk next = unsaved.poll();
        for (Chunk chunk : open) {
            if (next == null && rest(chunk, now) <= 0) {
                next = chunk;
            }
        }
        return next == null ? null : SpillSave.of(next);
    }

    /** How long there is nothing to do: 0 when there is something, {@link Long#MAX_VALUE} until something happens. */
    long untilWork(Collection<Chunk> open, long now) {
        if (!erasable.isEmpty() || !unsaved.isEmpty()) {
            return 0;
        }
        long least = Long.MAX_VALUE;
        for (Chunk chunk : open) {
            least = Math.min(least, Math.max(0, rest(chunk, now)));
        }
        return least;
    }

    private long rest(Chunk chunk, long now) {
        long rest = chunk.savedAt() + tick - now;
        // Without new events it is looked at again a tick later.
        return rest <= 0 && chunk.savedEvents() == chunk.events() ? tick : rest;
    }

    void notSaved(SpillSave save) {
        if (save.isWhole()) {
            unsaved.addFirst(save.chunk());
        }
    }

    boolean hasErasable() {
        return !erasable.isEmpty();
    }
}
