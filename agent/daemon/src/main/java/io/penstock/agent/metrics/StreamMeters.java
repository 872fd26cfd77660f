package io.penstock.agent.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.penstock.agent.metrics.StreamMeasure.Reading;
import io.penstock.delivery.sender.status.StreamStatus;
import io.penstock.delivery.spool.SpoolStatus;
import io.penstock.delivery.spool.StreamId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Meters by stream, brought up to date when they are read. The first {@value #OWN_LABELS} streams have values of their
 * own, later ones share the label {@value #OTHERS}, so that names made up by clients cannot grow the metrics without
 * bound. Thread-safe.
 */
final class StreamMeters {
    static final int OWN_LABELS = 200;
    static final String OTHERS = "(others)";

    private final MeterRegistry registry;
    private final Supplier<List<SpoolStatus>> spools;
    private final Supplier<List<StreamStatus>> senders;
    private final LongUnaryOperator ageOf;
    private final Map<StreamId, Row> rows = new HashMap<>();
    private @Nullable Row others;

    /** The values of one stream, or of all the others together; index as in {@link StreamMeasure#ALL}. */
    private static final class Row {
        private volatile double[] values = new double[StreamMeasure.ALL.size()];

        double value(int measure) {
            return values[measure];
        }
    }

    StreamMeters(
            MeterRegistry registry,
            Supplier<List<SpoolStatus>> spools,
            Supplier<List<StreamStatus>> senders,
            LongUnaryOperator ageOf) {
        this.registry = registry;
        this.spools = spools;
        this.senders = senders;
        this.ageOf = ageOf;
    }

    synchronized void refresh() {
        Map<StreamId, StreamStatus> sending = new HashMap<>();
        senders.get().forEach(sender -> sending.put(sender.stream(), sender));
        Map<Row, Collection<Reading>> readings = new LinkedHashMap<>();
        for (SpoolStatus spool : spools.get()) {
            readings.computeIfAbsent(row(spool.stream()), row -> new ArrayList<>())
                    .add(new Reading(spool, Optional.ofNullable(sending.get(spool.stream())), ageOf));
        }
        readings.forEach((row, of) -> row.values = together(of));
    }

    private static double[] together(Collection<Reading> readings) {
        double[] values = new double[StreamMeasure.ALL.size()];
        for (int i = 0; i < values.length; i++) {
            StreamMeasure measure = StreamMeasure.ALL.get(i);
            for (Reading reading : readings) {
                double value = measure.of().applyAsDouble(reading);
                values[i] = measure.largest() ? Math.max(values[i], value) : values[i] + value;
            }
        }
        return values;
    }

    private Row row(StreamId stream) {
        Row known = rows.get(stream);
        if (known == null) {
            if (rows.size() == OWN_LABELS) {
                return others();
            }
            known = register(stream.target(), stream.stream());
            rows.put(stream, known);
        }
        return known;
    }

    private Row others() {
        Row known = others;
        if (known == null) {
            known = register(OTHERS, OTHERS);
            others = known;
        }
        return known;
    }

    private Row register(String target, String stream) {
        Row row = new Row();
        Tags tags = Tags.of("target", target, "stream", stream);
        for (int i = 0; i < StreamMeasure.ALL.size(); i++) {
            StreamMeasure measure = StreamMeasure.ALL.get(i);
            int index = i;
            if (measure.counter()) {
                FunctionCounter.builder(measure.name(), row, values -> values.value(index))
                        .description(measure.description())
                        .tags(tags)
                        .register(registry);
            } else {
                Gauge.builder(measure.name(), row, values -> values.value(index))
                        .description(measure.description())
                        .tags(tags)
                        .register(registry);
            }
        }
        return row;
    }
}
