package io.penstock.forward.client.appender;

import io.penstock.forward.client.EntryWriter;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Memory in which logging threads encode events, so that an event costs no allocation. It belongs to the appender and
 * not to the threads: a web application leaves nothing in the threads of its container, and virtual threads need none
 * of their own. A thread that finds its places taken, also by itself because formatting a message logged, gets new
 * memory.
 *
 * <p>Keeps up to {@value #PLACES} writers of up to {@value #KEPT_BYTES} bytes. Any thread; never blocks.
 */
public final class EncodingMemory {
    private static final int PLACES = 32;
    private static final int KEPT_BYTES = 64 * 1024;
    private static final int KEPT_CHARACTERS = 16 * 1024;

    private final int maxBytes;
    private final AtomicReferenceArray<@Nullable Draft> places = new AtomicReferenceArray<>(PLACES);

    /** @param maxBytes the size of the largest event */
    public EncodingMemory(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** An event under construction. One thread at a time, between {@link #take} and {@link #give}. */
    public static final class Draft {
        private final EntryWriter entry;
        private StringBuilder scratch = new StringBuilder(256);

        private Draft(int maxBytes) {
            entry = new EntryWriter(maxBytes);
        }

        /** The event and its record. */
        public EntryWriter entry() {
            return entry;
        }

        /** A buffer for text; empty after {@link EncodingMemory#take}. */
        public StringBuilder scratch() {
            return scratch;
        }
    }

    /** Takes memory; {@link #give} returns it. */
    public Draft take() {
        int place = place();
        Draft draft = places.getAndSet(place, null);
        if (draft == null) {
            draft = places.getAndSet(place ^ 1, null);
        }
        if (draft == null) {
            return new Draft(maxBytes);
        }
        draft.scratch.setLength(0);
        return draft;
    }

    /** Returns memory; its event is invalid from now on. Memory that grew beyond the bound is left to the collector. */
    public void give(Draft draft) {
        if (draft.entry.array().length > KEPT_BYTES) {
            return;
        }
        if (draft.scratch.capacity() > KEPT_CHARACTERS) {
            draft.scratch = new StringBuilder(256);
        }
        int place = place();
        if (!places.compareAndSet(place, null, draft)) {
            places.compareAndSet(place ^ 1, null, draft);
        }
    }

    @SuppressWarnings("deprecation") // Its successor is newer than the oldest JDK on which appenders run.
    private static int place() {
        return (int) Thread.currentThread().getId() & PLACES - 1;
    }
}
