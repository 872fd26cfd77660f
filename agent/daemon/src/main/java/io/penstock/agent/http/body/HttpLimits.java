package io.penstock.agent.http.body;

import io.penstock.base.memory.MemoryBudget;
import java.time.Duration;

/**
 * What the HTTP listener bounds.
 *
 * @param maxBody bytes of one body, also once it is unpacked
 * @param memory that all requests under way may take together
 * @param maxConnections half of them of one address; further ones are told to come again
 * @param bodyTimeout for a body to arrive whole, and the time that its bytes take at 16 KiB a second
 * @param roomTimeout how long a request waits for room in the spool before it is told to come again
 * @param ackTimeout how long a request waits for its acknowledgement before it is told to come again
 * @param idleTimeout after which a connection without a request, or with half a head, is closed
 */
public record HttpLimits(
        int maxBody,
        MemoryBudget.Account memory,
        int maxConnections,
        Duration bodyTimeout,
        Duration roomTimeout,
        Duration ackTimeout,
        Duration idleTimeout) {
    private static final int MIB = 1024 * 1024;

    /**
     * 10 MiB a body, and 10 000 connections, of which a small heap takes fewer; 30 s for a body, 5 s for room, 60 s for
     * the acknowledgement and for idleness.
     */
    public static HttpLimits within(MemoryBudget.Account memory) {
        long heap = Runtime.getRuntime().maxMemory();
        return new HttpLimits(
                MemoryBudget.largestMessage(20 * MIB) / 2,
                memory,
                (int) Math.min(10_000, heap >> 17),
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60));
    }
}
