package io.penstock.agent.http;

import java.time.Duration;

/**
 * What the HTTP listener bounds.
 *
 * @param maxBody bytes of one body, also once it is unpacked
 * @param maxUnfinished bytes that all requests under way may take together
 * @param maxConnections further ones are closed at once
 * @param bodyTimeout for a body to arrive whole
 * @param roomTimeout how long a request waits for room in the spool before it is told to come again
 * @param ackTimeout how long a request waits for its acknowledgement before it is told to come again
 * @param idleTimeout after which a connection without a request, or with half a head, is closed
 */
public record HttpLimits(
        int maxBody,
        long maxUnfinished,
        int maxConnections,
        Duration bodyTimeout,
        Duration roomTimeout,
        Duration ackTimeout,
        Duration idleTimeout) {
    private static final int MIB = 1024 * 1024;

    /**
     * 10 MiB a body; 256 MiB together, or a quarter of the heap if that is less; 10 000 connections; 30 s for a body,
     * 5 s for room, 60 s for the acknowledgement and for idleness.
     */
    public static HttpLimits defaults() {
        return new HttpLimits(
                10 * MIB,
                Math.min(256L * MIB, Runtime.getRuntime().maxMemory() / 4),
                10_000,
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60));
    }
}
