package io.penstock.agent.ingest;

/**
 * The key {@code ack} of one source, which a reload may change. An event goes by the value of the moment in which it is
 * appended; what is appended before keeps the promise of the former value. Any thread.
 */
public final class AckChoice {
    private volatile AckMode mode;

    public AckChoice(AckMode mode) {
        this.mode = mode;
    }

    /** The present one; ask once for each event. */
    public AckMode mode() {
        return mode;
    }

    /** From now on. */
    public void change(AckMode wanted) {
        mode = wanted;
    }
}
