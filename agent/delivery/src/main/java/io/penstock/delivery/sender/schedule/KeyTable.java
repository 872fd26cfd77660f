package io.penstock.delivery.sender.schedule;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The first record in memory of each partition key. A hash table whose chains are fields of the records, because with
 * many keys an entry is added and removed for almost every record. The hash is the key's MD5, which is needed anyway.
 * Grows with the records in memory and does not shrink.
 */
@OwnedBy(ThreadRole.SENDER)
final class KeyTable {
    private static final int SMALLEST = 64;

    private @Nullable SendRecord[] slots = new SendRecord[SMALLEST];
    private int size;

    /** The first record of the same key; null if none is in memory. */
    @Nullable
    SendRecord find(SendRecord record) {
        SendRecord first = slots[slot(record, slots)];
        while (first != null && (first.hashLow() != record.hashLow() || first.hashHigh() != record.hashHigh())) {
            first = first.chained;
        }
        return first;
    }

    /** Adds the first record of a key that is not in the table. */
    void add(SendRecord first) {
        if (size >= slots.length) {
            grow();
        }
        link(first, slots);
        size++;
    }

    /** Removes a first record that is in the table. */
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

    /** Removes all. */
    void clear() {
        for (int i = 0; i < slots.length; i++) {
            SendRecord first = slots[i];
            while (first != null) {
                SendRecord next = first.chained;
                first.chained = null;
                first = next;
            }
            slots[i] = null;
        }
        size = 0;
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
