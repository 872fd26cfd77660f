package io.penstock.journal.internal.read;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** Window memory for readers, lent for the duration of one read; a few windows are kept. Thread-safe. */
public final class ReadBuffers {
    private static final int KEPT = 16;

    private final int bytes;
    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();

    public ReadBuffers(int bytes) {
        this.bytes = bytes;
    }

    public ByteBuffer take() {
        synchronized (this) {
            ByteBuffer buffer = free.pollLast();
            if (buffer != null) {
                return buffer;
            }
        }
        return ByteBuffer.allocateDirect(bytes);
    }

    public synchronized void giveBack(ByteBuffer buffer) {
        if (free.size() < KEPT) {
            free.addLast(buffer.clear());
        }
    }

    /** Frees the windows that are not lent. */
    public synchronized void clear() {
        free.clear();
    }
}
