package io.penstock.tools.bench;

import io.penstock.tools.bench.wire.Load;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What a load came to.
 *
 * @param run that the events' marks name
 * @param nanos from the first event that could be sent to the last answer, or to where the receiver had read everything
 * @param errors text and how many events or connections
 */
public record Outcome(
        String run, Load load, Plan plan, Counts counts, long nanos, Latency latency, Map<String, Long> errors) {
    public Outcome {
        errors = Map.copyOf(errors);
    }

    /** Events. */
    public record Counts(long sent, long acknowledged, long refused) {}

    /** The events that count for throughput: those acknowledged, or, without acknowledgements, those sent. */
    public long events() {
        return load.acknowledged() ? counts.acknowledged : counts.sent;
    }

    /** Bytes of those events' texts. */
    public long bytes() {
        return events() * plan.events().size();
    }

    /** Per second; 0 when nothing was done. */
    public double eventsPerSecond() {
        return nanos <= 0 ? 0 : events() * 1e9 / nanos;
    }

    /** In units of 1,000,000 bytes. */
    public double megabytesPerSecond() {
        return nanos <= 0 ? 0 : bytes() * 1e3 / nanos;
    }

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
}
