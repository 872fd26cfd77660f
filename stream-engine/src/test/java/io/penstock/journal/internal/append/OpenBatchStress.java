package io.penstock.journal.internal.append;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.penstock.journal.EntryBlock;
import io.penstock.journal.internal.append.MemoryPool.Chunk;
import io.penstock.journal.internal.segment.BatchFormat;
import java.nio.ByteBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIL_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** The guarantees between the producers and the writer of a batch, see {@link OpenBatch}. */
final class OpenBatchStress {
    /** Size of one entry in a batch: long enough that a partial copy is visible. */
    private static final int ENTRY = 64;

    private static final int TORN = -1;

    private OpenBatchStress() {}

    /** One producer appends until it is refused; the writer seals the batch and takes its bytes. */
    @JCStressTest
    @Outcome(
            id = {"0, 0", "1, 1", "2, 2", "3, 3"},
            expect = ACCEPTABLE,
            desc = "The batch holds every entry that was claimed before the seal, whole, and no other.")
    @Outcome(id = ".*, " + TORN, expect = FORBIDDEN, desc = "A batch holds half an entry.")
    @Outcome(expect = FORBIDDEN, desc = "A batch holds more or fewer entries than its producers claimed.")
    @State
    public static class Sealed {
        private final OpenBatch group = group(3);

        @Actor
        public void producer(II_Result result) {
            for (int entry = 1; entry <= 3 && append(group, entry) >= 0; entry++) {
                result.r1 = entry;
            }
        }

        @Actor
        public void writer(II_Result result) {
            group.seal();
            result.r2 = entries(group);
        }
    }

    /** Two producers append at the same time. */
    @JCStressTest
    @Outcome(
            id = {"0, 1, whole", "1, 0, whole"},
            expect = ACCEPTABLE,
            desc = "Each entry stands at the place and has the offset that its producer claimed.")
    @Outcome(expect = FORBIDDEN, desc = "Two producers were given one offset, or an entry is not where it was claimed.")
    @State
    public static class Claimed {
        private final OpenBatch group = group(2);

        @Actor
        public void one(IIL_Result result) {
            result.r1 = OpenBatch.count(append(group, 1));
        }

        @Actor
        public void other(IIL_Result result) {
            result.r2 = OpenBatch.count(append(group, 2));
        }

        @Arbiter
        public void writer(IIL_Result result) {
            group.seal();
            result.r3 = "not whole";
            if (group.end() == 2 && group.bytes() == BatchFormat.HEADER + 2 * ENTRY) {
                ByteBuffer batch = group.encoded();
                result.r3 = holds(batch, result.r1, 1) && holds(batch, result.r2, 2) ? "whole" : "not whole";
            }
        }
    }

    /** Two producers claim the last room. */
    @JCStressTest
    @Outcome(
            id = {"0, -1, 1", "-1, 0, 1"},
            expect = ACCEPTABLE,
            desc = "One producer got the last room, the other was told that there is none.")
    @Outcome(expect = FORBIDDEN, desc = "The group took more than it has room for.")
    @State
    public static class Filled {
        private final OpenBatch group = group(1);

        @Actor
        public void one(IIL_Result result) {
            result.r1 = claim();
        }

        @Actor
        public void other(IIL_Result result) {
            result.r2 = claim();
        }

        @Arbiter
        public void writer(IIL_Result result) {
            result.r3 = group.count();
        }

        private int claim() {
            long claimed = group.claim(ENTRY, 1);
            return claimed < 0 ? (int) claimed : OpenBatch.count(claimed);
        }
    }

    /** The log releases an idle buffer while a producer appends. */
    @JCStressTest
    @Outcome(
            id = {"0, 1", "1, 0"},
            expect = ACCEPTABLE,
            desc = "Either the buffer was given back and the producer refused, or the producer has its room.")
    @Outcome(id = "1, 1", expect = FORBIDDEN, desc = "A producer writes into a buffer that was given back.")
    @Outcome(expect = FORBIDDEN, desc = "The producer was refused although the group stayed group.")
    @State
    public static class LetGo {
        private final OpenBatch group = group(1);

        @Actor
        public void producer(II_Result result) {
            result.r1 = append(group, 1) >= 0 ? 1 : 0;
        }

        @Actor
        public void log(II_Result result) {
            result.r2 = group.sealIfEmpty() ? 1 : 0;
        }
    }

    private static OpenBatch group(int entries) {
        ByteBuffer memory = ByteBuffer.allocate(BatchFormat.HEADER + entries * ENTRY);
        return OpenBatch.open(0, new Chunk(memory, memory.duplicate()), memory.capacity());
    }

    /** Appends an entry as {@link Appender} does; its key and all its bytes are {@code mark}. */
    private static long append(OpenBatch group, int mark) {
        EntryBlock block = new EntryBlock(ENTRY, ENTRY);
        block.begin(mark);
        for (int i = EntryBlock.ENTRY_OVERHEAD; i < ENTRY; i++) {
            block.put((byte) mark);
        }
        block.end();
        long claimed = group.claim(block.size(), block.count());
        if (claimed >= 0) {
            group.copy(block, OpenBatch.bytes(claimed));
        }
        return claimed;
    }

    /** The number of entries in the sealed batch, marked 1, 2 and so on. */
    private static int entries(OpenBatch group) {
        ByteBuffer batch = group.encoded();
        int count = group.count();
        if (batch.limit() != BatchFormat.HEADER + count * ENTRY) {
            return TORN;
        }
        for (int i = 0; i < count; i++) {
            if (!holds(batch, i, i + 1)) {
                return TORN;
            }
        }
        return count;
    }

    private static boolean holds(ByteBuffer batch, int place, int mark) {
        int at = BatchFormat.HEADER + place * ENTRY;
        if (batch.getInt(at) != mark || batch.getInt(at + Integer.BYTES) != ENTRY - EntryBlock.ENTRY_OVERHEAD) {
            return false;
        }
        for (int i = EntryBlock.ENTRY_OVERHEAD; i < ENTRY; i++) {
            if (batch.get(at + i) != mark) {
                return false;
            }
        }
        return true;
    }
}
