package io.penstock.agent.metrics;

import java.util.Map;
import java.util.TreeMap;

/**
 * What one source has counted since the start.
 *
 * @param events written to a spool
 * @param bytes of these events
 * @param heldBack times that the source had to wait for room
 * @param dropped events taken and dropped, as {@code when-full} says
 * @param putAside entries kept as dead letters
 * @param connections open now
 * @param refused by reason, as in the metric; reasons without a refusal are left out
 */
public record SourceCount(
        long events,
        long bytes,
        long heldBack,
        long dropped,
        long putAside,
        int connections,
        Map<String, Long> refused) {
    public static final SourceCount NONE = new SourceCount(0, 0, 0, 0, 0, 0, Map.of());

    public SourceCount {
        refused = new TreeMap<>(refused);
    }

    /** Of all reasons. */
    public long refusals() {
        return refused.values().stream().mapToLong(Long::longValue).sum();
    }
}
