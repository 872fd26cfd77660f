package io.penstock.agent.kinesisapi;

import io.penstock.base.memory.MemoryBudget;
import java.time.Duration;

/**
 * What the source bounds.
 *
 * @param memory for bodies and their parsed form
 * @param mostOwed calls, or with {@code ack: delivered} records, that wait for the spool at once
 * @param roomWait how long a call waits for room in the spool before the client is told to come again
 * @param ackWait how long a call waits for its acknowledgement before the client is told to come again
 * @param shardsWait after the first call for a stream, how long answers wait for its shards to become known
 */
public record ApiLimits(
        MemoryBudget.Account memory, int mostOwed, Duration roomWait, Duration ackWait, Duration shardsWait) {
    /** An entry that waits takes about 200 bytes, and a receipt 300. */
    private static final int HEAP_PER_OWED = 11;

    /**
     * Shorter waits than the patience of clients: the KPL gives a call up after 6 s, Fluent Bit after 10 s, botocore
     * after 60 s.
     */
    public static ApiLimits within(MemoryBudget.Account memory) {
        return new ApiLimits(
                memory,
                (int) Math.min(2_000_000, Runtime.getRuntime().maxMemory() >> HEAP_PER_OWED),
                Duration.ofSeconds(3),
                Duration.ofSeconds(25),
                Duration.ofSeconds(1));
    }
}
