package io.penstock.agent.forward;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.penstock.agent.metrics.ConnectedClients;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.forward.server.ForwardEvents;
import io.penstock.forward.server.Peer;
import io.penstock.forward.server.Refusal;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts what the forward server does; the server itself logs what an operator should read. Any thread. */
final class ForwardFacts implements ForwardEvents {
    private final SourceFacts source;
    private final ConnectedClients connected;
    private final Map<Refusal, Counter> refused = new EnumMap<>(Refusal.class);
    private final Counter chunks;
    private final Counter acknowledged;
    private final Counter replaced;
    private final Counter recognised;
    private final Counter withoutAck;
    private final Map<String, Counter> dropped = new HashMap<>();

    /** @param source counts the refusals of all kinds as those of the other sources */
    ForwardFacts(MeterRegistry registry, SourceFacts source) {
        this.source = source;
        this.connected = source.connected();
        for (Refusal reason : Refusal.values()) {
            refused.put(
                    reason,
                    Counter.builder("penstock.forward.refused")
                            .description("Chunks and connections refused, by reason.")
                            .tag("reason", reason.label())
                            .register(registry));
        }
        chunks = counter(registry, "penstock.forward.chunks", "Chunks taken whole.");
        acknowledged = counter(registry, "penstock.forward.acknowledged", "Acknowledgements written.");
        withoutAck = counter(
                registry,
                "penstock.forward.chunks.without.ack",
                "Chunks taken whose senders ask for no acknowledgement.");
        for (String signal : List.of("metrics", "traces", "blobs", "profiles")) {
            dropped.put(
                    signal,
                    Counter.builder("penstock.forward.signals.dropped")
                            .description("Chunks of metrics, traces and the like, acknowledged and thrown away.")
                            .tag("signal", signal)
                            .register(registry));
        }
        recognised = counter(
                registry, "penstock.forward.recognised", "Chunks sent again and recognised: not stored a second time.");
        replaced = counter(
                registry, "penstock.forward.text.replaced", "Sequences of bytes in text that were no UTF-8, mended.");
    }

    @Override
    public void connected(Peer peer) {
        connected.connected(peer.place(), peer.place(), "", peer.user(), "forward");
    }

    @Override
    public void disconnected(Peer peer) {
        connected.disconnected(peer.place());
    }

    @Override
    public void withoutAck(Peer peer) {
        withoutAck.increment();
    }

    @Override
    public void recognised(Peer peer, int entries) {
        recognised.increment();
    }

    @Override
    public void droppedSignal(Peer peer, String signal) {
        Counter counter = dropped.get(signal);
        if (counter == null) {
            throw new IllegalStateException("nothing counts " + signal);
        }
        counter.increment();
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    @Override
    public void taken(Peer peer, int entries, int bytes) {
        chunks.increment();
        connected.sent(peer.place(), entries);
    }

    @Override
    public void acknowledged(Peer peer) {
        acknowledged.increment();
    }

    @Override
    public void refused(Peer peer, Refusal refusal, long offset, String detail) {
        Counter counter = refused.get(refusal);
        if (counter == null) {
            throw new IllegalStateException("nothing counts " + refusal);
        }
        counter.increment();
        RefusalLabels.of(refusal).ifPresent(reason -> {
            source.refused(reason, 1);
            source.met(reason, peer.host(), detail);
        });
    }

    @Override
    public void textReplaced(Peer peer, int sequences) {
        replaced.increment(sequences);
    }
}
