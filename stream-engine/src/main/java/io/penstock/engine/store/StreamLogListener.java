package io.penstock.engine.store;

/** Receives the events of a stream's log. Called on the store's threads; must not block. */
public interface StreamLogListener {
    /** Everything below {@code end} is durable. Called once per batch, with rising values. */
    void durable(long end);

    /** An append that was refused for now may be tried again. */
    void room();

    /** A write failed: nothing more becomes durable. Called once. */
    void failed(Throwable cause);

    /** Entries of {@code [from, to)} were durable and can no longer be read. */
    void damaged(long from, long to);
}
