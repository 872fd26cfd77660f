package io.penstock.base.condition;

import java.time.Duration;

/**
 * What keeps a part of the program from its work, and since when.
 *
 * @param since how long ago it was found first, by elapsed time
 */
public record Condition(Finding found, Duration since) {
    public ConditionName name() {
        return found.why().name();
    }

    /** The stable id of its kind: {@code host-unknown}, for example. */
    public String id() {
        return name().id();
    }

    public Severity severity() {
        return found.severity();
    }

    public Place place() {
        return found.place();
    }

    /** What happened, with the particulars. */
    public String sentence() {
        return found.why().sentence();
    }

    /** What to do about it; never empty. */
    public String remedy() {
        return found.why().advice();
    }

    /** Sentence and remedy. */
    public String text() {
        return sentence() + "; " + remedy();
    }
}
