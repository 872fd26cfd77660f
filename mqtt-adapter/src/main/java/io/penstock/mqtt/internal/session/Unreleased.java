package io.penstock.mqtt.internal.session;

import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.internal.limits.Holding;
import io.penstock.mqtt.session.SessionStore;
import org.jspecify.annotations.Nullable;

/**
 * The packet identifiers of QoS 2 publishes that are accepted and not yet released: one bit each, in pages that are
 * allocated on demand. For identifiers that are not durable yet, also the offset at which they become durable; there
 * are at most as many of these as pending acknowledgements. A client that uses consecutive identifiers needs only the
 * few pages that are not counted.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class Unreleased {
    private static final int PAGE_SHIFT = 9;
    private static final int PAGE_WORDS = (1 << PAGE_SHIFT) / Long.SIZE;
    private static final int PAGES = 0x10000 >> PAGE_SHIFT;

    /** Heap of one page. */
    private static final int PAGE_BYTES = PAGE_WORDS * Long.BYTES + 32;

    private static final int FREE_PAGES = 6;

    /**
     * Offsets of durable publishes are removed when the map reaches this size, and then each time that it has doubled.
     */
    private static final int SWEEP = 64;

    private final IntObjectMap<Session.Taken> pending = new IntObjectHashMap<>(4);
    private final Holding memory;
    private long @Nullable [][] pages;
    private int count;
    private int sweepAt = SWEEP;

    /** @param memory accounts for the pages */
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

    /** Makes room for this identifier, before {@link #put}. Returns false if there is no memory for it. */
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

    /** Frees an identifier. Returns what was known of it; null if it was free. */
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

    /** Tells of each identifier. */
    void visit(SessionStore.IdVisitor visitor) {
        if (pages == null) {
            return;
        }
        for (int packetId = 1; packetId <= 0xFFFF; packetId++) {
            if (page(packetId) == null) {
                packetId |= (1 << PAGE_SHIFT) - 1; // the last one of its page
                continue;
            }
            Session.Taken taken = get(packetId);
            if (taken != null) {
                visitor.id(packetId, taken.where(), taken.offset());
            }
        }
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
        if (pages != null && count > 1) { // the last page stays for the next identifier
            pages[page] = null;
            if (count > FREE_PAGES) {
                memory.remove(PAGE_BYTES);
            }
            count--;
        }
    }
}
