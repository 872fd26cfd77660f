package io.penstock.tools.demo;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/** The last {@value #KEPT} things that happened, for the page and for a terminal. Thread-safe. */
final class Happenings {
    private static final int KEPT = 40;

    private final LongSupplier nanos;
    private final long began;
    private final Deque<Happening> last = new ArrayDeque<>();
    private long count;

    /**
     * Something that happened.
     *
     * @param number from 0
     * @param seconds since the beginning
     */
    record Happening(long number, double seconds, String text) {}

    Happenings(LongSupplier nanos) {
        this.nanos = nanos;
        this.began = nanos.getAsLong();
    }

    double seconds() {
        return (nanos.getAsLong() - began) / 1e9;
    }

    synchronized void add(String text) {
        last.addLast(new Happening(count++, seconds(), text));
        if (last.size() > KEPT) {
            last.removeFirst();
        }
    }

    /** The oldest first. */
    synchronized List<Happening> last() {
        return List.copyOf(last);
    }
}
