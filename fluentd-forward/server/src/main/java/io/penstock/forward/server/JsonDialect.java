package io.penstock.forward.server;

/** How the JSON of a record is written; its meaning is the same in each. */
public enum JsonDialect {
    /** As short as can be: text as it is but for what JSON makes escape, few digits for floats, binary in base64. */
    PLAIN,
    /** As {@link #PLAIN}, but binary as text. */
    PLAIN_TEXT,
    /**
     * Byte for byte as Fluent Bit writes it by default: text in ASCII with escapes, floats with 16 digits, binary as
     * text.
     */
    FLUENT_BIT,
    /** Byte for byte as Fluentd writes it by default: floats as Ruby names them, binary as text, times as seconds. */
    FLUENTD
}
