package io.penstock.journal.bench;

import java.util.Arrays;

/** Latencies of one round; the latest 2^20 are kept. */
final class Latencies {
    private final long[] nanos = new long[1 << 20];
    private final long[] sorted = new long[1 << 20];
    private int count;

    void clear() {
        count = 0;
    }

    void add(long value) {
        nanos[count++ & nanos.length - 1] = value;
    }

    Contender.Round round(long messages, long elapsed) {
        int kept = Math.min(count, nanos.length);
        System.arraycopy(nanos, 0, sorted, 0, kept);
        Arrays.sort(sorted, 0, kept);
        return new Contender.Round(messages * 1e9 / elapsed, sorted[kept / 2] / 1e3, sorted[(int) (kept * 0.99)] / 1e3);
    }
}
