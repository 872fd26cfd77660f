package io.penstock.agent.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.internal.ThreadExecutorMap;
import io.penstock.agent.condition.ClientTroubles;
import io.penstock.agent.ingest.EventCounts;
import io.penstock.base.ack.Watermark;
import io.penstock.base.condition.ConditionName;
import io.penstock.base.text.RateLimitedLog;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * What one source reports: each fact is one method, which counts it and, where an operator should read of it, logs it.
 * Thread-safe; nothing here blocks or allocates on the way of an event.
 */
public final class SourceFacts {
    private final MeterRegistry registry;
    private final String source;
    private final RateLimitedLog log;
    private final ClientTroubles clients;
    private final Counter events;
    private final Counter bytes;
    private final Counter dropped;
    private final Counter heldBack;
    private final Counter putAside;
    private final Counter replaced;
    private final FastThreadLocal<@Nullable AckProbe> probes;
    private final Map<Refusal, Counter> refused = new EnumMap<>(Refusal.class);

    /** @param source the source's name: mqtt, forward, http, log4j, otlp, kinesis */
    public SourceFacts(MeterRegistry registry, String source) {
        this.registry = registry;
        this.source = source;
        this.log = RateLimitedLog.of(LoggerFactory.getLogger("io.penstock.agent." + source));
        this.clients = AgentRegistry.troubles(registry);
        this.events = counter("penstock.source.events", "Events written to a spool.");
        this.bytes = counter("penstock.source.bytes", "Bytes of the events written to a spool, as they are sent.");
        this.dropped = counter("penstock.source.dropped", "Events taken and dropped, as when-full says.");
        this.putAside =
                counter("penstock.source.put.aside", "Entries kept as dead letters: no record can be made of them.");
        this.replaced = counter(
                "penstock.source.text.replaced", "Sequences of bytes in text that were no UTF-8 and were replaced.");
        this.heldBack = counter("penstock.source.held.back", "Times that the source had to wait for room in a spool.");
        Timer acknowledgements = Timer.builder("penstock.source.ack")
                .description("How long events waited for their acknowledgement: the longest of each commit.")
                .tag("source", source)
                .serviceLevelObjectives(Delays.BUCKETS)
                .register(registry);
        this.probes = new FastThreadLocal<>() {
            @Override
            protected @Nullable AckProbe initialValue() {
                EventExecutor loop = ThreadExecutorMap.currentExecutor();
                return loop == null ? null : new AckProbe(loop, acknowledgements);
            }
        };
        for (Refusal reason : Refusal.values()) {
            refused.put(
                    reason,
                    Counter.builder("penstock.source.refused")
                            .description("Requests, packets or events refused, by reason.")
                            .tag("source", source)
                            .tag("reason", reason.label())
                            .register(registry));
        }
    }

    /**
     * Written to a spool; the acknowledgement follows. On the event loop that awaits it.
     *
     * @param acknowledged what the acknowledgement waits for
     * @param offset of the last event
     */
    public void accepted(int count, long size, Watermark acknowledged, long offset) {
        events.increment(count);
        bytes.increment(size);
        AckProbe probe = probes.get();
        if (probe != null) {
            probe.appended(acknowledged, offset);
        }
    }

    /** Taken and dropped by a spool that is full, as its configuration says. */
    public void dropped(int count) {
        dropped.increment(count);
    }

    /** Was kept as a dead letter, because no record can be made of it. */
    public void putAside(String peer, String detail) {
        putAside.increment();
        log.warn("put aside " + host(peer), "From " + peer + ": " + detail);
    }

    /** Text that was no UTF-8 has U+FFFD instead, {@code sequences} times. */
    public void textReplaced(int sequences) {
        replaced.increment(sequences);
    }

    /** Has to wait for room, if only until a new spool is open; one that is full says so itself. */
    public void heldBack(String stream) {
        heldBack.increment();
    }

    /**
     * @param peer the sender's address
     * @param detail what was wrong, in words for an operator
     */
    public void refused(Refusal reason, String peer, String detail) {
        refused(reason, "", peer, detail);
    }

    /**
     * @param kind one of few of this reason: the lines of one kind hold back none of another kind
     * @param peer the sender's address
     * @param detail what was wrong, in words for an operator
     */
    public void refused(Refusal reason, String kind, String peer, String detail) {
        counted(reason).increment();
        met(reason, host(peer), detail);
        log.warn(reason.label() + kind + " " + host(peer), "Refused from " + peer + ": " + detail);
    }

    /** Events of {@code peer} are taken, but not as it meant them; {@code detail} has the remedy. */
    public void noticed(String peer, String detail) {
        log.warn("noticed " + host(peer), "From " + peer + ": " + detail);
    }

    /** Something of the agent threw; what it worked for is refused with {@link Refusal#DEFECT}. */
    public void defect(String what, Throwable cause) {
        log.error(what + cause.getClass().getName(), what + " failed; this is a defect of the agent", cause);
    }

    /** Each connection has another port. */
    private static String host(String peer) {
        int port = peer.lastIndexOf(':');
        String host = port < 0 ? peer : peer.substring(0, port);
        return host.startsWith("/") && port >= 0 ? host.substring(1) : host;
    }

    /** Refused by a server that logs its refusals itself. */
    public void refused(Refusal reason, int count) {
        counted(reason).increment(count);
    }

    /**
     * Counts nothing; says with which client this was met.
     *
     * @param host the client's address without its port
     * @param detail what was wrong, without payload
     */
    public void met(Refusal reason, String host, String detail) {
        reason.ofClient().ifPresent(name -> clients.saw(name, source, host, detail));
    }

    /** As {@link #met(Refusal, String, String)}, where nothing is refused. */
    public void met(ConditionName name, String host, String detail) {
        clients.saw(name, source, host, detail);
    }

    /** Has to wait, and {@code detail} says for what, for an operator: it is not refused. */
    public void heldBack(Refusal reason, String peer, String detail) {
        heldBack.increment();
        met(reason, host(peer), detail);
        log.warn(reason.label() + " " + host(peer), "Held back from " + peer + ": " + detail);
    }

    /** The clients that are connected; the source says who comes and goes. */
    public ConnectedClients connected() {
        return AgentRegistry.connected(registry, source);
    }

    /** Publishes the number of open connections. */
    public void connections(IntSupplier open) {
        Gauge.builder("penstock.source.connections", open, IntSupplier::getAsInt)
                .description("Open connections.")
                .tag("source", source)
                .strongReference(true)
                .register(registry);
    }

    /** Publishes what the source's event writers count. */
    public void keys(EventCounts counts) {
        FunctionCounter.builder("penstock.source.keys.missing", counts, EventCounts::keysMissing)
                .description("Events without a field that their partition key is made of: a random one took its place.")
                .tag("source", source)
                .register(registry);
        FunctionCounter.builder("penstock.source.keys.hashed", counts, EventCounts::keysHashed)
                .description("Events whose partition key was too long: its MD5 took its place.")
                .tag("source", source)
                .register(registry);
    }

    private Counter counted(Refusal reason) {
        Counter counter = refused.get(reason);
        if (counter == null) {
            throw new IllegalStateException("no counter for " + reason);
        }
        return counter;
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name)
                .description(description)
                .tag("source", source)
                .register(registry);
    }
}
