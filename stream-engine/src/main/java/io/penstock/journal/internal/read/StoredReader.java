package io.penstock.journal.internal.read;

import io.penstock.journal.DurableLog;
import io.penstock.journal.EntryBlock;
import io.penstock.journal.EntryVisitor;
import io.penstock.journal.LogReader;
import io.penstock.journal.internal.segment.BatchCursor;
import io.penstock.journal.internal.segment.Segment;
import io.penstock.journal.internal.segment.SegmentIndex;
import io.penstock.journal.internal.segment.SegmentStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one log: the latest batches from memory, others from their segment. Confined to the reading thread. Between
 * reads it holds at most one open file, and no memory.
 */
public final class StoredReader implements LogReader {
    private final DurableLog log;
    private final SegmentStore store;
    private final ReadBuffers buffers;
    private final BatchSource source;

    public StoredReader(DurableLog log, SegmentStore store, ReadBuffers buffers, BatchSource source) {
        this.log = log;
        this.store = store;
        this.buffers = buffers;
        this.source = source;
    }

    @Override
    public long read(long fromOffset, int maxBytes, EntryVisitor visitor) throws IOException {
        return read(fromOffset, new Delivery(null, maxBytes, false, visitor));
    }

    @Override
    public long readBatches(long fromOffset, int maxBytes, EntryVisitor visitor) throws IOException {
        return read(fromOffset, new Delivery(null, maxBytes, true, visitor));
    }

    @Override
    public long read(int key, long fromOffset, int maxBytes, EntryVisitor visitor) throws IOException {
        return read(fromOffset, new Delivery(key, maxBytes, false, visitor));
    }

    @Override
    public long seek(int key, long timestamp) throws IOException {
        long end = log.durableEnd();
        Segment segment = store.findByTime(timestamp);
        if (segment == null) {
            return end;
        }
        SegmentIndex index = source.indexOf(segment);
        long from = index.isEmpty() ? segment.base : index.offset(index.granuleBefore(timestamp));
        long[] found = {-1};
        Integer wanted = key == EntryBlock.NO_KEY ? null : key;
        long passed = read(from, new Delivery(wanted, Integer.MAX_VALUE, false, (offset, k, at, entry) -> {
            found[0] = at < timestamp ? -1 : offset;
            return at < timestamp;
        }));
        return found[0] >= 0 ? found[0] : Math.max(end, passed);
    }

    @Override
    public void close() {
        source.close();
    }

    private long read(long fromOffset, Delivery delivery) throws IOException {
        long end = log.durableEnd();
        long offset = Math.max(fromOffset, log.startOffset());
        if (offset >= end) {
            return offset;
        }
        ByteBuffer window = buffers.take();
        try {
            source.lend(window);
            while (offset < end && !delivery.isDone()) {
                Segment segment = store.find(offset);
                if (segment == null) {
                    return end;
                }
                offset = Math.max(offset, segment.base);
                Integer key = delivery.key();
                if (key != null) {
                    offset = nextWith(key, segment, offset);
                }
                if (offset < end && offset < segment.end) {
                    offset = source.find(segment, offset, key != null)
                            ? delivery.deliver(source.cursor(), offset)
                            : source.resumeAt();
                }
            }
            return Math.min(offset, Math.max(end, log.durableEnd()));
        } finally {
            source.takeBack();
            buffers.giveBack(window);
        }
    }

    /** The first offset at or after {@code offset} whose granule may hold the key; the segment's end if none does. */
    private long nextWith(int key, Segment segment, long offset) throws IOException {
        SegmentIndex index = source.indexOf(segment);
        int granule = index.nextWith(key, index.granuleOf(offset));
        return granule < 0 ? segment.end : Math.max(offset, index.offset(granule));
    }

    /** The limits of one read and its progress. */
    private static final class Delivery {
        private final @Nullable Integer key;
        private final boolean wholeBatches;
        private final EntryVisitor visitor;
        private long left;
        private boolean any;
        private boolean done;

        Delivery(@Nullable Integer key, int maxBytes, boolean wholeBatches, EntryVisitor visitor) {
            this.key = key;
            this.left = maxBytes;
            this.wholeBatches = wholeBatches;
            this.visitor = visitor;
        }

        @Nullable
        Integer key() {
            return key;
        }

        boolean isDone() {
            return done;
        }

        /** Visits the batch's entries from {@code from} on. Returns the offset to continue with. */
        long deliver(BatchCursor batch, long from) {
            int wanted = key == null ? 0 : key;
            ByteBuffer entry = batch.memory().duplicate();
            long timestamp = batch.timestamp();
            long offset = batch.firstOffset();
            int to = batch.entriesTo();
            int length;
            for (int at = batch.entriesFrom(); at < to; at += EntryBlock.ENTRY_OVERHEAD + length, offset++) {
                length = entry.getInt(at + Integer.BYTES);
                int entryKey = entry.getInt(at);
                if (offset < from || (key != null && entryKey != wanted)) {
                    continue;
                }
                if (any && length > left && !wholeBatches) {
                    done = true;
                    return offset;
                }
                any = true;
                left -= length;
                int body = at + EntryBlock.ENTRY_OVERHEAD;
                entry.clear().limit(body + length).position(body);
                done = !visitor.visit(offset, entryKey, timestamp, entry) || (left <= 0 && !wholeBatches);
                entry.clear();
                if (done) {
                    return offset + 1;
                }
            }
            done = left <= 0;
            return offset;
        }
    }
}
