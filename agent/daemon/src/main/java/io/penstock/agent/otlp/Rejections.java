package io.penstock.agent.otlp;

import io.penstock.agent.metrics.Refusal;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.EnumMap;
import java.util.Map;

/** The log records of one request that cannot be stored, counted by reason, with the first one's in words. */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class Rejections {
    private final Map<Refusal, Integer> counts = new EnumMap<>(Refusal.class);
    private Refusal firstReason = Refusal.MALFORMED;
    private String first = "";
    private int total;

    void add(Refusal reason, String place, String what) {
        if (total == 0) {
            firstReason = reason;
            first = place + " " + what;
        }
        total++;
        counts.merge(reason, 1, Integer::sum);
    }

    int total() {
        return total;
    }

    Refusal firstReason() {
        return firstReason;
    }

    Map<Refusal, Integer> counts() {
        return counts;
    }

    /** Empty if there are none. */
    String inWords() {
        return switch (total) {
            case 0 -> "";
            case 1 -> "one log record is not stored: " + first;
            default -> total + " log records are not stored; the first: " + first;
        };
    }
}
