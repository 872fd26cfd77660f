package io.penstock.agent.record;

/** Whose way of writing JSON a forward event's record follows. */
public enum Dialect {
    /** The agent's own. */
    PENSTOCK("penstock"),
    /** Byte for byte that of Fluent Bit's {@code kinesis_streams} output, the line feed at the end included. */
    FLUENT_BIT("fluent-bit"),
    /** Byte for byte that of Fluentd's {@code kinesis_streams} output. */
    FLUENTD("fluentd");

    private final String word;

    Dialect(String word) {
        this.word = word;
    }

    /** As the configuration names it. */
    public String word() {
        return word;
    }
}
