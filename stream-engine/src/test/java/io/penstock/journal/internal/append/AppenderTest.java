package io.penstock.journal.internal.append;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.journal.DurableLog;
import io.penstock.journal.EntryBlock;
import io.penstock.journal.internal.segment.Segment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Appends while a log fails. */
class AppenderTest {
    private static final int BUFFER = 1 << 10;

    private final List<OpenBatch> takenMeanwhile = new ArrayList<>();
    private final Appender appender = new Appender(
            new MemoryPool(BUFFER, 4 * BUFFER, Runnable::run),
            new LargeBudget(1 << 20, Runnable::run),
            1 << 20,
            0,
            new WriterAtWork());

    /** Takes the next batch at every moment at which the appender calls its owner. */
    private final class WriterAtWork implements Appender.Owner {
        @Override
        public void wakeWriter() {
            // the writer is slow
        }

        @Override
        public void wantSpare(long bytes) {
            // a spare segment exists
        }

        @Override
        public boolean outOfSpace() {
            return false;
        }

        @Override
        public void room() {
            OpenBatch next = appender.take();
            if (next != null) {
                takenMeanwhile.add(next);
            }
        }
    }

    @Test
    void theWriterNeverGetsABatchBehindOneThatWasDropped() {
        appender.addSpare(new Segment(Path.of("segment"), 1, 64 << 10));
        assertEquals(0, append());
        assertEquals(1, append());
        assertEquals(DurableLog.BUSY, append(), "both buffers are in use");
        appender.stop();
        appender.discard();
        assertTrue(
                takenMeanwhile.isEmpty(),
                () -> "with offset 0 dropped, the writer was given the group at " + takenMeanwhile.get(0).base);
    }

    /** Appends an entry that leaves no room for a second one in its buffer. */
    private long append() {
        EntryBlock block = new EntryBlock(BUFFER, BUFFER);
        block.begin(EntryBlock.NO_KEY);
        block.put(new byte[600], 0, 600);
        block.end();
        return appender.append(block);
    }
}
