package io.penstock.agent.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.penstock.delivery.sender.status.StreamStatus;
import io.penstock.delivery.spool.SpoolStatus;
import io.penstock.delivery.spool.disk.DiskSpace;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;

/**
 * Everything that the agent measures: what its sources count, each stream's spool and sender, and the Java process.
 * Thread-safe.
 */
public final class AgentMetrics implements AutoCloseable {
    private final AgentRegistry registry = new AgentRegistry();
    private final SourceMeters sources = new SourceMeters(registry);
    private final JvmGcMetrics garbage = new JvmGcMetrics();
    private volatile Runnable refresh = () -> {};

    private final Optional<OtlpExport> export;

    private AgentMetrics(MetricsSettings settings, String version) {
        Counter failures = Counter.builder("penstock.metrics.export.failures")
                .description("Times that the metrics could not be sent to the collector.")
                .register(registry);
        this.export = settings.otlp().map(otlp -> new OtlpExport(otlp, version, failures, () -> refresh.run()));
        export.ifPresent(
                to -> registry.config().onMeterAdded(to::mirror).onMeterRemoved(meter -> to.remove(meter.getId())));
    }

    /** @param version of the agent, shown as a label */
    public static AgentMetrics create(MetricsSettings settings, String version) {
        AgentMetrics metrics = new AgentMetrics(settings, version);
        MeterRegistry registry = metrics.registry;
        metrics.garbage.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        Gauge.builder("penstock.info", () -> 1)
                .description("Always 1; the label tells the version.")
                .tag("version", version)
                .register(registry);
        return metrics;
    }

    /** Where sources count. */
    public AgentRegistry registry() {
        return registry;
    }

    /** What sources have counted. */
    public SourceMeters sources() {
        return sources;
    }

    /**
     * From now on there are streams to measure; neither supplier may block.
     *
     * @param ageOf how long ago a record was accepted, milliseconds, by its stamp
     */
    public void streams(
            Supplier<List<SpoolStatus>> spools, Supplier<List<StreamStatus>> senders, LongUnaryOperator ageOf) {
        refresh = new StreamMeters(registry, spools, senders, ageOf)::refresh;
    }

    /** From now on the room on disk is known. */
    public void disk(Supplier<DiskSpace> space, BooleanSupplier shortage) {
        Gauge.builder("penstock.disk.free.bytes", () -> space.get().freeBytes())
                .description("Free bytes of the file system that the data is on.")
                .register(registry);
        Gauge.builder("penstock.disk.reserve.bytes", () -> space.get().reserveBytes())
                .description("Bytes of them that spool.reserve leaves free.")
                .register(registry);
        Gauge.builder("penstock.disk.short", () -> shortage.getAsBoolean() ? 1 : 0)
                .description("1 while nothing is taken because the disk has no room.")
                .register(registry);
    }

    /** In Prometheus' text format, version 0.0.4. */
    public String scrape() {
        refresh.run();
        return registry.scrape();
    }

    @Override
    public void close() {
        garbage.close();
        export.ifPresent(OtlpExport::close);
        registry.close();
    }
}
