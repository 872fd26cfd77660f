package io.penstock.delivery.kinesis.settings;

import io.penstock.base.settings.Noun;

/**
 * The priority of a stream when the target's rate is not enough for all streams. Each priority with pending records
 * gets a share by its weight; the streams of one priority share equally.
 */
@Noun("priority")
public enum Priority {
    /** About nine tenths. */
    URGENT(100),
    /** About a tenth beside urgent streams, nine tenths beside bulk ones. */
    NORMAL(10),
    /** The rest, and always at least about a hundredth. */
    BULK(1);

    private final int weight;

    Priority(int weight) {
        this.weight = weight;
    }

    /** 100, 10 or 1. */
    public int weight() {
        return weight;
    }

    /** The more urgent of the two. */
    public Priority orMoreUrgent(Priority other) {
        return compareTo(other) <= 0 ? this : other;
    }
}
