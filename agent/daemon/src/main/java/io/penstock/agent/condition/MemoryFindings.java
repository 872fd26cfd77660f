package io.penstock.agent.condition;

import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Finding;
import io.penstock.base.condition.Place;
import io.penstock.base.memory.MemoryBudget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Finds the parts of the agent that had no memory left for a client within the last minute. Thread-safe; one entry for
 * each account of the budget.
 */
public final class MemoryFindings implements Supplier<List<Finding>> {
    private static final long LASTS = Duration.ofMinutes(1).toNanos();

    private final MemoryBudget budget;
    private final LongSupplier nanoTime;
    private final Map<String, Refusals> refusals = new HashMap<>();

    private record Refusals(long count, long roseAt, boolean rose) {}

    /** @param nanoTime {@link System#nanoTime} outside of tests */
    public MemoryFindings(MemoryBudget budget, LongSupplier nanoTime) {
        this.budget = budget;
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized List<Finding> get() {
        long now = nanoTime.getAsLong();
        List<Finding> found = new ArrayList<>();
        for (MemoryBudget.Account account : budget.accounts()) {
            long count = account.refusals();
            Refusals before = refusals.getOrDefault(account.name(), new Refusals(0, now, false));
            Refusals after = count > before.count() ? new Refusals(count, now, true) : before;
            refusals.put(account.name(), after);
            if (after.rose() && now - after.roseAt() < LASTS) {
                found.add(Finding.of(
                        ConditionName.MEMORY,
                        Place.source(account.name()),
                        "its memory was used up within the last minute, so that clients had to wait or were refused: it"
                                + " may hold " + size(account.limit()) + " and holds " + size(account.used())
                                + "; refusals since the start: " + count));
            }
        }
        return found;
    }

    private static String size(long bytes) {
        return bytes < 1 << 20 ? (bytes >> 10) + " KiB" : (bytes >> 20) + " MiB";
    }
}
