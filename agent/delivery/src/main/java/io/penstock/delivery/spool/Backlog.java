package io.penstock.delivery.spool;

import io.penstock.journal.EntryVisitor;
import java.io.IOException;

/**
 * The spool of one stream as its sender sees it: durable records in offset order, and which of them are settled, which
 * means delivered or written to the dead letters. All methods except {@link #onAppended}, {@link #end} and {@link
 * #kept} belong to the sender's thread.
 */
public interface Backlog {
    StreamId stream();

    /** The first unsettled offset. */
    long start();

    /** Offsets below this one are durable and can be read. Any thread. */
    long end();

    /** The first offset that the log still holds; earlier records were settled, or dropped to make room. Any thread. */
    long kept();

    /** The number of durable records that are not settled. */
    long unsettled();

    /** How far beyond {@link #start()} a record may be settled; the sender must not read further. */
    int span();

    /** As {@link io.penstock.journal.LogReader#readBatches(long, int, EntryVisitor)}. */
    long read(long fromOffset, int maxBytes, EntryVisitor visitor) throws IOException;

    boolean settled(long offset);

    /** The stream has the record, which asked for a receipt. To be called before {@link #settle}. */
    void stored(long offset, Receipts.Receipt receipt);

    /** The record is done: it need not be sent again, not even after a restart. */
    void settle(long offset);

    /**
     * The records in {@code [from, to)} are not in memory and cannot be read: dropped to make room, or damaged on disk.
     * Settled records among them do not count as lost.
     */
    void lost(long from, long to);

    /**
     * Publishes the settled offsets since the last call: raises the delivered watermark, truncates the log and, about
     * once a second, writes the checkpoint.
     *
     * @return nanoseconds until the next call is due, or {@link Long#MAX_VALUE}
     */
    long publish(long nowNanos);

    /** {@code wake} runs whenever {@link #end()} or {@link #kept()} has risen; it must not block. Any thread. */
    void onAppended(Runnable wake);
}
