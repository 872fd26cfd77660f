package io.penstock.base.ack;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.OwnerCheck;
import io.penstock.base.thread.ThreadRole;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Answers owed to clients, oldest first. An entry is answered once its store has passed the entry's offset and all
 * older entries are answered, also when the entries belong to several stores. The queue is a ring of arrays that
 * doubles, so an entry costs no object; an idle queue holds no arrays. The owner bounds the queue by adding no more.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>Each entry is answered at most once, with {@code passed} or {@code lost}. Entries that {@link #clear} drops get
 *       no answer.
 *   <li>Entries are answered in the order in which they were added.
 *   <li>{@code passed} is called only after the entry's store has passed the entry's offset. {@code lost} is called
 *       only after that store has failed; the queue reads the store's end once more first, because a failed store's end
 *       is final.
 *   <li>An entry has left the queue when its answer begins. An answer may add, clear and settle: entries that become
 *       due within an answer are answered after it, by the same loop.
 *   <li>After each {@link #settle} the queue waits for its oldest entry; an empty queue waits for nothing. This also
 *       holds when an answer throws: then a separate task answers the entries behind it.
 * </ol>
 *
 * @param <V> the value of an entry, in addition to its tag
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class AckQueue<V> {
    /** Receives the answers, on the queue's loop. An exception of an answer reaches the caller of {@link #settle}. */
    public interface Answers<V> {
        /** The store has passed the entry. */
        void passed(int tag, V value);

        /** The entry's store has failed before it passed the entry. */
        void lost(int tag, V value);
    }

    private static final int FIRST = 16;

    /** An empty ring with more slots than this is released. */
    private static final int KEPT = 256;

    private final Answers<V> answers;
    private final Waiter waiter;
    private @Nullable Watermark[] stores = {};
    private long[] offsets = {};
    private int[] tags = {};
    private @Nullable Object[] values = {};
    private int head;
    private int size;
    private boolean settling;

    /** @param due runs on the loop when {@link #settle} has work; it must call {@link #settle} */
    public AckQueue(EventExecutor loop, Answers<V> answers, Runnable due) {
        this.answers = answers;
        this.waiter = new Waiter(loop, due);
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public int size() {
        return size;
    }

    /** The number of entries that fit before the ring doubles. */
    public int slots() {
        return tags.length;
    }

    /** Owes an answer once {@code store} has passed {@code offset}. The caller must call {@link #settle} afterwards. */
    public void add(Watermark store, long offset, int tag, V value) {
        assert OwnerCheck.isOn(waiter.loop());
        if (size == tags.length) {
            grow();
        }
        int slot = slot(size++);
        stores[slot] = store;
        offsets[slot] = offset;
        tags[slot] = tag;
        values[slot] = value;
    }

    /**
     * Raises the newest entry to {@code offset} if it has this store and tag. Returns false if it has another one; then
     * nothing changes.
     */
    public boolean join(Watermark store, long offset, int tag) {
        assert OwnerCheck.isOn(waiter.loop());
        int slot = slot(size - 1);
        if (size == 0 || stores[slot] != store || tags[slot] != tag) {
            return false;
        }
        assert offset >= offsets[slot] : "the offsets of a store fall";
        offsets[slot] = offset;
        return true;
    }

    /** Changes each tag {@code from} to {@code to}. Returns the number of changed entries. */
    public int retag(int from, int to) {
        int changed = 0;
        for (int i = 0; i < size; i++) {
            if (tags[slot(i)] == from) {
                tags[slot(i)] = to;
                changed++;
            }
        }
        return changed;
    }

    /**
     * Answers the due entries and arranges a call of {@code due} for the rest. Returns the number of answered entries.
     */
    public int settle() {
        assert OwnerCheck.isOn(waiter.loop());
        if (settling) {
            return 0;
        }
        settling = true;
        try {
            return answer();
        } finally {
            settling = false;
            if (size == 0) {
                waiter.cancel();
            } else {
                store(head).await(offsets[head], waiter);
            }
            assert isSound();
        }
    }

    private int answer() {
        int answered = 0;
        Watermark store = null;
        long end = 0;
        while (size > 0) {
            if (store(head) != store) {
                store = store(head);
                end = store.end();
            }
            boolean lost = false;
            if (end <= offsets[head]) {
                // Order matters: the end is final only after failed() is true.
                lost = store.failed();
                end = store.end();
                if (end > offsets[head]) {
                    lost = false;
                } else if (!lost) {
                    break;
                }
            }
            int tag = tags[head];
            V value = pop();
            answered++;
            if (lost) {
                answers.lost(tag, value);
            } else {
                answers.passed(tag, value);
            }
        }
        return answered;
    }

    @SuppressWarnings("unchecked") // only add() stores values here
    private V pop() {
        V value = (V) Objects.requireNonNull(values[head]);
        stores[head] = null;
        values[head] = null;
        head = head + 1 & tags.length - 1;
        size--;
        if (size == 0 && tags.length > KEPT) {
            release();
        }
        return value;
    }

    /** Drops all entries without an answer. */
    public void clear() {
        assert OwnerCheck.isOn(waiter.loop());
        size = 0;
        release();
        waiter.cancel();
    }

    private void release() {
        stores = new Watermark[0];
        offsets = new long[0];
        tags = new int[0];
        values = new Object[0];
        head = 0;
    }

    /** Doubles the ring. */
    public void grow() {
        int slots = Math.max(FIRST, 2 * tags.length);
        int first = Math.min(size, tags.length - head);
        @Nullable Watermark[] newStores = new Watermark[slots];
        System.arraycopy(stores, head, newStores, 0, first);
        System.arraycopy(stores, 0, newStores, first, size - first);
        long[] newOffsets = new long[slots];
        System.arraycopy(offsets, head, newOffsets, 0, first);
        System.arraycopy(offsets, 0, newOffsets, first, size - first);
        int[] newTags = new int[slots];
        System.arraycopy(tags, head, newTags, 0, first);
        System.arraycopy(tags, 0, newTags, first, size - first);
        @Nullable Object[] newValues = new Object[slots];
        System.arraycopy(values, head, newValues, 0, first);
        System.arraycopy(values, 0, newValues, first, size - first);
        stores = newStores;
        offsets = newOffsets;
        tags = newTags;
        values = newValues;
        head = 0;
    }

    private int slot(int position) {
        return head + position & tags.length - 1;
    }

    private Watermark store(int slot) {
        return Objects.requireNonNull(stores[slot]);
    }

    private boolean isSound() {
        for (int i = 0; i < tags.length; i++) {
            boolean used = (i - head & tags.length - 1) < size;
            assert used == (stores[i] != null) && used == (values[i] != null) : "slot " + i + " of " + tags.length;
        }
        assert waiter.isWaiting() == (size > 0) : size + " owed, waiting: " + waiter.isWaiting();
        return true;
    }
}
