package io.penstock.log;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Memory through which bytes go to disk, lent for the time of one write; a few pieces are kept. Thread-safe. */
final class AlignedPieces {
    private static final int BYTES = 512 << 10;
    private static final int KEPT = 4;

    private final BlockingQueue<ByteBuffer> free = new ArrayBlockingQueue<>(KEPT);

    /** A piece of memory that begins and ends at multiples of {@link Disk#BLOCK}. */
    ByteBuffer take() {
        ByteBuffer piece = free.poll();
        return piece == null ? ByteBuffer.allocateDirect(BYTES + Disk.BLOCK).alignedSlice(Disk.BLOCK) : piece;
    }

    void giveBack(ByteBuffer piece) {
        free.offer(piece.clear());
    }
}
