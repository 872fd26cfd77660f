package io.penstock.tools.bench;

import java.util.BitSet;

/** Which of a connection's events were acknowledged. Owned by the connection's loop until the load has ended. */
final class Ledger {
    private final BitSet acknowledged = new BitSet();
    private int sent;

    void sent(int count) {
        sent += count;
    }

    void acknowledged(int first, int count) {
        acknowledged.set(first, first + count);
    }

    int sent() {
        return sent;
    }

    boolean wasAcknowledged(int sequence) {
        return acknowledged.get(sequence);
    }

    int acknowledged() {
        return acknowledged.cardinality();
    }
}
