package io.penstock.tools.demo.table;

import java.util.Arrays;

/** How long the last events took from their producer to the table. Not thread-safe. */
final class Delays {
    private static final int KEPT = 4096;

    private final long[] last = new long[KEPT];
    private long added;

    void add(long millis) {
        last[(int) (added++ % KEPT)] = Math.max(0, millis);
    }

    /** In milliseconds; 0 if nothing has come. */
    long percentile(double share) {
        int count = (int) Math.min(added, KEPT);
        if (count == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(last, count);
        Arrays.sort(sorted);
        return sorted[(int) Math.min(count - 1, Math.floor(count * share))];
    }
}
