package io.penstock.base.settings;

/** The text form of a type's values. Stateless. */
public interface Notation<T> {
    /** Parses a text. If it is wrong, the result has the reason and the remedy. */
    Parsed<T> parse(String text);

    /** The text that {@link #parse} converts to {@code value}. */
    default String format(T value) {
        return String.valueOf(value);
    }

    /** A regular expression for the valid texts, for editors; empty: any text. */
    default String pattern() {
        return "";
    }
}
