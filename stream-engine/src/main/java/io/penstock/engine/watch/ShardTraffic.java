package io.penstock.engine.watch;

import java.util.concurrent.atomic.LongAdder;

/** What went into a shard and what was read from it since the engine started. Thread-safe and lock-free. */
public final class ShardTraffic {
    private final LongAdder recordsIn = new LongAdder();
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder recordsOut = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();

    ShardTraffic() {}

    /**
     * Totals since the engine started.
     *
     * @param recordsIn taken by the log
     * @param bytesIn their keys and data
     * @param recordsOut returned to readers
     * @param bytesOut their keys and data
     */
    public record Totals(long recordsIn, long bytesIn, long recordsOut, long bytesOut) {
        public static final Totals NONE = new Totals(0, 0, 0, 0);

        public Totals plus(Totals other) {
            return new Totals(
                    recordsIn + other.recordsIn,
                    bytesIn + other.bytesIn,
                    recordsOut + other.recordsOut,
                    bytesOut + other.bytesOut);
        }
    }

    /** The log took records. */
    public void in(long records, long bytes) {
        recordsIn.add(records);
        bytesIn.add(bytes);
    }

    /** Records were returned to a reader. */
    public void out(long records, long bytes) {
        recordsOut.add(records);
        bytesOut.add(bytes);
    }

    public Totals totals() {
        return new Totals(recordsIn.sum(), bytesIn.sum(), recordsOut.sum(), bytesOut.sum());
    }
}
