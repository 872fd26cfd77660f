package io.penstock.agent.sessions;

import java.util.ArrayDeque;
import java.util.Deque;

/** The entries of one loop in the session log that are not known to be durable, in their order. Any thread. */
final class AppendedEntries {
    private final Deque<Appended> entries = new ArrayDeque<>();

    private record Appended(long entry, long operations) {}

    /** The entry holds the loop's operations up to this number. */
    synchronized void add(long entry, long operations) {
        entries.add(new Appended(entry, operations));
    }

    /** Entries below {@code end} are durable. Returns up to which number the operations are now; -1: as before. */
    synchronized long removeBelow(long end) {
        long upTo = -1;
        Appended first = entries.peek();
        while (first != null && first.entry < end) {
            upTo = first.operations;
            entries.remove();
            first = entries.peek();
        }
        return upTo;
    }
}
