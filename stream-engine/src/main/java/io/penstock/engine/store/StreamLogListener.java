package io.penstock.engine.store;

/** What the records of a stream tell their owner. Called on the store's threads; must hand over and return. */
public interface StreamLogListener {
    /** Everything below {@code end} is durable: once per group, rising. */
    void durable(long end);

    /** An append that was refused for now may be tried again. */
    void room();

    /** A write failed: nothing more will be durable. Once. */
    void failed(Throwable cause);

    /** Entries of {@code [from, to)} were durable and can no longer be read. */
    void damaged(long from, long to);
}
