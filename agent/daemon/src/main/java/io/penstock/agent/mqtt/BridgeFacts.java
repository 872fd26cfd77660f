package io.penstock.agent.mqtt;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.penstock.agent.admin.BridgeStatus;
import io.penstock.mqtt.bridge.BridgeFault;
import io.penstock.mqtt.bridge.BridgeListener;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Counts what one bridge does; the bridge itself logs what an operator should read. Any thread. */
final class BridgeFacts implements BridgeListener {
    private final MeterRegistry registry;
    private final String bridge;
    private final Map<BridgeFault.Kind, Counter> faults = new EnumMap<>(BridgeFault.Kind.class);
    private final Counter heldBack;
    private final List<Meter> published = new CopyOnWriteArrayList<>();

    BridgeFacts(MeterRegistry registry, String bridge) {
        this.registry = registry;
        this.bridge = bridge;
        for (BridgeFault.Kind kind : BridgeFault.Kind.values()) {
            faults.put(
                    kind,
                    Counter.builder("penstock.mqtt.bridge.faults")
                            .description("Connections of a bridge that failed or ended, by reason.")
                            .tag("bridge", bridge)
                            .tag("reason", kind.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        heldBack = Counter.builder("penstock.mqtt.bridge.held.back")
                .description("Times that a bridge was read no further because a spool had no room.")
                .tag("bridge", bridge)
                .register(registry);
    }

    /** Publishes what the state has. */
    void publish(Supplier<BridgeStatus> state) {
        gauge("connected", "Connections of a bridge that are connected to its broker.", state, BridgeStatus::connected);
        gauge(
                "in.flight",
                "Messages of a bridge that are not acknowledged to its broker.",
                state,
                BridgeStatus::inFlight);
        gauge(
                "lag.seconds",
                "How long the oldest of them has waited since it arrived.",
                state,
                status -> status.lag().toNanos() / 1e9);
        gauge(
                "refused.filters",
                "Topic filters of a bridge that its broker refused, or granted with a lower QoS.",
                state,
                status -> status.refused().size());
        counter("messages", "Messages that a bridge took.", state, counts -> counts.messages());
        counter("bytes", "Bytes of their payloads.", state, counts -> counts.bytes());
        counter("redelivered", "Messages that the broker marked as sent again.", state, counts -> counts.redelivered());
        counter(
                "duplicates",
                "Messages of QoS 2 that were known, acknowledged and not stored again.",
                state,
                counts -> counts.duplicates());
        counter("reconnects", "Connections of a bridge after its first.", state, counts -> counts.reconnects());
    }

    private void gauge(
            String name, String description, Supplier<BridgeStatus> state, ToDoubleFunction<BridgeStatus> of) {
        published.add(Gauge.builder("penstock.mqtt.bridge." + name, state, each -> of.applyAsDouble(each.get()))
                .description(description)
                .tag("bridge", bridge)
                .strongReference(true)
                .register(registry));
    }

    private void counter(
            String name, String description, Supplier<BridgeStatus> state, ToDoubleFunction<BridgeStatus.Counts> of) {
        published.add(FunctionCounter.builder(
                        "penstock.mqtt.bridge." + name,
                        state,
                        each -> of.applyAsDouble(each.get().counts()))
                .description(description)
                .tag("bridge", bridge)
                .register(registry));
    }

    /** Takes back what {@link #publish} published, for a bridge that has ended. */
    void remove() {
        published.forEach(registry::remove);
    }

    @Override
    public void disconnected(int connection, BridgeFault why) {
        count(why);
    }

    @Override
    public void failed(int connection, BridgeFault why) {
        count(why);
    }

    @Override
    public void heldBack() {
        heldBack.increment();
    }

    private void count(BridgeFault why) {
        Counter counter = faults.get(why.kind());
        if (counter != null) {
            counter.increment();
        }
    }
}
