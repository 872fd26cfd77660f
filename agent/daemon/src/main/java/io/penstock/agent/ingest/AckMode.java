package io.penstock.agent.ingest;

/** When a source acknowledges an event. */
public enum AckMode {
    /** Once it is written and fdatasync'ed. */
    DURABLE,
    /** As soon as it is in memory: a crash loses what was acknowledged and not yet written. */
    MEMORY,
    /** Once its stream has it. */
    DELIVERED
}
