package io.penstock.base.ack;

import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Lincheck runs each scenario with many interleavings of its threads, at every access to shared memory. Shared state is
 * in fields of named classes, because Lincheck does not track variables captured by lambdas.
 */
@Tag("interleavings")
class AckCoreInterleavingsTest {
    private static final int INTERLEAVINGS = 200;

    @Test
    void noRiseIsMissedAndNoWaiterIsWokenTwice() {
        Lincheck.runConcurrentTest(INTERLEAVINGS, new Rising());
    }

    @Test
    void anEntryIsAnsweredOnceWhetherItsStorePassesItOrFails() {
        Lincheck.runConcurrentTest(INTERLEAVINGS, new Owing());
    }

    @Test
    void roomBetweenTheLookAndTheWaitIsToldAndNotTwice() {
        Lincheck.runConcurrentTest(INTERLEAVINGS, new Looking());
    }

    @Test
    void aWaiterThatWaitsAgainHearsOfTheLastSign() {
        Lincheck.runConcurrentTest(INTERLEAVINGS, new Following());
    }

    /** Two offsets are awaited while the watermark passes the first, then both. */
    private static final class Rising implements Runnable {
        @Override
        public void run() {
            Marked shared = new Marked();
            Thread producer = new Raising(shared);
            Thread client = new Awaiting(shared);
            start(producer, client);
            shared.loop.runAll();
            check(shared.low.told == 1, "the lower was told " + shared.low.told + " times");
            check(shared.high.told == 1, "the higher was told " + shared.high.told + " times");
            check(shared.high.seen == 2, "the higher was told at " + shared.high.seen);
        }
    }

    private static final class Marked {
        final ManualLoop loop = new ManualLoop();
        final MutableWatermark mark = new MutableWatermark();
        final Hearer low = new Hearer(this);
        final Hearer high = new Hearer(this);
    }

    private static final class Hearer implements Runnable {
        private final Marked shared;
        volatile int told;
        volatile long seen;

        Hearer(Marked shared) {
            this.shared = shared;
        }

        @Override
        public void run() {
            told = told + 1;
            seen = shared.mark.end();
        }
    }

    private static final class Raising extends Thread {
        private final Marked shared;

        Raising(Marked shared) {
            this.shared = shared;
        }

        @Override
        public void run() {
            shared.mark.raise(1);
            shared.mark.raise(2);
        }
    }

    private static final class Awaiting extends Thread {
        private final Marked shared;

        Awaiting(Marked shared) {
            this.shared = shared;
        }

        @Override
        public void run() {
            shared.mark.await(1, new Waiter(shared.loop, shared.high));
            shared.mark.await(0, new Waiter(shared.loop, shared.low));
            shared.loop.runAll();
        }
    }

    private static final class Owing implements Runnable {
        @Override
        public void run() {
            Debts debts = new Debts();
            start(new Ending(debts), new Adding(debts));
            debts.loop.runAll();
            check(debts.passed + debts.lost == 2, debts.passed + " passed, " + debts.lost + " lost");
            check(debts.passed >= 1, "the first was passed before the store failed");
        }
    }

    private static final class Debts implements AckQueue.Answers<String>, Runnable {
        final ManualLoop loop = new ManualLoop();
        final MutableWatermark mark = new MutableWatermark();
        final AckQueue<String> queue = new AckQueue<>(loop, this, this);
        volatile int passed;
        volatile int lost;

        @Override
        public void run() {
            queue.settle();
        }

        @Override
        public void passed(int tag, String value) {
            passed = passed + 1;
        }

        @Override
        public void lost(int tag, String value) {
            lost = lost + 1;
        }
    }

    private static final class Ending extends Thread {
        private final Debts debts;

        Ending(Debts debts) {
            this.debts = debts;
        }

        @Override
        public void run() {
            debts.mark.raise(1);
            debts.mark.fail();
        }
    }

    private static final class Adding extends Thread {
        private final Debts debts;

        Adding(Debts debts) {
            this.debts = debts;
        }

        @Override
        public void run() {
            for (int offset = 0; offset < 2; offset++) {
                debts.queue.add(debts.mark, offset, 0, "v");
                debts.queue.settle();
            }
            debts.loop.runAll();
        }
    }

    private static final class Looking implements Runnable {
        @Override
        public void run() {
            Store store = new Store(1);
            store.settle();
            start(new Freeing(store), new Taking(store));
            store.loop.runAll();
            check(store.tries == 1 || store.tries == 2, store.tries + " tries");
            check(store.taken, "never told of the room");
        }
    }

    private static final class Following implements Runnable {
        @Override
        public void run() {
            Store store = new Store(3);
            store.settle();
            store.free = 1;
            store.run();
            start(new Freeing(store), new Freeing(store), new Taking(store));
            store.loop.runAll();
            check(store.taken, "never told of the last room; " + store.free + " free");
        }
    }

    /** A store with limited room, and one client that needs all of it. */
    private static final class Store implements Runnable {
        final ManualLoop loop = new ManualLoop();
        final MutableRoom room = new MutableRoom();
        final Waiter client = new Waiter(loop, this);
        final int wanted;
        volatile int free;
        volatile int tries;
        volatile boolean taken;

        Store(int wanted) {
            this.wanted = wanted;
        }

        void settle() {
            room.await(client);
            loop.runAll();
            client.cancel();
            tries = 0;
        }

        synchronized void release() {
            free = free + 1;
        }

        @Override
        public void run() {
            tries = tries + 1;
            if (free >= wanted) {
                taken = true;
            } else {
                room.await(client);
            }
        }
    }

    private static final class Freeing extends Thread {
        private final Store store;

        Freeing(Store store) {
            this.store = store;
        }

        @Override
        public void run() {
            store.release();
            store.room.tell();
        }
    }

    /** The loop's own thread. */
    private static final class Taking extends Thread {
        private final Store store;

        Taking(Store store) {
            this.store = store;
        }

        @Override
        public void run() {
            if (!store.client.isWaiting()) {
                store.run();
            }
            store.loop.runAll();
        }
    }

    private static void start(Thread... threads) {
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
