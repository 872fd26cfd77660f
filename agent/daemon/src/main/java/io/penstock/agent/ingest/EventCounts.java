package io.penstock.agent.ingest;

import java.util.concurrent.atomic.LongAdder;

/** What all the event writers of one source count. Any thread. */
public final class EventCounts {
    private final LongAdder keysMissing = new LongAdder();
    private final LongAdder keysHashed = new LongAdder();

    /** Events whose partition key is random because they lack what the template asks for. */
    public long keysMissing() {
        return keysMissing.sum();
    }

    /** Events whose partition key was too long and is an MD5 now. */
    public long keysHashed() {
        return keysHashed.sum();
    }

    void keyMissing() {
        keysMissing.increment();
    }

    void keyHashed() {
        keysHashed.increment();
    }
}
