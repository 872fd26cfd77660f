package io.penstock.journal.internal.disk;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.penstock.journal.Disk;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AlignedPiecesTest {
    private final AlignedPieces pieces = new AlignedPieces();

    @Test
    void aPieceIsAlignedToBlocksAndLentAgain() {
        ByteBuffer piece = pieces.take();
        assertEquals(0, piece.alignmentOffset(0, Disk.BLOCK));
        assertEquals(0, piece.capacity() % Disk.BLOCK);
        pieces.giveBack(piece.position(7));
        assertSame(piece, pieces.take());
        assertEquals(0, piece.position());
    }

    @Test
    void whoWantsMoreThanThereAreWaitsForOneThatIsGivenBack() throws Exception {
        Deque<ByteBuffer> lent = new ArrayDeque<>();
        for (int i = 0; i < AlignedPieces.MOST; i++) {
            lent.add(pieces.take());
        }
        AtomicReference<Thread> waiting = new AtomicReference<>();
        CompletableFuture<ByteBuffer> wanted = CompletableFuture.supplyAsync(() -> {
            waiting.set(Thread.currentThread());
            return pieces.take();
        });
        await().until(() -> waiting.get() != null && waiting.get().getState() == Thread.State.WAITING);
        assertFalse(wanted.isDone());
        ByteBuffer back = lent.remove();
        pieces.giveBack(back);
        assertSame(back, wanted.get(10, TimeUnit.SECONDS));
    }
}
