package io.penstock.tools.demo.table;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which events an application has counted. An event counts once: its {@code @id} is remembered, as are those of the last
 * {@value #REMEMBERED} events. Beside that the producers' own numbers show whether any event is missing. Not thread-safe.
 */
final class Numbers {
    static final int REMEMBERED = 500_000;

    private final Map<Kind, BitSet> seen = new LinkedHashMap<>();
    private final Map<String, Boolean> ids = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };
    private long counted;
    private long duplicates;
    private long repeated;

    /** Whether the event is new. */
    boolean take(Event event) {
        if (ids.put(event.id(), true) != null) {
            duplicates++;
            return false;
        }
        BitSet numbers = seen.computeIfAbsent(event.kind(), kind -> new BitSet());
        if (numbers.get(event.number())) {
            repeated++;
            return false;
        }
        numbers.set(event.number());
        counted++;
        return true;
    }

    /** Events, each once. */
    long counted() {
        return counted;
    }

    /** Records that came again with the same id. */
    long duplicates() {
        return duplicates;
    }

    /** Events that came again under another id: their producer sent them twice, and an id cannot tell. */
    long repeated() {
        return repeated;
    }

    /** How many of a kind's first events have not come. */
    long missing(Kind kind, long sent) {
        BitSet numbers = seen.get(kind);
        return numbers == null
                ? sent
                : sent - numbers.get(0, Math.toIntExact(sent)).cardinality();
    }
}
