package io.penstock.agent.live;

import io.penstock.agent.admin.AgentState;
import io.penstock.agent.metrics.SourceCount;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the agent is doing and what it has counted, both of one moment.
 *
 * @param state in words, as {@code /api/status} has it
 * @param streams the counts of its streams, in the same order
 * @param sources what each source has counted
 */
public record Reading(AgentState state, List<StreamReading> streams, Map<String, SourceCount> sources) {
    public Reading {
        streams = List.copyOf(streams);
        sources = new TreeMap<>(sources);
    }
}
