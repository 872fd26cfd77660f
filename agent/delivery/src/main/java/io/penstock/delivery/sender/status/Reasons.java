package io.penstock.delivery.sender.status;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Why records were refused for good: the {@value #MOST} latest reasons, and how often each came. Any thread. */
public final class Reasons {
    static final int MOST = 5;
    private static final int LONGEST = 300;

    /** The latest is the last. */
    private final Map<String, Long> counts = new LinkedHashMap<>();

    Reasons() {}

    public synchronized void add(String reason) {
        String cut = reason.length() <= LONGEST ? reason : reason.substring(0, LONGEST) + "…";
        Long before = counts.remove(cut);
        counts.put(cut, before == null ? 1 : before + 1);
        if (counts.size() > MOST) {
            counts.remove(counts.keySet().iterator().next());
        }
    }

    /** The oldest first. */
    synchronized List<StreamStatus.Reason> latest() {
        List<StreamStatus.Reason> all = new ArrayList<>();
        counts.forEach((text, count) -> all.add(new StreamStatus.Reason(text, count)));
        return all;
    }
}
