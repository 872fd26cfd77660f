package io.penstock.mqtt.bridge;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a bridge does at one moment. Immutable. */
public record BridgeState(String name, List<Connection> connections) {
    public BridgeState {
        connections = List.copyOf(connections);
    }

    /** What a connection is doing. */
    public enum Phase {
        CONNECTING,
        CONNECTED,
        /** It failed and is tried again after a pause. */
        WAITING,
        STOPPED
    }

    /**
     * One connection and its session.
     *
     * @param url the broker that is or was connected last, or is tried
     * @param since when it was connected; empty if it is not
     * @param sessionPresent true if the broker had kept the session
     * @param held true if reading pauses because there is no room
     * @param inFlight publishes that are handed over and not acknowledged
     * @param oldest how long the oldest of them has waited, by the time of its arrival
     * @param refused the filters that the broker refused, or granted with a lower QoS
     * @param fault the last fault; empty once a connection works without one
     */
    public record Connection(
            int index,
            String clientId,
            Phase phase,
            BridgeUrl url,
            Optional<Instant> since,
            boolean sessionPresent,
            boolean held,
            int inFlight,
            Duration oldest,
            Counts counts,
            List<RefusedFilter> refused,
            Optional<BridgeFault> fault) {
        public Connection {
            refused = List.copyOf(refused);
        }
    }

    /**
     * Since the bridge was started.
     *
     * @param received publishes that were handed over
     * @param acknowledged publishes of QoS 1 and 2 whose PUBACK or PUBREC was sent
     * @param redelivered publishes that the broker marked as sent again
     * @param duplicates publishes of QoS 2 that were known and not handed over again
     * @param leftOut retained messages, and topics with $, that were not asked for
     * @param tooLarge publishes above the packet maximum
     * @param refusals publishes that the handler refused
     * @param connects connections that the broker accepted
     */
    public record Counts(
            long received,
            long bytes,
            long acknowledged,
            long redelivered,
            long duplicates,
            long leftOut,
            long tooLarge,
            long refusals,
            long connects) {
        /** Connections after the first one. */
        public long reconnects() {
            return Math.max(0, connects - 1);
        }
    }

    /**
     * @param code of the SUBACK: 0x80 and above refuses, less is the QoS that the broker granted instead
     * @param reason in words
     */
    public record RefusedFilter(String filter, int code, String reason) {
        public boolean isRefused() {
            return code >= 0x80;
        }
    }
}
