package io.penstock.tools.bench;

import org.HdrHistogram.Histogram;

/**
 * How long acknowledgements took, in nanoseconds, exact to three digits. All 0 when there were none.
 *
 * @param count of acknowledgements
 */
public record Latency(long count, long p50, long p90, long p99, long p999, long max) {
    static Latency of(Histogram histogram) {
        return new Latency(
                histogram.getTotalCount(),
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(90),
                histogram.getValueAtPercentile(99),
                histogram.getValueAtPercentile(99.9),
                histogram.getTotalCount() == 0 ? 0 : histogram.getMaxValue());
    }
}
