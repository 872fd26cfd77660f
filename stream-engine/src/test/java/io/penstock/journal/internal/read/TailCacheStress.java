package io.penstock.journal.internal.read;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.nio.ByteBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** What a reader of the tail cache gets while writers overwrite the ring, see {@link TailCache}. */
final class TailCacheStress {
    private static final int BATCH = 64;
    private static final int RING = 4 * BATCH;

    private TailCacheStress() {}

    /** The log that is read continues to write, and laps its own older batch. */
    @JCStressTest
    @Outcome(
            id = "(whole|on disk), (whole|on disk)",
            expect = ACCEPTABLE,
            desc = "A reader of the tail cache sees whole bytes of that offset or is told to read the disk.")
    @Outcome(expect = FORBIDDEN, desc = "A reader of the tail cache was given other bytes than those of that offset.")
    @State
    public static class OneLog {
        private final TailCache.Tail tail = new TailCache(RING).tail();

        public OneLog() {
            add(tail, 1);
        }

        @Actor
        public void writer() {
            for (int offset = 2; offset <= 6; offset++) {
                add(tail, offset);
            }
        }

        @Actor
        public void reader(LL_Result result) {
            result.r1 = read(tail, 1);
            result.r2 = read(tail, 3);
        }
    }

    /** Another log of the process writes, and laps the batch of the log that is read. */
    @JCStressTest
    @Outcome(
            id = "(whole|on disk), on disk",
            expect = ACCEPTABLE,
            desc = "A reader of the tail cache sees whole bytes of that offset or is told to read the disk.")
    @Outcome(expect = FORBIDDEN, desc = "A reader of the tail cache was given the bytes of another log.")
    @State
    public static class TwoLogs {
        private final TailCache cache = new TailCache(RING);
        private final TailCache.Tail mine = cache.tail();
        private final TailCache.Tail others = cache.tail();

        public TwoLogs() {
            add(mine, 1);
        }

        @Actor
        public void writer() {
            for (int offset = 2; offset <= 6; offset++) {
                add(others, offset);
            }
        }

        @Actor
        public void reader(LL_Result result) {
            result.r1 = read(mine, 1);
            result.r2 = read(mine, 2);
        }
    }

    /** Adds a batch of one entry, all of whose bytes are its offset. */
    private static void add(TailCache.Tail tail, int offset) {
        ByteBuffer batch = ByteBuffer.allocate(BATCH);
        while (batch.hasRemaining()) {
            batch.put((byte) offset);
        }
        tail.add(null, 0, offset, 1, batch.flip());
    }

    private static String read(TailCache.Tail tail, int offset) {
        TailCache.Tail.Place place = tail.find(offset);
        ByteBuffer target = ByteBuffer.allocate(BATCH);
        if (place == null || !tail.copy(place, target)) {
            return "on disk";
        }
        for (int i = 0; i < BATCH; i++) {
            if (target.get(i) != offset) {
                return "other bytes";
            }
        }
        return place.length() == BATCH ? "whole" : "cut";
    }
}
