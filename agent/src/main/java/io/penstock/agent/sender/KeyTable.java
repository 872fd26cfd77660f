package io.penstock.agent.sender;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The serial queues by partition key: a hash table whose chains run through the queues themselves, because a queue
 * comes and goes with almost every record where keys are many. The MD5 that a key has anyway is the hash. Owned by the
 * sender's thread; as large as the records in memory make it, and never smaller again.
 */
final class KeyTable {
    private static final int SMALLEST = 64;

    private @Nullable RecordQueue[] slots = new RecordQueue[SMALLEST];
    private int size;

    /** The queue of the record's key; null when it has none. */
    @Nullable
    RecordQueue find(SendRecord record) {
        RecordQueue queue = slots[(int) record.hashLow() & slots.length - 1];
        while (queue != null && (queue.hashLow() != record.hashLow() || queue.hashHigh() != record.hashHigh())) {
            queue = queue.chained;
        }
        return queue;
    }

    /** Adds the queue of a key that has none. */
    void add(RecordQueue queue) {
        if (size >= slots.length) {
            grow();
        }
        link(queue, slots);
        size++;
    }

    void remove(RecordQueue queue) {
        int slot = (int) queue.hashLow() & slots.length - 1;
        RecordQueue before = slots[slot];
        if (before == queue) {
            slots[slot] = queue.chained;
            size--;
            return;
        }
        while (before != null) {
            if (before.chained == queue) {
                before.chained = queue.chained;
                size--;
                return;
            }
            before = before.chained;
        }
    }

    void forEach(Consumer<RecordQueue> visitor) {
        for (RecordQueue first : slots) {
            for (RecordQueue queue = first; queue != null; queue = queue.chained) {
                visitor.accept(queue);
            }
        }
    }

    private void grow() {
        @Nullable RecordQueue[] larger = new RecordQueue[slots.length * 2];
        for (RecordQueue first : slots) {
            RecordQueue queue = first;
            while (queue != null) {
                RecordQueue next = queue.chained;
                link(queue, larger);
                queue = next;
            }
        }
        slots = larger;
    }

    private static void link(RecordQueue queue, @Nullable RecordQueue[] into) {
        int slot = (int) queue.hashLow() & into.length - 1;
        queue.chained = into[slot];
        into[slot] = queue;
    }
}
