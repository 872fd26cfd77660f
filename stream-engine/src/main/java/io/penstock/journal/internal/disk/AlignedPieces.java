package io.penstock.journal.internal.disk;

import io.penstock.journal.Disk;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * Aligned memory for writes, lent for the duration of one write. There are at most {@value #MOST} pieces, which are
 * kept once allocated; another writer waits until a piece is returned. Thread-safe.
 */
public final class AlignedPieces {
    public static final int MOST = 16;

    private static final int BYTES = 512 << 10;

    private final Semaphore left = new Semaphore(MOST);
    private final Queue<ByteBuffer> free = new ConcurrentLinkedQueue<>();

    /**
     * A piece of memory that begins and ends at multiples of {@link Disk#BLOCK}. A thread must not take a second one.
     */
    ByteBuffer take() {
        left.acquireUninterruptibly();
        ByteBuffer piece = free.poll();
        if (piece != null) {
            return piece;
        }
        try {
            return ByteBuffer.allocateDirect(BYTES + Disk.BLOCK).alignedSlice(Disk.BLOCK);
        } catch (OutOfMemoryError none) {
            left.release();
            throw none;
        }
    }

    void giveBack(ByteBuffer piece) {
        free.add(piece.clear());
        left.release();
    }
}
