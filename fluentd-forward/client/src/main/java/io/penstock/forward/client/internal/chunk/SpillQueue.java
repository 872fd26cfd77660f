package io.penstock.forward.client.internal.chunk;

import io.penstock.forward.client.internal.message.PackedForward;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The pending work of the spill writer: chunks to save and places to erase. Also tracks the chunks whose memory may be
 * reused because they are saved. Guarded by the buffer's lock.
 */
public final class SpillQueue {
    private final Deque<Chunk> unsaved = new ArrayDeque<>();
    private final Deque<Chunk> reclaimable = new ArrayDeque<>();
    private final Deque<Place> erasable = new ArrayDeque<>();
    private final long tick;

    /** @param tick how long an event of an open chunk may stay unsaved, in nanoseconds */
    public SpillQueue(long tick) {
        this.tick = tick;
    }

    public void sealed(Chunk chunk) {
        unsaved.add(chunk);
    }

    /**
     * Called for a chunk that is not under way, after it was saved or put back. If no thread holds it, its memory may
     * be reused.
     */
    public void waits(Chunk chunk, boolean inFront) {
        if (chunk.message() == null || chunk.isHeld() || chunk.savedEvents() < chunk.events()) {
            return;
        }
        // A chunk that is still to be saved as a whole comes here again afterwards. Its memory is given away only once.
        if (unsaved.contains(chunk) || reclaimable.contains(chunk)) {
            return;
        }
        if (inFront) {
            reclaimable.addFirst(chunk);
        } else {
            reclaimable.addLast(chunk);
        }
    }

    public void taken(Chunk chunk) {
        reclaimable.remove(chunk);
    }

    public void acknowledged(Chunk chunk) {
        unsaved.remove(chunk);
        reclaimable.remove(chunk);
    }

    /** The chunk is acknowledged and no longer in use. */
    public void finished(Chunk chunk) {
        Place place = chunk.place();
        if (place != null) {
            erasable.add(place);
        }
    }

    /** Takes the memory of the saved chunk that will be sent last; null if there is none. */
    @Nullable
    public PackedForward reclaim() {
        Chunk last = reclaimable.pollLast();
        return last == null ? null : last.detach();
    }

    @Nullable
    public Place pollErasable() {
        return erasable.poll();
    }

    /** The next save: a sealed chunk, or else an open one whose events have waited long enough. */
    @Nullable
    public SpillSave pollSave(Collection<Chunk> open, long now) {
        Chunk next = unsaved.poll();
        for (Chunk chunk : open) {
            if (next == null && rest(chunk, now) <= 0) {
                next = chunk;
            }
        }
        return next == null ? null : SpillSave.of(next);
    }

    /** Nanoseconds until there is work: 0 if there is work now, {@link Long#MAX_VALUE} if a change must come first. */
    public long untilWork(Collection<Chunk> open, long now) {
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
        // Without new events, check again one tick later.
        return rest <= 0 && chunk.savedEvents() == chunk.events() ? tick : rest;
    }

    public void notSaved(SpillSave save) {
        if (save.isWhole()) {
            unsaved.addFirst(save.chunk());
        }
    }

    public boolean hasErasable() {
        return !erasable.isEmpty();
    }
}
