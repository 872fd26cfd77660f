package io.penstock.agent.admin;

import java.time.Duration;
import java.util.List;

/**
 * What an MQTT bridge does.
 *
 * @param name as configured
 * @param broker the address that it is connected to, or tries
 * @param clientIds of its connections
 * @param condition of the connection that does worst
 * @param detail the condition in words: what failed, and the remedy; empty when all is well
 * @param connected how many of its connections are connected
 * @param inFlight messages that are not acknowledged to the broker yet
 * @param lag how long the oldest of them has waited
 */
public record BridgeStatus(
        String name,
        String broker,
        List<String> clientIds,
        Condition condition,
        String detail,
        int connected,
        int inFlight,
        Duration lag,
        List<RefusedFilter> refused,
        Counts counts) {
    public BridgeStatus {
        clientIds = List.copyOf(clientIds);
        refused = List.copyOf(refused);
    }

    /** What a bridge is doing; a later one is worse. */
    public enum Condition {
        /** Takes what the broker sends. */
        CONNECTED,
        /** Connected, and there is no room for what the broker sends. */
        HELD,
        /** Connects, for the first time or again. */
        CONNECTING,
        /** Not connected: tried again for as long as it takes. */
        WAITING,
        /** Ends. */
        STOPPED
    }

    /**
     * @param code of the SUBACK: from 128 on it refuses, below it is the QoS that was granted instead
     * @param reason in words
     */
    public record RefusedFilter(String filter, int code, String reason) {}

    /**
     * Since the start.
     *
     * @param messages taken from the broker
     * @param bytes of their payloads
     * @param redelivered marked by the broker as sent again
     * @param duplicates of QoS 2, known already and not stored again
     * @param tooLarge larger than {@code packet}
     * @param reconnects connections after the first
     */
    public record Counts(
            long messages, long bytes, long redelivered, long duplicates, long tooLarge, long reconnects) {}
}
