package io.penstock.tools.bench;

import java.util.Map;
import java.util.TreeMap;

/** Counts what went wrong by its text, at most {@link #KINDS} different ones and the rest together. Any thread. */
final class Errors {
    /** How many texts are told apart. */
    static final int KINDS = 50;

    static final String OTHERS = "others";

    private final Map<String, Long> counts = new TreeMap<>();

    void add(String text, long events) {
        synchronized (counts) {
            String kind = counts.containsKey(text) || counts.size() < KINDS ? text : OTHERS;
            counts.merge(kind, events, Long::sum);
        }
    }

    /** A copy: text and how often. */
    Map<String, Long> counts() {
        synchronized (counts) {
            return new TreeMap<>(counts);
        }
    }
}
