package io.penstock.agent.ingest;

import io.penstock.agent.record.Compression;
import io.penstock.agent.record.RecordCompressor;
import io.penstock.agent.record.RecordEncoder;
import io.penstock.agent.record.RecordIds;
import io.penstock.agent.route.Destination;
import io.penstock.agent.route.KeyTemplate;
import io.penstock.agent.route.PartitionKeys;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.kinesis.shards.Hash128;
import io.penstock.delivery.spool.SpooledRecord;
import io.penstock.journal.EntryBlock;
import java.nio.BufferOverflowException;
import java.time.InstantSource;
import java.util.Set;

/**
 * Writes events as entries of a block that is then appended to the destination's spool: partition key and record as the
 * destination's route says. The record is encoded straight into the block, unless it is compressed or its key is made
 * of it: then it is encoded beside the block and put into it. One per event loop. Holds about a MiB at most between
 * events.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class EventWriter {
    private static final int FIRST_BESIDE = 1 << 10;
    private static final int KEPT_BESIDE = 1 << 20;

    private final EventCounts counts;
    private final RecordEncoder encoder;
    private final PartitionKeys keys = new PartitionKeys();
    private final RecordCompressor compressor = new RecordCompressor();
    private final GrowingBytes beside;
    private final boolean receipts;
    private int size;

    /** For events without fields of their own, whose records have {@link RecordEncoder#MAX_BYTES} at most. */
    public EventWriter(InstantSource clock, EventCounts counts) {
        this(clock, counts, Set.of(), RecordEncoder.MAX_BYTES);
    }

    /**
     * @param ownNames the fields that the events write themselves
     * @param mostBytes what a record may have before it is compressed
     */
    public EventWriter(InstantSource clock, EventCounts counts, Set<String> ownNames, int mostBytes) {
        this(clock, counts, ownNames, mostBytes, false);
    }

    /** For a source that asks for a receipt of each record. */
    public static EventWriter withReceipts(InstantSource clock, EventCounts counts) {
        return new EventWriter(clock, counts, Set.of(), RecordEncoder.MAX_BYTES, true);
    }

    private EventWriter(
            InstantSource clock, EventCounts counts, Set<String> ownNames, int mostBytes, boolean receipts) {
        this.counts = counts;
        this.receipts = receipts;
        this.encoder = new RecordEncoder(clock, new RecordIds(), ownNames);
        this.beside = new GrowingBytes(FIRST_BESIDE, mostBytes);
    }

    /**
     * Writes {@code event}, and releases it.
     *
     * @throws BufferOverflowException when what the block holds already leaves too little room
     */
    public Written write(Event event, Destination destination, int maxBytes, EntryBlock block) {
        size = 0;
        try {
            boolean recordFirst = event.readsRecord() && destination.key().readsJson();
            return destination.compression() == Compression.NONE && !recordFirst
                    ? encodeInto(block, event, destination, maxBytes)
                    : encodeBeside(block, event, destination, maxBytes);
        } finally {
            event.release();
        }
    }

    /**
     * Of the record that the last call wrote, 0 if it wrote none: the size by which the stream judges it, key and data
     * together, compressed where the route says so.
     */
    public int size() {
        return size;
    }

    private Written encodeInto(EntryBlock block, Event event, Destination destination, int maxBytes) {
        int room = block.room();
        PartitionKeys.Outcome key = key(event, destination);
        begin(key, event, destination, block);
        boolean done = false;
        try {
            GrowingBytes entry = block.entry();
            int start = entry.length();
            if (!event.encode(destination, encoder, entry)) {
                return Written.NOT_UTF8;
            }
            long bytes = (long) entry.length() - start + keyBytes(key);
            if (entry.overflowed() && block.count() > 0 && room < Math.min(maxBytes, RecordEncoder.MAX_BYTES)) {
                throw new BufferOverflowException();
            }
            if (entry.overflowed() || bytes > maxBytes) {
                return Written.TOO_LARGE;
            }
            block.end();
            done = true;
            count(key);
            size = (int) bytes;
            return Written.WHOLE;
        } finally {
            if (!done) {
                block.abandon();
            }
        }
    }

    private Written encodeBeside(EntryBlock block, Event event, Destination destination, int maxBytes) {
        beside.clear(KEPT_BESIDE);
        if (!event.encode(destination, encoder, beside)) {
            return Written.NOT_UTF8;
        }
        PartitionKeys.Outcome key = key(event, destination);
        if (beside.overflowed()) {
            return Written.TOO_LARGE;
        }
        byte[] record = beside.array();
        int length = beside.length();
        if (destination.compression() != Compression.NONE) {
            compressor.compress(destination.compression(), record, length);
            record = compressor.array();
            length = compressor.length();
        }
        long bytes = (long) length + keyBytes(key);
        if (bytes > maxBytes) {
            return Written.TOO_LARGE;
        }
        begin(key, event, destination, block);
        block.put(record, 0, length);
        block.end();
        count(key);
        size = (int) bytes;
        return Written.WHOLE;
    }

    private PartitionKeys.Outcome key(Event event, Destination destination) {
        String given = event.givenKey();
        return given.isEmpty() ? keys.make(destination.key(), event) : keys.given(given);
    }

    private int keyBytes(PartitionKeys.Outcome key) {
        return isLateBound(key) ? SpooledRecord.LATE_KEY_BYTES : keys.length();
    }

    private void begin(PartitionKeys.Outcome key, Event event, Destination destination, EntryBlock block) {
        Hash128 pin = destination.key().equals(KeyTemplate.RECORD_KEY) ? event.pin() : null;
        if (isLateBound(key)) {
            SpooledRecord.beginLateBound(block, destination.aggregate(), receipts);
        } else if (pin != null) {
            SpooledRecord.beginPinned(block, keys.array(), 0, keys.length(), pin.high(), pin.low(), receipts);
        } else {
            SpooledRecord.begin(block, keys.array(), 0, keys.length(), destination.aggregate(), receipts);
        }
    }

    private static boolean isLateBound(PartitionKeys.Outcome key) {
        return key == PartitionKeys.Outcome.RANDOM || key == PartitionKeys.Outcome.MISSING;
    }

    private void count(PartitionKeys.Outcome key) {
        if (key == PartitionKeys.Outcome.MISSING) {
            counts.keyMissing();
        } else if (key == PartitionKeys.Outcome.HASHED) {
            counts.keyHashed();
        }
    }
}
