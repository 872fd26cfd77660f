package io.penstock.forward.server;

/** What becomes of chunks whose option {@code fluent_signal} says that they hold no logs. */
public enum OtherSignals {
    /** The chunk is not acknowledged and its connection closes. */
    REFUSE,
    /**
     * Metrics, traces, blobs and profiles are acknowledged and thrown away. A signal without a name is refused: what it
     * is, is not known here.
     */
    DROP
}
