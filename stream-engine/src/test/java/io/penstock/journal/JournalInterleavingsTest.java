package io.penstock.journal;

import io.penstock.journal.internal.append.MemoryPool;
import io.penstock.journal.internal.append.MemoryPool.Chunk;
import io.penstock.journal.internal.segment.SerialTask;
import io.penstock.journal.internal.write.OnDemandWorker;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The log's concurrent structures with many interleavings of their threads, at every access to shared memory. Shared
 * state is in fields of named classes, because Lincheck does not track variables captured by lambdas.
 */
@Tag("interleavings")
class JournalInterleavingsTest {
    private static final int INTERLEAVINGS = 200;

    @Test
    void aWorkerLeavesNoWorkBehind() {
        Lincheck.runConcurrentTest(INTERLEAVINGS, new Working());
    }

    @Test
    void aFreeBufferReachesALogThatWaits() {
        Lincheck.runConcurrentTest(INTERLEAVINGS, new Lending());
    }

    @Test
    void aSerialTaskRunsAfterTheLastTimeThatItWasAskedFor() {
        Lincheck.runConcurrentTest(INTERLEAVINGS, new Asking());
    }

    private static final class Asking implements Runnable {
        @Override
        public void run() {
            Tasks tasks = new Tasks();
            Noting noting = new Noting();
            noting.task = new SerialTask(tasks, noting);
            noting.asked = 1;
            noting.task.schedule();
            Thread asker = new Asker(noting);
            Thread pool = new Pool(tasks);
            asker.start();
            pool.start();
            join(asker);
            join(pool);
            tasks.runAll();
            check(noting.seen == 2, "the work saw only " + noting.seen);
        }
    }

    private static final class Noting implements Runnable {
        private SerialTask task;
        private volatile int asked;
        private volatile int seen;

        @Override
        public void run() {
            seen = asked;
        }
    }

    private static final class Asker extends Thread {
        private final Noting noting;

        Asker(Noting noting) {
            this.noting = noting;
        }

        @Override
        public void run() {
            noting.asked = 2;
            noting.task.schedule();
        }
    }

    private static final class Working implements Runnable {
        @Override
        public void run() {
            Tasks tasks = new Tasks();
            Pieces pieces = new Pieces();
            OnDemandWorker worker = new OnDemandWorker(tasks, pieces, 0);
            Thread waker = new Waker(pieces, worker);
            Thread pool = new Pool(tasks);
            pieces.left.incrementAndGet();
            worker.wake();
            waker.start();
            pool.start();
            join(waker);
            join(pool);
            tasks.runAll();
            check(pieces.left.get() == 0, pieces.left.get() + " pieces are left");
            check(pieces.done.get() == 2, pieces.done.get() + " pieces were done");
        }
    }

    private static final class Pieces implements OnDemandWorker.Worker {
        private final AtomicInteger left = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private final AtomicBoolean busy = new AtomicBoolean();

        @Override
        public boolean work() {
            check(busy.compareAndSet(false, true), "two work at a time");
            boolean any = left.get() > 0;
            if (any) {
                left.decrementAndGet();
                done.incrementAndGet();
            }
            busy.set(false);
            return any;
        }

        @Override
        public boolean hasWork() {
            return left.get() > 0;
        }

        @Override
        public boolean rest() {
            return true;
        }
    }

    private static final class Waker extends Thread {
        private final Pieces pieces;
        private final OnDemandWorker worker;

        Waker(Pieces pieces, OnDemandWorker worker) {
            this.pieces = pieces;
            this.worker = worker;
        }

        @Override
        public void run() {
            pieces.left.incrementAndGet();
            worker.wake();
        }
    }

    private static final class Lending implements Runnable {
        @Override
        public void run() {
            Tasks tasks = new Tasks();
            MemoryPool pool = new MemoryPool(64, 64, tasks);
            Borrower holder = new Borrower(pool);
            Borrower waiter = new Borrower(pool);
            holder.ask();
            holder.start();
            waiter.start();
            join(holder);
            join(waiter);
            tasks.runAll();
            check(waiter.chunk != null, "a log waits while the buffer is free");
        }
    }

    /** A log that returns the buffer that it has, or asks for one if it has none. */
    private static final class Borrower extends Thread {
        private final MemoryPool pool;
        private final Told told;
        private volatile Chunk chunk;

        Borrower(MemoryPool pool) {
            this.pool = pool;
            this.told = new Told(this);
        }

        void ask() {
            chunk = pool.take(told);
        }

        @Override
        public void run() {
            Chunk mine = chunk;
            if (mine == null) {
                ask();
            } else {
                pool.giveBack(mine);
            }
        }
    }

    private static final class Told implements Runnable {
        private final Borrower borrower;

        Told(Borrower borrower) {
            this.borrower = borrower;
        }

        @Override
        public void run() {
            borrower.ask();
        }
    }

    private static final class Pool extends Thread {
        private final Tasks tasks;

        Pool(Tasks tasks) {
            this.tasks = tasks;
        }

        @Override
        public void run() {
            tasks.runAll();
        }
    }

    private static final class Tasks implements Executor {
        private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        void runAll() {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
