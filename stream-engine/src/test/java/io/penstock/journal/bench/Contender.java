package io.penstock.journal.bench;

import java.io.IOException;

/** One way of making messages durable, measured in rounds. */
interface Contender extends AutoCloseable {
    String name();

    /** Runs for {@code nanos} with {@code clients} messages of {@link LogBench#MESSAGE} bytes in flight. */
    Round run(int clients, long nanos) throws IOException;

    @Override
    void close() throws IOException;

    /**
     * What a round gave.
     *
     * @param perSecond messages made durable per second
     * @param p50Micros median time from submission to acknowledgement
     * @param p99Micros 99th percentile of it
     */
    record Round(double perSecond, double p50Micros, double p99Micros) {}
}
