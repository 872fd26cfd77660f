package io.penstock.delivery.sender.status;

import io.penstock.base.condition.ConditionName;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts records by the name of what befell them. Bounded by the names. Any thread. */
public final class Causes {
    private final Map<ConditionName, LongAdder> counts = new EnumMap<>(ConditionName.class);

    Causes() {
        for (ConditionName name : ConditionName.values()) {
            counts.put(name, new LongAdder());
        }
    }

    public void add(ConditionName name, int records) {
        LongAdder count = counts.get(name);
        if (count == null) {
            throw new IllegalStateException("nothing counts " + name);
        }
        count.add(records);
    }

    /** Those that are above zero. */
    Map<ConditionName, Long> above() {
        Map<ConditionName, Long> above = new EnumMap<>(ConditionName.class);
        counts.forEach((name, count) -> {
            long sum = count.sum();
            if (sum > 0) {
                above.put(name, sum);
            }
        });
        return above;
    }
}
