package io.penstock.base.ack;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Lincheck runs each scenario under many interleavings of its threads, at every access to shared memory. What threads
 * share stands in fields of named classes: Lincheck does not look into what a lambda has captured.
 */
@Tag("interleavings")
class LoopNotifierInterleavingsTest {
    private static final int INTERLEAVINGS = 300;

    @Test
    void noEventIsMissedAndNoListenerRunsTwice() {
        Lincheck.runConcurrentTest(INTERLEAVINGS, new Registering());
    }

    @Test
    void aListenerThatRegistersAgainHearsOfTheLastEvent() {
        Lincheck.runConcurrentTest(INTERLEAVINGS, new Following());
    }

    private static final class Registering implements Runnable {
        @Override
        public void run() {
            Store store = new Store();
            store.follow(new Follower(store, 0));
            store.loop.runAll();

            Thread producer = new Producer(store);
            Thread client = new Client(store, true);
            producer.start();
            client.start();
            join(producer);
            join(client);
            store.loop.runAll();

            check(store.told == 1, "told " + store.told + " times");
        }
    }

    private static final class Following implements Runnable {
        @Override
        public void run() {
            Store store = new Store();
            store.follow(new Follower(store, 0));
            store.loop.runAll();
            store.told = 0;
            store.follow(new Follower(store, 2));
            store.advance();

            Thread producer = new Producer(store);
            Thread client = new Client(store, false);
            producer.start();
            client.start();
            join(producer);
            join(client);
            store.loop.runAll();

            check(store.seen == 2, "saw only " + store.seen);
        }
    }

    /** A store's end, and the listeners that follow it on one loop. */
    private static final class Store {
        final Loop loop = new Loop();
        final LoopNotifier notifier = new LoopNotifier();
        volatile int end;
        volatile int seen;
        volatile int told;

        void advance() {
            end = end + 1;
            notifier.wake();
        }

        void follow(Follower follower) {
            notifier.register(loop, follower);
        }
    }

    /** Registers again until it has seen the end that it waits for. */
    private static final class Follower implements Runnable {
        private final Store store;
        private final int until;

        Follower(Store store, int until) {
            this.store = store;
            this.until = until;
        }

        @Override
        public void run() {
            store.told = store.told + (until == 0 ? 0 : 1);
            store.seen = store.end;
            if (store.seen < until) {
                store.follow(this);
            }
        }
    }

    private static final class Producer extends Thread {
        private final Store store;

        Producer(Store store) {
            this.store = store;
        }

        @Override
        public void run() {
            store.advance();
        }
    }

    /** The loop's own thread. */
    private static final class Client extends Thread {
        private final Store store;
        private final boolean registers;

        Client(Store store, boolean registers) {
            this.store = store;
            this.registers = registers;
        }

        @Override
        public void run() {
            if (registers) {
                store.follow(new Follower(store, 1));
            }
            store.loop.runAll();
        }
    }

    /** An event loop whose tasks run when the test says so. */
    private static final class Loop implements Executor {
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
