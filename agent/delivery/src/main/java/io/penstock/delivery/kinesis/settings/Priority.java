package io.penstock.delivery.kinesis.settings;

import io.penstock.base.settings.Noun;

/**
 * How a stream stands among the others of its target when there is not enough of the way for all: of what can go out,
 * each kind that has something to send gets a share by its weight, and the streams of one kind share alike.
 */
@Noun("priority")
public enum Priority {
    /** About nine tenths. */
    URGENT(100),
    /** About a tenth beside urgent streams, nine tenths beside bulk ones. */
    NORMAL(10),
    /** What is left, and about a hundredth in any case. */
    BULK(1);

    private final int weight;

    Priority(int weight) {
        this.weight = weight;
    }

    /** Of 100, 10 and 1. */
    public int weight() {
        return weight;
    }

    /** The one that goes first. */
    public Priority orMoreUrgent(Priority other) {
        return compareTo(other) <= 0 ? this : other;
    }
}
