package io.penstock.delivery.sender.read;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;

/**
 * Estimates the number of different keys: HyperLogLog (Flajolet, Fusy, Gandouet, Meunier, "HyperLogLog: the analysis of
 * a near-optimal cardinality estimation algorithm", 2007) over the MD5 that every key has anyway. 2,048 registers: 2
 * KiB, a standard error of 2.3 %.
 */
@OwnedBy(ThreadRole.SENDER)
public final class KeySketch {
    private static final int INDEX_BITS = 11;
    private static final int REGISTERS = 1 << INDEX_BITS;
    private static final double ALPHA = 0.7213 / (1 + 1.079 / REGISTERS);

    private final byte[] registers = new byte[REGISTERS];

    public void add(long hashHigh, long hashLow) {
        int index = (int) (hashLow & REGISTERS - 1);
        byte rank = (byte) (Long.numberOfLeadingZeros(hashHigh) + 1);
        if (rank > registers[index]) {
            registers[index] = rank;
        }
    }

    /** With the correction for small numbers (linear counting), which makes small counts exact. */
    public long estimate() {
        double sum = 0;
        int empty = 0;
        for (byte register : registers) {
            sum += 1.0 / (1L << register);
            empty += register == 0 ? 1 : 0;
        }
        double raw = ALPHA * REGISTERS * REGISTERS / sum;
        if (raw <= 2.5 * REGISTERS && empty > 0) {
            return Math.round(REGISTERS * Math.log((double) REGISTERS / empty));
        }
        return Math.round(raw);
    }
}
