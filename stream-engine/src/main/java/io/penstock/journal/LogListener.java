package io.penstock.journal;

/**
 * What a log tells its owner. Called on the log's own threads; implementations hand over and return, and never block.
 * What an implementation throws is logged and changes nothing for the log.
 */
public interface LogListener {
    /** Everything below {@code durableEnd} is on disk: once per group, rising. */
    void durable(long durableEnd);

    /** An append that was refused with {@link DurableLog#BUSY} or {@link DurableLog#FULL} may be tried again. */
    void room();

    /** A write or force failed: the log is poisoned, nothing that was not durable ever will be. Once. */
    void failed(Throwable cause);

    /**
     * Recovery or a read met entries that were durable and are unreadable now; they are quarantined and passed over.
     */
    void damaged(DamagedRange range);
}
