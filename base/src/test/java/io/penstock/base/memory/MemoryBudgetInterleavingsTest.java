package io.penstock.base.memory;

import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Accounts that several threads use, with many interleavings, at every access to shared memory. Shared state is in
 * fields of named classes, because Lincheck does not track variables captured by lambdas.
 */
@Tag("interleavings")
class MemoryBudgetInterleavingsTest {
    private static final int INTERLEAVINGS = 200;

    @Test
    void aWaiterIsToldOfTheReleaseThatItWaitsFor() {
        Lincheck.runConcurrentTest(INTERLEAVINGS, new Waiting());
    }

    @Test
    void twoAccountsNeverHoldMoreThanTheWholeAndGiveAllBack() {
        Lincheck.runConcurrentTest(INTERLEAVINGS, new Sharing());
    }

    private static final class Waiting implements Runnable {
        @Override
        public void run() {
            MemoryBudget budget = MemoryBudget.of(10);
            User holder = new User(budget.account("holder", 0, 1), 10);
            User waiter = new User(budget.account("waiter", 0, 1), 6);
            holder.take();
            Thread releasing = new Releasing(holder);
            Thread asking = new Asking(waiter);
            releasing.start();
            asking.start();
            join(releasing);
            join(asking);
            check(waiter.has, "memory is free, and a waiter for it was not told");
            waiter.release();
            check(budget.used() == 0, budget.used() + " bytes are still counted");
        }
    }

    private static final class Sharing implements Runnable {
        @Override
        public void run() {
            MemoryBudget budget = MemoryBudget.of(10);
            User one = new User(budget.account("one", 0.2, 1), 7);
            User two = new User(budget.account("two", 0.3, 1), 6);
            Thread first = new Taking(one, budget);
            Thread second = new Taking(two, budget);
            first.start();
            second.start();
            join(first);
            join(second);
            check(budget.used() == 0, budget.used() + " bytes are still counted");
            check(one.account.free() == 7 && two.account.free() == 8, "what is free is miscounted");
        }
    }

    private static final class User implements Runnable {
        private final MemoryBudget.Account account;
        private final long bytes;
        private volatile boolean has;

        User(MemoryBudget.Account account, long bytes) {
            this.account = account;
            this.bytes = bytes;
        }

        void take() {
            has = account.tryTake(bytes);
        }

        void release() {
            has = false;
            account.release(bytes);
        }

        /** Told that there is memory. */
        @Override
        public void run() {
            if (!has) {
                take();
            }
        }
    }

    private static final class Releasing extends Thread {
        private final User user;

        Releasing(User user) {
            this.user = user;
        }

        @Override
        public void run() {
            user.release();
        }
    }

    private static final class Asking extends Thread {
        private final User user;

        Asking(User user) {
            this.user = user;
        }

        @Override
        public void run() {
            user.take();
            if (!user.has) {
                user.account.whenFree(user.bytes, user);
            }
        }
    }

    private static final class Taking extends Thread {
        private final User user;
        private final MemoryBudget budget;

        Taking(User user, MemoryBudget budget) {
            this.user = user;
            this.budget = budget;
        }

        @Override
        public void run() {
            user.take();
            if (user.has) {
                check(user.account.used() >= user.bytes, "taken and not counted");
                check(user.bytes <= budget.limit(), "more than there is");
                user.release();
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
