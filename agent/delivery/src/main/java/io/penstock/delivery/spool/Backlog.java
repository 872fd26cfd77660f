package io.penstock.delivery.spool;

import io.penstock.journal.EntryVisitor;
import java.io.IOException;

/**
 * One stream's spool as its sender sees it: durable records in offset order, and which of them are settled: delivered,
 * or written to the dead letters. All methods but {@link #onAppended} and {@link #end} belong to the sender's thread.
 */
public interface Backlog {
    StreamId stream();

    /** The first offset that is not settled. */
    long start();

    /** Offsets below this one are durable and can be read. Any thread. */
    long end();

    /** The first offset that is still held; records before it were settled, or given up to make room. Any thread. */
    long kept();

    /** How many durable records are not settled. */
    long unsettled();

    /** How far past {@link #start()} records may be settled; read no further than that. */
    int span();

    /** As {@link io.penstock.journal.LogReader#readBatches(long, int, EntryVisitor)}. */
    long read(long fromOffset, int maxBytes, EntryVisitor visitor) throws IOException;

    boolean settled(long offset);

    /** The record needs no further sending, now or after a restart. */
    void settle(long offset);

    /**
     * The records from {@code from} up to and without {@code to} are not in memory and cannot be read: given up to make
     * room, or damaged on disk. Those of them that are settled already are not counted as lost.
     */
    void lost(long from, long to);

    /**
     * Publishes what was settled since the last call: raises the delivered watermark, lets go of the log's head and,
     * about once a second, writes the checkpoint.
     *
     * @return nanoseconds until it wants to be called again, or {@link Long#MAX_VALUE}
     */
    long publish(long nowNanos);

    /**
     * {@code wake} runs whenever {@link #end()} or {@link #kept()} has risen; it hands over and returns. Any thread.
     */
    void onAppended(Runnable wake);
}
