package io.penstock.agent.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.penstock.delivery.sender.status.DelayListener;
import io.penstock.delivery.spool.StreamId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How long events were under way from a source to their stream, by target: the oldest of each call, so that a call
 * costs one measurement. Bounded by the targets of the configuration. Thread-safe.
 */
public final class Delays implements DelayListener {
    /** Upper bounds: from a fast disk to an outage. */
    static final Duration[] BUCKETS =
            millis(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 60_000, 600_000);

    private final MeterRegistry registry;
    private final LongSupplier stamp;
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();

    /** @param stamp now, on the clock by which the spools date their records: milliseconds */
    public Delays(MeterRegistry registry, LongSupplier stamp) {
        this.registry = registry;
        this.stamp = stamp;
    }

    private static Duration[] millis(long... each) {
        Duration[] all = new Duration[each.length];
        for (int i = 0; i < each.length; i++) {
            all[i] = Duration.ofMillis(each[i]);
        }
        return all;
    }

    @Override
    public long stamp() {
        return stamp.getAsLong();
    }

    @Override
    public void delivered(StreamId stream, long millis) {
        timers.computeIfAbsent(stream.target(), this::timer).record(millis, TimeUnit.MILLISECONDS);
    }

    private Timer timer(String target) {
        return Timer.builder("penstock.delivery.delay")
                .description("From an event's being taken to its delivery: the oldest event of each call.")
                .tag("target", target)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }
}
