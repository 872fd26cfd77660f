package io.penstock.delivery.sender.schedule;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The records of one partition key behind its first one in memory, in offset order. Most keys have one record in memory
 * and no queue.
 */
@OwnedBy(ThreadRole.SENDER)
public final class RecordQueue {
    private @Nullable SendRecord head;
    private @Nullable SendRecord tail;
    private int records;
    private long bytes;

    int records() {
        return records;
    }

    long bytes() {
        return bytes;
    }

    @Nullable
    public SendRecord peek() {
        return head;
    }

    void forEach(Consumer<SendRecord> visitor) {
        for (SendRecord each = head; each != null; each = each.next) {
            visitor.accept(each);
        }
    }

    void add(SendRecord record) {
        record.next = null;
        if (tail == null) {
            head = record;
        } else {
            tail.next = record;
        }
        tail = record;
        records++;
        bytes += record.size();
    }

    /** Returns a record that was taken and not stored; of several the last one must be returned first. */
    void putBack(SendRecord record) {
        record.next = head;
        head = record;
        if (tail == null) {
            tail = record;
        }
        records++;
        bytes += record.size();
    }

    /** Removes the first record. */
    SendRecord take() {
        SendRecord taken = head;
        if (taken == null) {
            throw new IllegalStateException("nothing to take");
        }
        head = taken.next;
        if (head == null) {
            tail = null;
        }
        taken.next = null;
        records--;
        bytes -= taken.size();
        return taken;
    }
}
