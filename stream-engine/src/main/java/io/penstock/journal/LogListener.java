package io.penstock.journal;

/**
 * Receives the events of a log. Called on the log's own threads: implementations must not block. An exception of an
 * implementation is logged and does not affect the log.
 */
public interface LogListener {
    /** Everything below {@code durableEnd} is durable. Called once per batch, with rising values. */
    void durable(long durableEnd);

    /** An append that was refused with {@link DurableLog#BUSY} or {@link DurableLog#FULL} may be tried again. */
    void room();

    /**
     * A write or force failed. The log takes nothing more, and entries that were not durable never will be. Called
     * once.
     */
    void failed(Throwable cause);

    /** Recovery or a read found entries that were durable and are unreadable now. Readers skip them. */
    void damaged(DamagedRange range);
}
