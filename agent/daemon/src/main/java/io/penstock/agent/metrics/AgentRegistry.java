package io.penstock.agent.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.penstock.agent.condition.ClientTroubles;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The registry that sources report to: it has their meters, and the single clients, which no meter can name: those that
 * are connected, and what sources met with clients. Thread-safe.
 */
public final class AgentRegistry extends PrometheusMeterRegistry {
    private final Map<String, ConnectedClients> connected = new ConcurrentHashMap<>();
    private final ClientTroubles troubles = new ClientTroubles(System::nanoTime);

    AgentRegistry() {
        super(PrometheusConfig.DEFAULT);
    }

    /** The clients that are connected to a source; of a registry of another kind, some that nothing reads. */
    static ConnectedClients connected(MeterRegistry registry, String source) {
        return registry instanceof AgentRegistry own
                ? own.connected.computeIfAbsent(source, none -> new ConnectedClients())
                : new ConnectedClients();
    }

    /** The clients of each source. */
    public Map<String, List<ConnectedClients.Client>> connected() {
        Map<String, List<ConnectedClients.Client>> all = new TreeMap<>();
        connected.forEach((source, clients) -> all.put(source, clients.all()));
        return all;
    }

    /** What sources met with single clients. */
    public ClientTroubles troubles() {
        return troubles;
    }

    /** Those of {@code registry}; of a registry of another kind, some that nothing reads. */
    static ClientTroubles troubles(MeterRegistry registry) {
        return registry instanceof AgentRegistry own ? own.troubles : new ClientTroubles(System::nanoTime);
    }
}
