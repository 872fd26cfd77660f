package io.penstock.tools.bench;

import java.util.Map;

/**
 * What a load came to.
 *
 * @param run that the events' marks name
 * @param nanos from the first event that could be sent to the last answer, or to where the receiver had read everything
 * @param errors text and how many events or connections
 */
public record Outcome(
        String run,
        Load load,
        Plan plan,
        long sent,
        long acknowledged,
        long refused,
        long nanos,
        Latency latency,
        Map<String, Long> errors) {
    public Outcome {
        errors = Map.copyOf(errors);
    }

    /** The events that count for throughput: those acknowledged, or, without acknowledgements, those sent. */
    public long events() {
        return load.acknowledged() ? acknowledged : sent;
    }

    /** Bytes of those events' texts. */
    public long bytes() {
        return events() * plan.size();
    }

    /** Per second; 0 when nothing was done. */
    public double eventsPerSecond() {
        return nanos <= 0 ? 0 : events() * 1e9 / nanos;
    }

    /** In units of 1,000,000 bytes. */
    public double megabytesPerSecond() {
        return nanos <= 0 ? 0 : bytes() * 1e3 / nanos;
    }
}
