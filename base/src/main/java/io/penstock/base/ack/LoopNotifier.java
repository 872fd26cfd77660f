package io.penstock.base.ack;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.fault.Guard;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A rising number and its waiters on any number of event loops. A waiter is woken when the number has passed the
 * waiter's target. The acknowledgement core stands on this class: the number is a store's durable end, or a count of
 * room signals.
 *
 * <p>{@link #raise} may come from any thread. It posts at most one task to a loop, and none to a loop whose lowest
 * target is not passed yet. The queue of a loop is touched on that loop only; it holds the waiters until they are woken
 * or leave. Bounded by the number of loops and by the waits of their connections. A wait costs no object.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>A waiter is woken once for each time that it begins to wait, on its own loop, when {@code reached > target}.
 *   <li>Waiters of a loop are woken in the order of their targets; waiters with equal targets in the order of arrival.
 *   <li>{@code wanted} is at or below each target in its queue.
 *   <li>No rise is missed: {@link #raise} writes {@code reached} before it reads {@code wanted}, and a new wait writes
 *       {@code wanted} before it reads {@code reached}. So at least one of the two posts the task.
 *   <li>A posted task that has not begun yet will see every rise so far, so one task at a time is enough.
 *   <li>An exception of a waiter is logged; the other waiters of its loop are woken all the same.
 *   <li>With {@link #inTurn}, a round ends at the first waiter that waits again; the next rise begins with the waiters
 *       behind it.
 * </ol>
 */
final class LoopNotifier {
    private static final Logger LOG = LoggerFactory.getLogger(LoopNotifier.class);
    private static final long NOTHING = Long.MAX_VALUE;

    private final Map<EventExecutor, Inbox> inboxes = new ConcurrentHashMap<>();
    private final Guard guard = new Guard(LOG);
    private final boolean inTurn;
    private volatile long reached;

    private LoopNotifier(boolean inTurn) {
        this.inTurn = inTurn;
    }

    /** Wakes all waiters whose target is passed. */
    static LoopNotifier toAll() {
        return new LoopNotifier(false);
    }

    /** Wakes the waiters whose target is passed, until one of them waits again. */
    static LoopNotifier inTurn() {
        return new LoopNotifier(true);
    }

    /** Raises the number; a lower one changes nothing. Any thread. */
    synchronized void raise(long to) {
        if (to > reached) {
            reached = to;
            for (Inbox inbox : inboxes.values()) {
                if (inbox.wanted < to) {
                    inbox.post();
                }
            }
        }
    }

    /** Raises the number by one. Any thread. */
    synchronized void advance() {
        raise(reached + 1);
    }

    /**
     * Wakes {@code waiter} once when the number is above {@code target}, or soon if it is above already. On the
     * waiter's loop.
     */
    void await(long target, Waiter waiter) {
        Inbox inbox = inbox(waiter.loop());
        if (!waiter.isIn(inbox) || waiter.target != target) {
            inbox.add(waiter, target);
        }
    }

    /**
     * Wakes {@code waiter} once, for a rise that its loop has not processed yet or else for the next rise. Does nothing
     * if the waiter waits here already. On the waiter's loop.
     */
    void awaitNext(Waiter waiter) {
        Inbox inbox = inbox(waiter.loop());
        if (!waiter.isIn(inbox)) {
            inbox.add(waiter, inbox.told);
        }
    }

    /** True if waiters of this loop are queued and none of them is being woken now. On that loop. */
    boolean isCrowded(EventExecutor loop) {
        Inbox inbox = inboxes.get(loop);
        return inbox != null && inbox.size > 0 && !inbox.waking;
    }

    private Inbox inbox(EventExecutor loop) {
        Inbox inbox = inboxes.get(loop);
        return inbox == null ? inboxes.computeIfAbsent(loop, Inbox::new) : inbox;
    }

    /** The waiters of one loop, in a heap: adding and removing one stays cheap when many wait. */
    private final class Inbox implements Runnable, Waiter.Place {
        private final EventExecutor loop;
        private final AtomicBoolean posted = new AtomicBoolean();
        private volatile long wanted = NOTHING;

        // Touched on the loop only.
        private @Nullable Waiter[] heap = new Waiter[4];
        private int size;
        private long sequence;
        private boolean waking;
        /** The number that this loop has processed. It starts at nothing: a rise may precede the first waiter. */
        private long told;

        Inbox(EventExecutor loop) {
            this.loop = loop;
        }

        void add(Waiter waiter, long target) {
            waiter.enter(this);
            waiter.target = target;
            waiter.sequence = sequence++;
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, 2 * size);
            }
            rise(waiter, size++);
            if (target < wanted) {
                wanted = target;
            }
            if (target < reached) {
                post();
            }
        }

        private void post() {
            if (posted.compareAndSet(false, true)) {
                try {
                    loop.execute(this);
                } catch (RejectedExecutionException closed) {
                    inboxes.remove(loop, this);
                }
            }
        }

        @Override
        public void run() {
            assert loop.inEventLoop() && !waking : "two rounds at once";
            posted.set(false);
            told = reached;
            waking = true;
            // Bounded by the present waiters: a waiter that waits again for a passed target is woken by the next task.
            for (int left = size; left > 0 && size > 0 && at(0).target < told; left--) {
                Waiter first = at(0);
                leave(first);
                guard.run("A waiter for an advance or for room", first::wake);
                if (inTurn && first.isIn(this)) {
                    break;
                }
            }
            waking = false;
            wanted = size == 0 ? NOTHING : at(0).target;
            assert isSound() : "the heap is out of order";
        }

        @Override
        public void leave(Waiter waiter) {
            assert at(waiter.index) == waiter : "a waiter stands in another place than it says";
            Waiter last = at(--size);
            heap[size] = null;
            if (last != waiter) {
                int hole = waiter.index;
                sink(last, hole);
                rise(last, last.index);
            }
        }

        private Waiter at(int index) {
            return Objects.requireNonNull(heap[index]);
        }

        private void rise(Waiter waiter, int from) {
            int index = from;
            while (index > 0 && precedes(waiter, at((index - 1) / 2))) {
                put(at((index - 1) / 2), index);
                index = (index - 1) / 2;
            }
            put(waiter, index);
        }

        private void sink(Waiter waiter, int from) {
            int index = from;
            for (int child = 2 * index + 1; child < size; child = 2 * index + 1) {
                if (child + 1 < size && precedes(at(child + 1), at(child))) {
                    child++;
                }
                if (!precedes(at(child), waiter)) {
                    break;
                }
                put(at(child), index);
                index = child;
            }
            put(waiter, index);
        }

        private void put(Waiter waiter, int index) {
            heap[index] = waiter;
            waiter.index = index;
        }

        private static boolean precedes(Waiter one, Waiter other) {
            return one.target < other.target || one.target == other.target && one.sequence < other.sequence;
        }

        private boolean isSound() {
            for (int i = 0; i < size; i++) {
                if (at(i).index != i || !at(i).isIn(this) || i > 0 && precedes(at(i), at((i - 1) / 2))) {
                    return false;
                }
            }
            return size == heap.length || heap[size] == null;
        }
    }
}
