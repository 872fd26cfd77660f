package io.penstock.agent.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The registry that sources report to: it has their meters, and the single clients, which no meter can name.
 * Thread-safe.
 */
public final class AgentRegistry extends PrometheusMeterRegistry {
    private final Map<String, ConnectedClients> connected = new ConcurrentHashMap<>();

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
}
