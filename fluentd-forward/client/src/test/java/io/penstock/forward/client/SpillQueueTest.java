package io.penstock.forward.client;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forward.client.internal.chunk.Chunk;
import io.penstock.forward.client.internal.chunk.Place;
import io.penstock.forward.client.internal.chunk.SpillQueue;
import io.penstock.forward.client.internal.chunk.SpillSave;
import io.penstock.forward.client.internal.message.PackedForward;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** When a chunk's memory may be reused: saving the chunk and losing its connection come in any order. */
class SpillQueueTest {
    private final SpillQueue queue = new SpillQueue(1);
    private final Chunks chunks = new Chunks(
            ClientSettings.to(Address.of("127.0.0.1", 1))
                    .spill(Spill.to(Path.of("unused.spill"), 1 << 20))
                    .build(),
            new byte[0],
            queue);

    private static Place place(SpillSave save) {
        return new Place(0, 1, 0, save.length(), save.events());
    }

    /**
     * A chunk that was saved while open, then sealed and written, and whose connection is lost before it is saved
     * whole.
     */
    private Chunk savedOpenAndPutBack() {
        Chunk chunk = chunks.turnOver("t", 10, 0);
        assertNotNull(chunk);
        chunk.add(new byte[] {1, 2, 3}, 0, 3);
        SpillSave open = queue.pollSave(chunks.open(), 1000);
        assertNotNull(open);
        chunks.saved(open, place(open), true, 1000);
        chunks.take(2000);
        chunks.release(chunk);
        chunks.putBack();
        return chunk;
    }

    @Test
    void aChunkThatIsUnderWayAgainKeepsItsMemory() {
        Chunk chunk = savedOpenAndPutBack();
        SpillSave whole = queue.pollSave(chunks.open(), 3000);
        assertNotNull(whole);
        assertTrue(whole.isWhole());
        chunks.saved(whole, place(whole), true, 3000);
        chunks.take(4000);
        PackedForward underWay = chunk.message();
        assertNotNull(underWay);
        Chunk other = chunks.turnOver("u", 1, 5000);
        if (other != null) {
            assertNotSame(underWay, other.message());
        }
    }

    @Test
    void aChunkThatIsStillToBeSavedKeepsItsMemory() {
        Chunk chunk = savedOpenAndPutBack();
        assertNull(queue.reclaim());
        assertNotNull(chunk.message());
        assertNotNull(queue.pollSave(chunks.open(), 4000));
    }
}
