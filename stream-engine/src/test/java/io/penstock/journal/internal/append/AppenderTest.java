package io.penstock.journal.internal.append;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.journal.DurableLog;
import io.penstock.journal.EntryBlock;
import io.penstock.journal.internal.segment.Segment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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

    @Test
    void anAppendThatWouldBeRefusedIsForeseenAndRoomIsToldOfAfterwards() {
        appender.addSpare(new Segment(Path.of("segment"), 1, 64 << 10));
        assertEquals(0, append());
        assertTrue(appender.mayTake(600), "another buffer");
        assertEquals(1, append());
        assertFalse(appender.mayTake(600));
        assertTrue(appender.mayTake(100), "the rest of the second buffer");
        OpenBatch first = Objects.requireNonNull(appender.take());
        assertTrue(takenMeanwhile.isEmpty());
        appender.written(first);
        assertEquals(1, takenMeanwhile.size(), "told of room");
        assertTrue(appender.mayTake(600));
        assertEquals(2, append());
    }

    @Test
    void aSecondLargeBlockIsForeseenAsRefusedUntilTheFirstIsWritten() {
        appender.addSpare(new Segment(Path.of("segment"), 1, 64 << 10));
        assertTrue(appender.mayTake(3000));
        assertEquals(0, append(3000));
        assertFalse(appender.mayTake(3000));
        appender.written(Objects.requireNonNull(appender.take()));
        assertTrue(appender.mayTake(3000));
        assertEquals(1, append(3000));
    }

    @Test
    void aStoppedAppenderLetsTheAppendSayWhy() {
        appender.addSpare(new Segment(Path.of("segment"), 1, 64 << 10));
        append();
        append();
        appender.stop();
        assertTrue(appender.mayTake(600));
        assertEquals(DurableLog.CLOSED, append());
    }

    /** Appends an entry that leaves no room for a second one in its buffer. */
    private long append() {
        return append(600);
    }

    private long append(int bytes) {
        EntryBlock block = new EntryBlock(BUFFER, 4 * BUFFER);
        block.begin(EntryBlock.NO_KEY);
        block.put(new byte[bytes], 0, bytes);
        block.end();
        return appender.append(block);
    }
}
