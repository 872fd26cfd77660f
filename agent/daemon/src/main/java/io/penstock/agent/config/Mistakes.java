package io.penstock.agent.config;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects mistakes while a file is read; of more than {@value #MOST} only the first are kept. */
@OwnedBy(ThreadRole.HOLDER)
final class Mistakes {
    static final int MOST = 100;
    static final int LONGEST_REASON = 400;

    private final List<Mistake> found = new ArrayList<>();

    void add(Place place, String key, String reason, String remedy) {
        if (found.size() < MOST) {
            found.add(new Mistake(place.line(), place.column(), shown(key), shown(reason), remedy));
        }
    }

    /** As it can be printed on one line of a terminal, whatever the file holds. */
    private static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + "...";
    }

    boolean any() {
        return !found.isEmpty();
    }

    /** In the order of the file; what stands nowhere comes last. */
    List<Mistake> inOrder() {
        return found.stream()
                .sorted(Comparator.<Mistake>comparingInt(m -> m.line() == 0 ? Integer.MAX_VALUE : m.line())
                        .thenComparingInt(Mistake::column))
                .toList();
    }
}
