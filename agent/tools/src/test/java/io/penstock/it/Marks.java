package io.penstock.it;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts that tell events apart: each client makes its own, says which were acknowledged, and finds them again in
 * whatever a record looks like. Any thread.
 */
final class Marks {
    private static final Pattern MARK = Pattern.compile("#[a-z0-9]+ \\d+#");

    private final AtomicLong numbers = new AtomicLong();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();

    String next(String client) {
        return "#" + client + " " + numbers.incrementAndGet() + "#";
    }

    void acknowledged(String mark) {
        if (acknowledged.add(mark)) {
            counts.merge(mark.substring(1, mark.indexOf(' ')), 1, Integer::sum);
        }
    }

    Set<String> acknowledged() {
        return acknowledged;
    }

    /** How many acknowledged marks each client has. */
    Map<String, Integer> counts() {
        return Map.copyOf(counts);
    }

    /** Takes the marks that stand in {@code records} out of {@code missing}. */
    static void removeFound(Collection<String> records, Set<String> missing) {
        for (String record : records) {
            Matcher found = MARK.matcher(record);
            while (found.find()) {
                missing.remove(found.group());
            }
        }
    }
}
