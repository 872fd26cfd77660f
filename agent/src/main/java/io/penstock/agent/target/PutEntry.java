package io.penstock.agent.target;

/** One record of a call. */
public interface PutEntry {
    /** UTF-8. */
    byte[] partitionKey();

    /** Decimal; empty for none. */
    String explicitHashKey();

    byte[] data();
}
