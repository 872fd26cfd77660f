package io.penstock.journal.internal.segment;

import io.penstock.journal.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the batches of one segment file through a window of memory and verifies each. Used by recovery and by readers.
 * Not thread-safe.
 */
public final class BatchCursor {
    /** The largest plausible batch; a greater length is damage. */
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

    /** @param window memory for reading; for a larger batch the cursor allocates memory while it is on that batch */
    public BatchCursor(ByteBuffer window) {
        this.ownWindow = window;
        this.window = window;
    }

    /** Moves to a file whose batches end before {@code limit}. */
    public void open(DiskFile file, long epoch, long limit) {
        this.file = file;
        this.epoch = epoch;
        this.limit = limit;
        this.window = ownWindow;
        this.windowLength = 0;
    }

    /** Moves the limit of the batches further back in the file. */
    public void extend(long newLimit) {
        limit = newLimit;
    }

    /** True if there is a whole batch of this epoch at {@code at}; the cursor is then on it. */
    boolean at(long at) throws IOException {
        return at(at, 0);
    }

    /** As {@link #at(long)}; reads {@code ahead} bytes at once if the window does not hold the batch. */
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

    /** Moves to a batch of the segment in memory: {@code buffer} holds it from 0 to its limit. */
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
     * Finds the next batch of this epoch at or after {@code from} and moves the cursor to it. Returns its position, or
     * -1.
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

    /** The position of the next batch. */
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
     * The memory that holds the batch, valid until the cursor moves. Its entries are from {@link #entriesFrom} to
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

    /** Reads {@code bytes} from {@code at} on into the window. Returns false if the file ends before. */
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

    /** Reads what is readable. Unreadable blocks become zeroes, which no checksum accepts as a batch. */
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
