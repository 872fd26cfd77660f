package io.penstock.journal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** Windows for readers, lent for the time of one read; a few are kept. Thread-safe. */
final class ReadBuffers {
    private static final int KEPT = 16;

    private final int bytes;
    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();

    ReadBuffers(int bytes) {
        this.bytes = bytes;
    }

    ByteBuffer take() {
        synchronized (this) {
            ByteBuffer buffer = free.pollLast();
            if (buffer != null) {
                return buffer;
            }
        }
        return ByteBuffer.allocateDirect(bytes);
    }

    synchronized void giveBack(ByteBuffer buffer) {
        if (free.size() < KEPT) {
            free.addLast(buffer.clear());
        }
    }

    /** Lets go of what is not lent. */
    synchronized void clear() {
        free.clear();
    }
}
