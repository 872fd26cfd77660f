package io.penstock.agent.live;

import java.util.List;

/** Lists names in a sentence. */
final class Names {
    private Names() {}

    /** "a", "a and b", "a, b and 7 more". */
    static String of(List<String> first, int all) {
        if (all > first.size()) {
            return String.join(", ", first) + " and " + (all - first.size()) + " more";
        }
        int last = first.size() - 1;
        return last < 1
                ? String.join("", first)
                : String.join(", ", first.subList(0, last)) + " and " + first.get(last);
    }
}
