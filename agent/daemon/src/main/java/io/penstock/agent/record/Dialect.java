package io.penstock.agent.record;

import java.util.Optional;

/** The program whose way of writing JSON a forward event's record follows. */
public enum Dialect {
    /** The agent's own. */
    PENSTOCK("penstock", ""),
    /** Byte for byte that of Fluent Bit's {@code kinesis_streams} output, the line feed at the end included. */
    FLUENT_BIT("fluent-bit", "%Y-%m-%dT%H:%M:%S"),
    /** Byte for byte that of Fluentd's {@code kinesis_streams} output. */
    FLUENTD("fluentd", "%Y-%m-%dT%H:%M:%S.%N%z");

    private final String word;
    private final String timeFormat;

    Dialect(String word, String timeFormat) {
        this.word = word;
        this.timeFormat = timeFormat;
    }

    /** Of the option that puts the time into a record; empty: none of the program's own. */
    Optional<String> timeFormat() {
        return Optional.of(timeFormat).filter(text -> !text.isEmpty());
    }

    /** As the configuration names it. */
    public String word() {
        return word;
    }
}
