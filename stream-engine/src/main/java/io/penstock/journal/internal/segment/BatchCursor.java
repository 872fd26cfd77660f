package io.penstock.journal.internal.segment;

import io.penstock.journal.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the batches of one segment file through a window of memory, verifying each. Recovery scans with it, readers
 * read. Not thread-safe.
 */
public final class BatchCursor {
    /** The largest batch that is believed; lengths beyond it are damage. */
    static final int LARGEST_BATCH = 1 << 30;

    private static final int PIECE = 4 << 10;

    private final BatchFormat format = new BatchFormat();
    private final ByteBuffer ownWindow;
    private ByteBuffer window;
    private long windowAt;
    private int windowLength;
    private @Nullable DiskFile file;
    private long epoch;
    private long limit;

    private long position;
    private int start;
    private int length;

    /** @param window memory to look through; a larger batch takes more for as long as the cursor is on it */
    public BatchCursor(ByteBuffer window) {
        this.ownWindow = window;
        this.window = window;
    }

    /** Turns to a file whose batches end before {@code limit}. */
    public void open(DiskFile file, long epoch, long limit) {
        this.file = file;
        this.epoch = epoch;
        this.limit = limit;
        this.window = ownWindow;
        this.windowLength = 0;
    }

    /** The batches end later than was said. */
    public void extend(long newLimit) {
        limit = newLimit;
    }

    /** Whether a whole batch of this epoch lies at {@code at}; then the cursor is on it. */
    boolean at(long at) throws IOException {
        return at(at, 0);
    }

    /** As {@link #at(long)}, reading {@code ahead} bytes at once if it must read. */
    public boolean at(long at, int ahead) throws IOException {
        if (at + BatchFormat.HEADER > limit || !fill(at, BatchFormat.HEADER, ahead)) {
            return false;
        }
        int from = (int) (at - windowAt);
        if (window.getInt(from + BatchFormat.MAGIC_AT) != BatchFormat.MAGIC
                || window.getLong(from + BatchFormat.EPOCH_AT) != epoch) {
            return false;
        }
        int payload = window.getInt(from + BatchFormat.LENGTH_AT);
        if (payload < 0 || payload > LARGEST_BATCH || at + BatchFormat.HEADER + payload > limit) {
            return false;
        }
        int whole = BatchFormat.HEADER + payload;
        if (!fill(at, whole, ahead)) {
            return false;
        }
        return verify(at, whole);
    }

    /** Takes a batch of the segment from memory: {@code buffer} holds it from 0 to its limit. */
    public boolean take(ByteBuffer buffer, long at, long ofEpoch) {
        file = null;
        epoch = ofEpoch;
        limit = Long.MAX_VALUE;
        window = buffer;
        windowAt = at;
        windowLength = buffer.limit();
        return windowLength >= BatchFormat.HEADER && verify(at, windowLength);
    }

    private boolean verify(long at, int whole) {
        int from = (int) (at - windowAt);
        if (format.checksum(window, from, from + whole, epoch, at) != window.getInt(from)) {
            return false;
        }
        position = at;
        start = from;
        length = whole;
        return true;
    }

    /**
     * The position of the next batch of this epoch from {@code from} on, and the cursor on it; -1 when there is none.
     */
    public long search(long from) throws IOException {
        long at = from + BatchFormat.ALIGNMENT - 1 & -BatchFormat.ALIGNMENT;
        for (; at + BatchFormat.HEADER <= limit; at += BatchFormat.ALIGNMENT) {
            if (!fill(at, BatchFormat.HEADER, ownWindow.capacity())) {
                return -1;
            }
            int in = (int) (at - windowAt);
            if (window.getInt(in + BatchFormat.MAGIC_AT) == BatchFormat.MAGIC && at(at, ownWindow.capacity())) {
                return at;
            }
        }
        return -1;
    }

    public long position() {
        return position;
    }

    /** Where the next batch starts. */
    public long next() {
        return position + BatchFormat.footprint(length - BatchFormat.HEADER);
    }

    public long firstOffset() {
        return window.getLong(start + BatchFormat.OFFSET_AT);
    }

    public int count() {
        return window.getInt(start + BatchFormat.COUNT_AT);
    }

    public long endOffset() {
        return firstOffset() + count();
    }

    public long timestamp() {
        return window.getLong(start + BatchFormat.TIMESTAMP_AT);
    }

    public long durableEnd() {
        return window.getLong(start + BatchFormat.DURABLE_AT);
    }

    /**
     * The memory that holds the batch; valid until the cursor moves. Its entries: {@link #entriesFrom} to
     * {@link #entriesTo}.
     */
    public ByteBuffer memory() {
        return window;
    }

    public int entriesFrom() {
        return start + BatchFormat.HEADER;
    }

    public int entriesTo() {
        return start + length;
    }

    /** Brings {@code bytes} from {@code at} on into the window; false when the file ends before. */
    private boolean fill(long at, int bytes, int ahead) throws IOException {
        if (at >= windowAt && at + bytes <= windowAt + windowLength) {
            return true;
        }
        DiskFile from = file;
        if (from == null) {
            return false;
        }
        int kept = at == windowAt ? windowLength : 0;
        if (bytes > window.capacity() || (bytes <= ownWindow.capacity() && window != ownWindow)) {
            window = bytes <= ownWindow.capacity() ? ownWindow : ByteBuffer.allocate(bytes);
            kept = 0;
        }
        int wanted = (int) Math.min(window.capacity(), Math.min(limit - at, Math.max(bytes, ahead)));
        windowLength = 0;
        window.clear().limit(wanted).position(kept);
        try {
            windowLength = kept + from.readFully(window, at + kept);
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            windowLength = readAround(from, at, wanted);
        }
        windowAt = at;
        window.clear();
        return windowLength >= bytes;
    }

    /** Reads what can be read; what the device refuses is left as zeroes, which no checksum takes for a batch. */
    private int readAround(DiskFile from, long at, int wanted) throws IOException {
        for (int done = 0; done < wanted; done += PIECE) {
            int end = Math.min(wanted, done + PIECE);
            for (int i = done; i < end; i++) {
                window.put(i, (byte) 0);
            }
            try {
                window.clear().limit(end).position(done);
                if (from.readFully(window, at + done) < end - done) {
                    return window.position();
                }
            } catch (ClosedChannelException e) {
                throw e;
            } catch (IOException e) {
                for (int i = done; i < end; i++) {
                    window.put(i, (byte) 0);
                }
            }
        }
        return wanted;
    }
}
