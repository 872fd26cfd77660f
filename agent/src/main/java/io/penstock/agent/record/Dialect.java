package io.penstock.agent.record;

/** Whose way of writing JSON a forward event's record follows. */
public enum Dialect {
    /** The agent's own. */
    PENSTOCK,
    /** Byte for byte that of Fluent Bit's {@code kinesis_streams} output, the line feed at the end included. */
    FLUENT_BIT
}
