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
 * Limits the bytes that a process holds in memory for its clients: one budget for the process, and an account for each
 * part of it (a source, the engine's requests, its answers). An account has reserved bytes. Beyond those it shares the
 * unreserved rest with the other accounts, up to its own limit. So no part can take everything, each part can always
 * work, and a busy part may use most of the memory while the others rest.
 *
 * <p>Only bytes that have arrived, or that are about to be allocated, are taken. Each byte taken is released exactly
 * once.
 *
 * <p>Thread-safe. {@link Account#tryTake}, {@link Account#take} and {@link Account#release} take no lock unless a
 * waiter is registered.
 */
public final class MemoryBudget {
    /**
     * The smallest heap in which every part can work: below it an account's share is less than one message of usual
     * size. The program refuses to start with less.
     */
    public static final long MINIMUM_HEAP = 48L << 20;

    /** The default share of the heap that the budget takes; the rest is for everything else. */
    public static final double HEAP_SHARE = 0.6;

    /** Heap that the program itself takes: classes, connections, streams. */
    private static final long PROGRAM = 28L << 20;

    private static final long LEAST_MESSAGE = 2L << 20;
    private static final int MESSAGE_PARTS = 7;

    private static final Logger LOG = LoggerFactory.getLogger(MemoryBudget.class);

    private final long limit;
    private final AtomicLong used = new AtomicLong();
    /** Bytes that are neither reserved nor taken. Negative after {@link Account#take} went beyond the limit. */
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
     * A budget of a share of the JVM's largest heap, such as 0.6, but never more than the heap without the program's
     * own part.
     */
    public static MemoryBudget ofHeap(double share) {
        long heap = Runtime.getRuntime().maxMemory();
        return new MemoryBudget((long) Math.min(heap * share, Math.max(heap / 4, heap - PROGRAM)));
    }

    /**
     * The largest message that fits into the heap beside the budget: while it is processed, a message takes several
     * times its own size.
     *
     * @param most upper bound of the result
     */
    public static int largestMessage(long most) {
        long free = Runtime.getRuntime().maxMemory() - PROGRAM;
        return (int) Math.min(most, Math.max(LEAST_MESSAGE, free / MESSAGE_PARTS));
    }

    /** An unnamed account that may hold up to {@code bytes}, as far as the budget has them. */
    public Account account(long bytes) {
        return account("", 0, bytes);
    }

    /** An unnamed account that may hold up to a share of the budget, such as 0.5. */
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
     * An account with {@code reserved} and at most {@code most} of the budget, both as shares.
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

    /** The bytes of one account, shared by all views of it. */
    private static final class Holding {
        private final String name;
        private final long reserved;
        private final AtomicLong bytes = new AtomicLong();
        private final AtomicLong peak = new AtomicLong();
        private final LongAdder refusals = new LongAdder();
        /** Written under the budget's lock. */
        private volatile @Nullable Object favoured;

        Holding(String name, long reserved) {
            this.name = name;
            this.reserved = reserved;
        }

        /** The part of {@code held} bytes that exceeds the reserved bytes. */
        long beyond(long held) {
            return Math.max(0, held - reserved);
        }

        void rose(long now) {
            if (now > peak.get()) {
                peak.accumulateAndGet(now, Math::max);
            }
        }
    }

    /** The share of one user of the budget. */
    public final class Account {
        private final Holding mine;
        private final long mostBytes;

        private Account(Holding mine, long mostBytes) {
            this.mine = mine;
            this.mostBytes = mostBytes;
        }

        /**
         * A view of this account that may use only {@code share} of it, so that the rest stays free for more urgent
         * uses.
         */
        public Account upTo(double share) {
            return new Account(mine, (long) (mostBytes * share));
        }

        /**
         * Takes {@code bytes} if both the account and the budget have them; otherwise takes nothing and returns false.
         */
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
         * Takes {@code bytes} even beyond the limit: for bytes that are in memory already, or without which no progress
         * is possible.
         */
        public void take(long bytes) {
            long now = mine.bytes.addAndGet(bytes);
            common.addAndGet(mine.beyond(now - bytes) - mine.beyond(now));
            used.addAndGet(bytes);
            mine.rose(now);
        }

        /** Releases {@code bytes} that were taken, and runs the waiters for which there is room now. */
        public void release(long bytes) {
            undo(bytes);
            if (waiters.get() > 0) {
                wake();
            }
        }

        /** True if nothing more should be read into memory, because the account or the budget is used up. */
        public boolean isSpent() {
            return free() == 0;
        }

        /**
         * True if {@code user} may take more: the account is not spent, or {@code user} is its favoured user. A spent
         * account has one favoured user, the first that asks, until that user has {@link #settled}. So when many users
         * each hold part of something and wait for the rest, one at a time completes it and releases its bytes. The
         * excess over the limit is bounded by what one user takes.
         */
        public boolean mayGoOn(Object user) {
            Object favoured = mine.favoured;
            if (favoured == user || !isSpent()) {
                return true;
            }
            return isFavoured(user) || refused();
        }

        /**
         * As {@link #mayGoOn(Object)}. If the answer is false, {@code wake} runs later, on any thread, when another
         * call is worthwhile; it may run before this method returns.
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
         * Takes {@code bytes} if they are free, or if {@code user} is or can become the account's favoured user. So the
         * bytes that one user needs for progress are never refused for good, and only one user at a time exceeds the
         * limit.
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
         * Ends the favour of {@code user}, which needs no more bytes; another user may become favoured. No effect for
         * any other user.
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
         * Runs {@code waiter} once when {@code bytes} could be taken or the account's favoured user has settled; at
         * once if either holds now. It runs on the releasing thread, so it must not block; it must try again, because
         * another user may have taken the bytes. A waiter that throws is logged and harms no other waiter.
         */
        public void whenFree(long bytes, Runnable waiter) {
            synchronized (waiting) {
                waiting.add(new Waiter(this, Math.max(1, Math.min(bytes, mostBytes)), waiter));
                waiters.incrementAndGet();
            }
            // Checks once more after registering, so that a release between the caller's check and the registration is
            // not missed.
            wake();
        }

        public String name() {
            return mine.name;
        }

        /** Bytes that this account can always take, whatever other accounts hold. */
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

        /** The highest value of {@link #used()} so far. */
        public long peak() {
            return mine.peak.get();
        }

        /** How often a request was refused or had to wait because the account or the budget was used up. */
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
