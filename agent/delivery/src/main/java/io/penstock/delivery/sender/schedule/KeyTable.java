package io.penstock.delivery.sender.schedule;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The first record in memory of each partition key: a hash table whose chains run through the records themselves,
 * because an entry comes and goes with almost every record where keys are many. The MD5 that a key has anyway is the
 * hash. Owned by the sender's thread; as large as the records in memory make it, and never smaller again.
 */
final class KeyTable {
    private static final int SMALLEST = 64;

    private @Nullable SendRecord[] slots = new SendRecord[SMALLEST];
    private int size;

    /** The first record of the same key; null when none is in memory. */
    @Nullable
    SendRecord find(SendRecord record) {
        SendRecord first = slots[slot(record, slots)];
        while (first != null && (first.hashLow() != record.hashLow() || first.hashHigh() != record.hashHigh())) {
            first = first.chained;
        }
        return first;
    }

    /** Adds the first record of a key that has none. */
    void add(SendRecord first) {
        if (size >= slots.length) {
            grow();
        }
        link(first, slots);
        size++;
    }

    /** Takes out a first record that is in it. */
    void remove(SendRecord first) {
        int slot = slot(first, slots);
        SendRecord before = slots[slot];
        if (before == first) {
            slots[slot] = first.chained;
        } else {
            while (before != null && before.chained != first) {
                before = before.chained;
            }
            if (before == null) {
                throw new IllegalStateException("no key of record " + first.offset());
            }
            before.chained = first.chained;
        }
        first.chained = null;
        size--;
    }

    void forEach(Consumer<SendRecord> visitor) {
        for (SendRecord slot : slots) {
            for (SendRecord first = slot; first != null; first = first.chained) {
                visitor.accept(first);
            }
        }
    }

    private void grow() {
        @Nullable SendRecord[] larger = new SendRecord[slots.length * 2];
        for (SendRecord slot : slots) {
            SendRecord first = slot;
            while (first != null) {
                SendRecord next = first.chained;
                link(first, larger);
                first = next;
            }
        }
        slots = larger;
    }

    private static void link(SendRecord first, @Nullable SendRecord[] into) {
        int slot = slot(first, into);
        first.chained = into[slot];
        into[slot] = first;
    }

    private static int slot(SendRecord record, @Nullable SendRecord[] slots) {
        return (int) record.hashLow() & slots.length - 1;
    }
}
