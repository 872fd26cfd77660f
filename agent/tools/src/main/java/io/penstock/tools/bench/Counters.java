package io.penstock.tools.bench;

import java.util.concurrent.atomic.LongAdder;

/** How far a run is, in events. Any thread. */
public final class Counters {
    private final LongAdder sent = new LongAdder();
    private final LongAdder acknowledged = new LongAdder();
    private final LongAdder refused = new LongAdder();

    Counters() {}

    void addSent(int events) {
        sent.add(events);
    }

    void addAcknowledged(int events) {
        acknowledged.add(events);
    }

    void addRefused(int events) {
        refused.add(events);
    }

    /** Sent so far. */
    public long sent() {
        return sent.sum();
    }

    /** Acknowledged so far. */
    public long acknowledged() {
        return acknowledged.sum();
    }

    /** Refused so far. */
    public long refused() {
        return refused.sum();
    }
}
