package io.penstock.agent.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads back what the sources have registered through {@link SourceFacts}, so that a page shows the numbers of the
 * metrics. A source that starts later is found when it registers. Thread-safe.
 */
public final class SourceMeters {
    private static final String SOURCE = "source";
    private static final String REFUSED = "penstock.source.refused";

    private final Map<String, Map<Meter.Id, Meter>> sources = new ConcurrentHashMap<>();

    SourceMeters(MeterRegistry registry) {
        registry.config().onMeterAdded(this::added).onMeterRemoved(this::removed);
    }

    private void added(Meter meter) {
        String source = meter.getId().getTag(SOURCE);
        if (source != null && meter.getId().getName().startsWith("penstock.source.")) {
            sources.computeIfAbsent(source, name -> new ConcurrentHashMap<>()).put(meter.getId(), meter);
        }
    }

    private void removed(Meter meter) {
        String source = meter.getId().getTag(SOURCE);
        Map<Meter.Id, Meter> known = source == null ? null : sources.get(source);
        if (known != null) {
            known.remove(meter.getId());
        }
    }

    /** The counts of each source by its name, in alphabetical order. */
    public Map<String, SourceCount> read() {
        Map<String, SourceCount> all = new TreeMap<>();
        sources.forEach((source, meters) -> all.put(source, count(meters)));
        return all;
    }

    private static SourceCount count(Map<Meter.Id, Meter> meters) {
        Map<String, Double> values = new TreeMap<>();
        Map<String, Long> refused = new TreeMap<>();
        meters.forEach((id, meter) -> {
            double value = value(meter);
            if (!id.getName().equals(REFUSED)) {
                values.put(id.getName(), value);
            } else if (value > 0) {
                refused.put(Objects.requireNonNullElse(id.getTag("reason"), ""), (long) value);
            }
        });
        return new SourceCount(
                of(values, "events"),
                of(values, "bytes"),
                of(values, "held.back"),
                of(values, "dropped"),
                of(values, "put.aside"),
                (int) of(values, "connections"),
                refused);
    }

    private static long of(Map<String, Double> values, String name) {
        return values.getOrDefault("penstock.source." + name, 0.0).longValue();
    }

    private static double value(Meter meter) {
        if (meter instanceof Counter counter) {
            return counter.count();
        }
        return meter instanceof Gauge gauge && !Double.isNaN(gauge.value()) ? gauge.value() : 0;
    }
}
