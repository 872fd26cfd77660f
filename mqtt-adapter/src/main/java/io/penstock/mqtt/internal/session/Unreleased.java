package io.penstock.mqtt.internal.session;

import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.penstock.mqtt.internal.limits.Holding;
import org.jspecify.annotations.Nullable;

/**
 * The packet identifiers of QoS 2 publishes that are taken and not yet released: a bit for each, in pages that come and
 * go, and for those that are not durable yet the place where they become so. The places are as many as a connection may
 * be owed. A client that uses neighbouring identifiers needs the few pages that count nothing. One event loop at a
 * time.
 */
final class Unreleased {
    private static final int PAGE_SHIFT = 9;
    private static final int PAGE_WORDS = (1 << PAGE_SHIFT) / Long.SIZE;
    private static final int PAGES = 0x10000 >> PAGE_SHIFT;

    /** Heap that one page takes. */
    private static final int PAGE_BYTES = PAGE_WORDS * Long.BYTES + 32;

    private static final int FREE_PAGES = 6;

    /** Places are looked through when so many are there, and then when they are twice as many as were left. */
    private static final int SWEEP = 64;

    private final IntObjectMap<Session.Taken> pending = new IntObjectHashMap<>(4);
    private final Holding memory;
    private long @Nullable [][] pages;
    private int count;
    private int sweepAt = SWEEP;

    /** @param memory holds the pages */
    Unreleased(Holding memory) {
        this.memory = memory;
    }

    /** Where this identifier's publish becomes durable; null if the identifier is free. */
    Session.@Nullable Taken get(int packetId) {
        long @Nullable [] page = page(packetId);
        if (page == null || (page[word(packetId)] & 1L << packetId) == 0) {
            return null;
        }
        Session.Taken taken = pending.get(packetId);
        return taken == null ? Session.Taken.ALREADY : taken;
    }

    private long @Nullable [] page(int packetId) {
        return pages == null ? null : pages[packetId >> PAGE_SHIFT];
    }

    private static int word(int packetId) {
        return packetId / Long.SIZE % PAGE_WORDS;
    }

    /** Makes a place for this identifier, before {@link #put}; false if there is no memory for it. */
    boolean reserve(int packetId) {
        if (page(packetId) != null) {
            return true;
        }
        if (count >= FREE_PAGES && !memory.tryAdd(PAGE_BYTES)) {
            return false;
        }
        if (pages == null) {
            pages = new long[PAGES][];
        }
        pages[packetId >> PAGE_SHIFT] = new long[PAGE_WORDS];
        count++;
        return true;
    }

    void put(int packetId, Session.Taken taken) {
        long @Nullable [] page = page(packetId);
        if (page == null) {
            throw new IllegalStateException("no place was reserved for identifier " + packetId);
        }
        page[word(packetId)] |= 1L << packetId;
        if (taken == Session.Taken.ALREADY) {
            return;
        }
        pending.put(packetId, taken);
        if (pending.size() >= sweepAt) {
            pending.values().removeIf(Session.Taken::isDurable);
            sweepAt = Math.max(SWEEP, 2 * pending.size());
        }
    }

    /** Frees an identifier and answers what was known of it; null if it was free. */
    Session.@Nullable Taken remove(int packetId) {
        Session.Taken taken = get(packetId);
        long @Nullable [] page = page(packetId);
        if (taken != null && page != null) {
            page[word(packetId)] &= ~(1L << packetId);
            pending.remove(packetId);
            if (isEmpty(page)) {
                drop(packetId >> PAGE_SHIFT);
            }
        }
        return taken;
    }

    private static boolean isEmpty(long[] page) {
        for (long word : page) {
            if (word != 0) {
                return false;
            }
        }
        return true;
    }

    private void drop(int page) {
        if (pages != null && count > 1) { // The last page stays for the next identifier.
            pages[page] = null;
            if (count > FREE_PAGES) {
                memory.remove(PAGE_BYTES);
            }
            count--;
        }
    }
}
