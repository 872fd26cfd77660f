package io.penstock.base.settings;

import java.util.function.Function;

/** The result of parsing a text from a person or a peer. */
public sealed interface Parsed<T> {

    /** The text means {@code value}. */
    record Right<T>(T value) implements Parsed<T> {}

    /**
     * The text is invalid.
     *
     * @param reason what is wrong, naming the text
     * @param remedy what to write instead
     */
    record Wrong<T>(String reason, String remedy) implements Parsed<T> {}

    static <T> Parsed<T> right(T value) {
        return new Right<>(value);
    }

    static <T> Parsed<T> wrong(String reason, String remedy) {
        return new Wrong<>(reason, remedy);
    }

    /** Continues with the value, if there is one. */
    default <R> Parsed<R> then(Function<? super T, Parsed<R>> next) {
        if (this instanceof Right<T> right) {
            return next.apply(right.value());
        }
        Wrong<T> wrong = (Wrong<T>) this;
        return new Wrong<>(wrong.reason(), wrong.remedy());
    }
}
