package io.penstock.base.settings;

/** How values of a type are written. Stateless. */
public interface Notation<T> {
    /** Understands a text; says what is wrong with it otherwise. */
    Parsed<T> parse(String text);

    /** The text that {@link #parse} gives {@code value} for. */
    default String format(T value) {
        return String.valueOf(value);
    }

    /** A regular expression that the texts match, for editors; empty: any text. */
    default String pattern() {
        return "";
    }
}
