package io.penstock.agent.kinesisapi;

import io.penstock.agent.ingest.BodyEvent;
import io.penstock.agent.ingest.EventCounts;
import io.penstock.agent.ingest.EventWriter;
import io.penstock.agent.ingest.Written;
import io.penstock.agent.record.Compression;
import io.penstock.agent.record.JsonScanner;
import io.penstock.agent.record.RecordFormat;
import io.penstock.agent.route.Destination;
import io.penstock.agent.route.KeyFields;
import io.penstock.agent.route.KeyTemplate;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.kinesis.shards.Hash128;
import io.penstock.delivery.spool.SpooledRecord;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.put.PutBatch;
import io.penstock.journal.EntryBlock;
import java.nio.BufferOverflowException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Writes the records of a call as entries of a block: as they came, or as the route says. One per event loop, which
 * reuses its block unless a call must keep it.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class RecordBlocks {
    private static final int FIRST_BLOCK = 1 << 14;
    private static final int MAX_BLOCK = 32 << 20;
    private static final int KEPT_BLOCK = 1 << 20;
    /** The first bytes of a Kinesis record that holds several user records (KPL aggregated record format). */
    private static final int AGGREGATED = 0xf3899ac2;

    private final InstantSource clock;
    private final EventCounts counts;
    private @Nullable EventWriter plain;
    private @Nullable EventWriter receipted;
    private final BodyEvent event = new BodyEvent();
    private final JsonScanner scanner = new JsonScanner();
    private @Nullable EntryBlock spare;

    RecordBlocks(InstantSource clock, EventCounts counts) {
        this.clock = clock;
        this.counts = counts;
    }

    private EventWriter writer(boolean receipts) {
        EventWriter writer = receipts ? receipted : plain;
        if (writer == null) {
            writer = receipts ? EventWriter.withReceipts(clock, counts) : new EventWriter(clock, counts);
            if (receipts) {
                receipted = writer;
            } else {
                plain = writer;
            }
        }
        return writer;
    }

    /**
     * A block with the call's records. To be given back.
     *
     * @param called the stream as the call names it
     * @param receipts whether each record gets a receipt
     * @throws ServiceException if a record cannot be what the route says
     */
    EntryBlock write(PutBatch batch, KeyFields called, Destination destination, int maxRecord, boolean receipts) {
        EntryBlock free = spare;
        EntryBlock block = free == null ? new EntryBlock(FIRST_BLOCK, MAX_BLOCK) : free;
        spare = null;
        boolean asItCame = destination.format() == RecordFormat.RAW
                && destination.compression() == Compression.NONE
                && destination.key().equals(KeyTemplate.RECORD_KEY);
        boolean done = false;
        try {
            for (int i = 0; i < batch.count(); i++) {
                if (asItCame) {
                    copy(batch, i, destination.aggregate(), receipts, block);
                } else {
                    convert(batch, i, called, destination, maxRecord, writer(receipts), block);
                }
            }
            done = true;
            return block;
        } catch (BufferOverflowException full) {
            throw ServiceException.invalidArgument(
                    "The call's records take more than " + MAX_BLOCK + " bytes as their route writes them.");
        } finally {
            if (!done) {
                giveBack(block);
            }
        }
    }

    void giveBack(EntryBlock block) {
        block.clear(KEPT_BLOCK);
        spare = block;
    }

    private static void copy(PutBatch batch, int i, boolean aggregate, boolean receipts, EntryBlock block) {
        byte[] bytes = batch.bytes();
        int keyAt = batch.keyAt(i);
        int keyLength = batch.keyLength(i);
        if (batch.explicit(i)) {
            SpooledRecord.beginPinned(block, bytes, keyAt, keyLength, batch.hashHigh(i), batch.hashLow(i), receipts);
        } else {
            SpooledRecord.begin(block, bytes, keyAt, keyLength, aggregate && !isAggregated(batch, i), receipts);
        }
        block.put(bytes, batch.dataAt(i), batch.dataLength(i));
        block.end();
    }

    /** A record that holds several must not become one of several. */
    private static boolean isAggregated(PutBatch batch, int i) {
        int at = batch.dataAt(i);
        byte[] bytes = batch.bytes();
        return batch.dataLength(i) >= Integer.BYTES
                && ((bytes[at] & 0xff) << 24
                                | (bytes[at + 1] & 0xff) << 16
                                | (bytes[at + 2] & 0xff) << 8
                                | bytes[at + 3] & 0xff)
                        == AGGREGATED;
    }

    private void convert(
            PutBatch batch,
            int i,
            KeyFields called,
            Destination destination,
            int maxRecord,
            EventWriter writer,
            EntryBlock block) {
        byte[] bytes = batch.bytes();
        int from = batch.dataAt(i);
        int to = from + batch.dataLength(i);
        String key = new String(bytes, batch.keyAt(i), batch.keyLength(i), StandardCharsets.UTF_8);
        Hash128 pin = batch.explicit(i) ? new Hash128(batch.hashHigh(i), batch.hashLow(i)) : null;
        BodyEvent made = made(bytes, from, to, destination).posted(called).keyed(key, pin);
        Written written = writer.write(made, destination, maxRecord, block);
        String at = batch.count() == 1 ? "data" : "records." + (i + 1) + ".member.data";
        if (written == Written.TOO_LARGE) {
            throw ServiceException.validation("1 validation error detected: Value at '" + at
                    + "' failed to satisfy constraint: Member must have length less than or equal to " + maxRecord
                    + ", the partition key included, as its route writes it");
        }
        if (written == Written.NOT_UTF8) {
            throw ServiceException.invalidArgument("The value at '" + at
                    + "' is not UTF-8, and its route makes JSON of it: send text, or give the route format: raw.");
        }
    }

    private BodyEvent made(byte[] bytes, int from, int to, Destination destination) {
        if (destination.format() == RecordFormat.RAW) {
            return event.bytes(bytes, from, to);
        }
        int begin = from;
        while (begin < to && bytes[begin] <= ' ' && bytes[begin] >= 0) {
            begin++;
        }
        if (begin < to && bytes[begin] == '{' && scanner.isValue(bytes, begin, to)) {
            int end = to;
            while (bytes[end - 1] != '}') {
                end--;
            }
            return event.object(bytes, begin, end);
        }
        return event.text(bytes, from, to);
    }
}
