package io.penstock.forward.server;

/** How the JSON of a record is spelled; its meaning is the same in either. */
public enum JsonStyle {
    /** As short as can be: text as it is but for what JSON makes escape, the fewest digits that name a float. */
    PLAIN,
    /** Byte for byte as Fluent Bit writes it by default: text in ASCII with escapes, floats with 16 digits, binary as text. */
    FLUENT_BIT
}
