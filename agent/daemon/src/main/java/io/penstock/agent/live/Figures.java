package io.penstock.agent.live;

import io.penstock.agent.admin.AgentState;
import io.penstock.agent.metrics.SourceCount;
import java.time.Instant;
import java.util.List;

/**
 * All that is shown of one moment: what the agent said, and the rates since the moment before. The page, its charts and
 * {@code /api} take every number from here, so that none contradicts another. Immutable.
 *
 * @param at when
 * @param seconds since the moment before; 0 for the first one, which has no rates
 */
record Figures(
        Instant at,
        double seconds,
        AgentState state,
        Totals totals,
        List<Source> sources,
        List<Stream> streams,
        ProcessUse process) {
    Figures {
        sources = List.copyOf(sources);
        streams = List.copyOf(streams);
    }

    /**
     * Sums over all sources and streams. Rates are per second.
     *
     * @param in events accepted
     * @param out events delivered
     * @param refused requests, packets or events refused
     * @param waiting events in the spools
     * @param waitingBytes their disk
     * @param oldest age of the oldest event that is not delivered, seconds
     */
    record Totals(
            double in,
            double inBytes,
            double out,
            double outBytes,
            double refused,
            double heldBack,
            double retried,
            double throttled,
            long waiting,
            long waitingBytes,
            double oldest) {}

    /** One source: its counts since the start, and the rates per second. */
    record Source(String name, SourceCount count, double events, double bytes, double refused, double heldBack) {}

    /** One stream: its counts since the start, and the rates per second. */
    record Stream(StreamReading reading, double in, double out, double outBytes, double retried, double throttled) {}
}
