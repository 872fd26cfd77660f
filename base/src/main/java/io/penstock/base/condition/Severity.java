package io.penstock.base.condition;

import java.util.Locale;

/** How much a condition keeps the program from its work. The first is the worst. */
public enum Severity {
    /** No source can take events: {@code /readyz} answers 503. */
    CANNOT_TAKE_INPUT,
    /** Events are taken and kept, and some of them do not leave. */
    CANNOT_DELIVER,
    /** All goes on, but slower, with less room, or without a part. */
    DEGRADED,
    /** Nothing of the program is in trouble; an operator may want to know. */
    NOTICE;

    /** As it stands in JSON and in the log: {@code cannot-deliver}, for example. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
