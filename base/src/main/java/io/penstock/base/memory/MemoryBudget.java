package io.penstock.base.memory;

import io.penstock.base.fault.Guard;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bytes that a process holds in memory for its clients: one budget for the whole process, and an account for each part
 * of it (a source, the engine's requests, its answers). An account has bytes that are reserved for it, and beyond those
 * it shares what no account has reserved, up to a limit of its own. So no part can take everything, each part always
 * has enough to work, and a part that is busy while others rest has most of the memory.
 *
 * <p>Only bytes that have arrived, or that are about to be allocated, are taken. Each byte taken is released exactly
 * once.
 *
 * <p>Thread-safe. {@link Account#tryTake}, {@link Account#take} and {@link Account#release} take no lock unless a
 * waiter is registered.
 */
public final class MemoryBudget {
    /**
     * The smallest heap in which the parts have room to work: below it the shares are too small for one message of
     * usual size each. A start with less is refused.
     */
    public static final long MINIMUM_HEAP = 48L << 20;

    /**
     * The share of the heap that is a budget unless a configuration says otherwise; the rest is for everything else.
     */
    public static final double HEAP_SHARE = 0.6;

    /** Heap that the program itself takes: classes' objects, connections, streams. */
    private static final long PROGRAM = 28L << 20;

    private static final long LEAST_MESSAGE = 2L << 20;
    private static final int MESSAGE_PARTS = 7;

    private static final Logger LOG = LoggerFactory.getLogger(MemoryBudget.class);

    private final long limit;
    private final AtomicLong used = new AtomicLong();
    /** What no account has reserved and no account has taken; negative after bytes that were taken in any case. */
    private final AtomicLong common;

    private final Guard guard = new Guard(LOG);
    private final List<Account> accounts = new CopyOnWriteArrayList<>();
    private final List<Waiter> waiting = new ArrayList<>();
    private final AtomicInteger waiters = new AtomicInteger();

    private record Waiter(Account account, long bytes, Runnable run) {
        boolean fits() {
            return account.free() >= bytes;
        }
    }

    private MemoryBudget(long limit) {
        this.limit = limit;
        this.common = new AtomicLong(limit);
    }

    /** A budget of {@code bytes}. */
    public static MemoryBudget of(long bytes) {
        return new MemoryBudget(bytes);
    }

    /**
     * A budget of a share of the largest heap that the JVM may have, such as 0.6, but no more than the program itself
     * leaves of it.
     */
    public static MemoryBudget ofHeap(double share) {
        long heap = Runtime.getRuntime().maxMemory();
        return new MemoryBudget((long) Math.min(heap * share, Math.max(heap / 4, heap - PROGRAM)));
    }

    /**
     * The largest message that this heap has room for beside the budget: a message takes several times its bytes on its
     * way.
     *
     * @param most that is ever taken
     */
    public static int largestMessage(long most) {
        long free = Runtime.getRuntime().maxMemory() - PROGRAM;
        return (int) Math.min(most, Math.max(LEAST_MESSAGE, free / MESSAGE_PARTS));
    }

    /** An account without a name that may hold up to {@code bytes}, and never more than the whole has left. */
    public Account account(long bytes) {
        return account("", 0, bytes);
    }

    /** An account without a name that may hold up to a share of the whole, such as 0.5. */
    public Account account(double share) {
        return account("", share);
    }

    /**
     * An account with nothing reserved.
     *
     * @param name for metrics and log lines
     */
    public Account account(String name, double share) {
        return account(name, 0, (long) (limit * share));
    }

    /**
     * An account that always has {@code reserved} of the whole, and at most {@code most}.
     *
     * @param name for metrics and log lines
     */
    public Account account(String name, double reserved, double most) {
        return account(name, (long) (limit * reserved), (long) (limit * most));
    }

    private Account account(String name, long reserved, long most) {
        common.addAndGet(-reserved);
        Account account = new Account(new Holding(name, reserved), Math.min(most, limit));
        accounts.add(account);
        return account;
    }

    /** The accounts, in the order in which they were opened. */
    public List<Account> accounts() {
        return List.copyOf(accounts);
    }

    public long limit() {
        return limit;
    }

    /** Bytes taken from all accounts. */
    public long used() {
        return used.get();
    }

    private void wake() {
        List<Waiter> woken = new ArrayList<>();
        synchronized (waiting) {
            Iterator<Waiter> each = waiting.iterator();
            while (each.hasNext()) {
                Waiter waiter = each.next();
                if (waiter.fits()) {
                    each.remove();
                    woken.add(waiter);
                }
            }
            waiters.set(waiting.size());
        }
        run(woken);
    }

    private void run(List<Waiter> woken) {
        for (Waiter waiter : woken) {
            guard.run("A waiter for memory", waiter.run());
        }
    }

    /** What one part holds, shared by all views of its account. */
    private static final class Holding {
        private final String name;
        private final long reserved;
        private final AtomicLong bytes = new AtomicLong();
        private final AtomicLong peak = new AtomicLong();
        private final LongAdder refusals = new LongAdder();
        /** Changed under the budget's lock. */
        private volatile @Nullable Object favoured;

        Holding(String name, long reserved) {
            this.name = name;
            this.reserved = reserved;
        }

        /** Of {@code held} bytes, those beyond what is reserved. */
        long beyond(long held) {
            return Math.max(0, held - reserved);
        }

        void rose(long now) {
            if (now > peak.get()) {
                peak.accumulateAndGet(now, Math::max);
            }
        }
    }

    /** The part of one user of the budget. */
    public final class Account {
        private final Holding mine;
        private final long mostBytes;

        private Account(Holding mine, long mostBytes) {
            this.mine = mine;
            this.mostBytes = mostBytes;
        }

        /** The same account, for a use that leaves the rest of it to uses that are more urgent. */
        public Account upTo(double share) {
            return new Account(mine, (long) (mostBytes * share));
        }

        /** Takes {@code bytes} if the account and the whole have them; otherwise takes nothing. */
        public boolean tryTake(long bytes) {
            long now = mine.bytes.addAndGet(bytes);
            long fromCommon = mine.beyond(now) - mine.beyond(now - bytes);
            long left = common.addAndGet(-fromCommon);
            used.addAndGet(bytes);
            if (now > mostBytes || (fromCommon > 0 && left < 0)) {
                undo(bytes);
                return refused();
            }
            mine.rose(now);
            return true;
        }

        private void undo(long bytes) {
            long now = mine.bytes.addAndGet(-bytes);
            common.addAndGet(mine.beyond(now + bytes) - mine.beyond(now));
            used.addAndGet(-bytes);
        }

        /**
         * Takes {@code bytes} whether they are free or not: they are in memory already, or progress depends on them.
         */
        public void take(long bytes) {
            long now = mine.bytes.addAndGet(bytes);
            common.addAndGet(mine.beyond(now - bytes) - mine.beyond(now));
            used.addAndGet(bytes);
            mine.rose(now);
        }

        /** Gives {@code bytes} back that were taken, and runs the waiters for which there is room now. */
        public void release(long bytes) {
            undo(bytes);
            if (waiters.get() > 0) {
                wake();
            }
        }

        /** Whether nothing more should be read into memory: the account or the whole is used up. */
        public boolean isSpent() {
            return free() == 0;
        }

        /**
         * Whether {@code user} may take more: the account is not spent, or {@code user} is its favoured one. While an
         * account is spent it has one favoured user, the first that asks, until that one has {@link #settled}: so that
         * of many users that each wait for the rest of something, one at a time gets it and then releases what it
         * holds. What is taken beyond the limit is bounded by what one user takes.
         */
        public boolean mayGoOn(Object user) {
            Object favoured = mine.favoured;
            if (favoured == user || !isSpent()) {
                return true;
            }
            return isFavoured(user) || refused();
        }

        /**
         * As {@link #mayGoOn(Object)}; if not, {@code wake} is run, on any thread, when it is worth asking again. It
         * may run before this returns.
         */
        public boolean mayGoOn(Object user, Runnable wake) {
            if (mine.favoured == user || !isSpent()) {
                return true;
            }
            synchronized (waiting) {
                if (mine.favoured == null || mine.favoured == user) {
                    mine.favoured = user;
                    return true;
                }
                waiting.add(new Waiter(this, 1, wake));
                waiters.incrementAndGet();
            }
            wake();
            return refused();
        }

        /**
         * Takes {@code bytes} if they are free, or if {@code user} is the account's favoured one or can become it: what
         * one user needs to get on at all is never refused for good, and only one at a time exceeds the limit.
         */
        public boolean tryTake(long bytes, Object user) {
            if (free() >= bytes && tryTake(bytes)) {
                return true;
            }
            if (!isFavoured(user)) {
                return refused();
            }
            take(bytes);
            return true;
        }

        private boolean isFavoured(Object user) {
            if (mine.favoured == null) {
                synchronized (waiting) {
                    if (mine.favoured == null) {
                        mine.favoured = user;
                    }
                }
            }
            return mine.favoured == user;
        }

        private boolean refused() {
            mine.refusals.increment();
            return false;
        }

        /**
         * {@code user} waits for nothing any more; another may be favoured. No effect if it was not the favoured one.
         */
        public void settled(Object user) {
            if (mine.favoured != user) {
                return;
            }
            List<Waiter> own = new ArrayList<>();
            synchronized (waiting) {
                mine.favoured = null;
                waiting.removeIf(waiter -> waiter.account().mine == mine && own.add(waiter));
                waiters.set(waiting.size());
            }
            run(own);
        }

        /** As {@link #whenFree(long, Runnable)} for any bytes. */
        public void whenFree(Runnable waiter) {
            whenFree(1, waiter);
        }

        /**
         * Runs {@code waiter} once when {@code bytes} could be taken, or when the account's favoured user has settled;
         * at once if there is room now. It runs on the thread that releases, so it must not block; it looks again, as
         * others may have been quicker. A waiter that throws is logged and harms no other waiter.
         */
        public void whenFree(long bytes, Runnable waiter) {
            synchronized (waiting) {
                waiting.add(new Waiter(this, Math.max(1, Math.min(bytes, mostBytes)), waiter));
                waiters.incrementAndGet();
            }
            // Looked at again after registering: a release between the caller's own look and the queue is not missed.
            wake();
        }

        public String name() {
            return mine.name;
        }

        /** Bytes that this account has whatever others hold. */
        public long reserved() {
            return mine.reserved;
        }

        /** Bytes that this account may hold at most. */
        public long limit() {
            return mostBytes;
        }

        /** Bytes taken from this account. */
        public long used() {
            return mine.bytes.get();
        }

        /** The most bytes that were ever taken from this account at once. */
        public long peak() {
            return mine.peak.get();
        }

        /** How often something was refused or had to wait because the account or the whole was used up. */
        public long refusals() {
            return mine.refusals.sum();
        }

        /** Bytes that could be taken now. */
        public long free() {
            long held = mine.bytes.get();
            long here = Math.max(0, mine.reserved - held) + Math.max(0, common.get());
            return Math.max(0, Math.min(mostBytes - held, here));
        }
    }
}
