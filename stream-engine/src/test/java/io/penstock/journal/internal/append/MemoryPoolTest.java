package io.penstock.journal.internal.append;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.journal.internal.append.MemoryPool.Chunk;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MemoryPoolTest {
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    /** A log that counts its wake-ups, and takes the buffer if it still needs one. */
    private static final class Log implements Runnable {
        private final MemoryPool pool;
        private boolean wants = true;
        private boolean waits;
        private Chunk holds;
        private int told;

        Log(MemoryPool pool) {
            this.pool = pool;
        }

        void ask() {
            holds = pool.take(this);
            waits = holds == null;
        }

        void giveBack() {
            Chunk chunk = holds;
            holds = null;
            pool.giveBack(chunk);
        }

        @Override
        public void run() {
            told++;
            waits = false;
            if (wants && holds == null) {
                ask();
            }
        }
    }

    private void runAll() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private MemoryPool pool(int buffers) {
        return new MemoryPool(64, 64L * buffers, tasks::add);
    }

    @Test
    void aLogThatNoLongerWantsTheBufferPassesItOn() {
        MemoryPool pool = pool(1);
        Log x = new Log(pool);
        Log a = new Log(pool);
        Log b = new Log(pool);
        x.ask();
        a.ask();
        b.ask();
        a.wants = false;
        x.giveBack();
        runAll();
        assertEquals(1, a.told);
        assertEquals(1, b.told);
        assertNotNull(b.holds);
    }

    @Test
    void aBufferThatTheFirstLogTakesIsOfferedToNoOther() {
        MemoryPool pool = pool(1);
        Log x = new Log(pool);
        Log a = new Log(pool);
        Log b = new Log(pool);
        x.ask();
        a.ask();
        b.ask();
        x.giveBack();
        runAll();
        assertNotNull(a.holds);
        assertEquals(0, b.told);
        a.giveBack();
        runAll();
        assertNotNull(b.holds);
    }

    @Test
    void aLogWhoseListenerThrowsPassesTheBufferOn() {
        MemoryPool pool = pool(1);
        Log x = new Log(pool);
        Log b = new Log(pool);
        x.ask();
        assertNull(pool.take(() -> {
            throw new IllegalStateException("a defect");
        }));
        b.ask();
        x.giveBack();
        runAll();
        assertNotNull(b.holds);
    }

    @Test
    void noLogWaitsWhileABufferIsFree() {
        for (long seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            MemoryPool pool = pool(1 + random.nextInt(3));
            List<Log> logs = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                logs.add(new Log(pool));
            }
            for (int step = 0; step < 60; step++) {
                Log log = logs.get(random.nextInt(logs.size()));
                switch (random.nextInt(4)) {
                    case 0 -> log.wants = random.nextBoolean();
                    case 1 -> {
                        if (log.holds != null) {
                            log.giveBack();
                        }
                    }
                    case 2 -> {
                        if (log.holds == null) {
                            log.wants = true;
                            log.ask();
                        }
                    }
                    default -> {
                        Runnable task = tasks.poll();
                        if (task != null) {
                            task.run();
                        }
                    }
                }
            }
            runAll();
            Chunk free = pool.take(() -> {});
            boolean anyWaits = logs.stream().anyMatch(log -> log.waits);
            assertTrue(free == null || !anyWaits, "a log waits beside a free buffer with seed " + seed);
        }
    }
}
