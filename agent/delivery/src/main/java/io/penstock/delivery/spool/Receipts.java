package io.penstock.delivery.spool;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where the delivered records of one spool are, for sources that tell their clients. The sender leaves a receipt for
 * each record that asks for one, before the watermark of delivered events passes the record. Its source takes the
 * receipt after that. A record without a receipt then is not in the stream: it was refused for good, or dropped.
 *
 * <p>Thread-safe. Bounded by the source, which limits the records that it waits for and takes every receipt. Records of
 * an earlier run, for which no source waits, leave none.
 */
public final class Receipts {
    private final Map<Long, Receipt> byOffset = new ConcurrentHashMap<>();
    private volatile long from = Long.MAX_VALUE;

    /** Where the stream has a record. */
    public record Receipt(String shardId, String sequenceNumber) {}

    /** Records from this offset on are of this run. */
    void startAt(long offset) {
        from = offset;
    }

    void stored(long offset, Receipt receipt) {
        if (offset >= from) {
            byOffset.put(offset, receipt);
        }
    }

    /** Takes the receipt of a record that the watermark has passed; empty if the stream does not have the record. */
    public Optional<Receipt> take(long offset) {
        return Optional.ofNullable(byOffset.remove(offset));
    }

    /** The number of receipts that wait to be taken. */
    public int waiting() {
        return byOffset.size();
    }
}
