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
 * A number that rises, and the waiters of any number of event loops, each of which is woken when the number has passed
 * its target. The acknowledgement core stands on it: the number is a store's durable end, or a count of signs of room.
 *
 * <p>{@link #raise} may come from any thread. It posts at most one task to a loop, and none to a loop whose lowest
 * target it has not passed. A loop's queue is touched on that loop only, and holds its waiters until they are woken or
 * leave. Bounded by the number of loops and by what their connections wait for; no object per wait.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>A waiter is woken once for each time that it begins to wait, on its own loop, when {@code reached > target}.
 *   <li>Waiters of a loop are woken in the order of their targets; those with one target in the order of their coming.
 *   <li>{@code wanted} is at or below each target in its queue.
 *   <li>No rise is missed: {@code reached} is written before {@code wanted} is read, and {@code wanted} is written before
 *       {@code reached} is read, so that of {@link #raise} and of the beginning of a wait at least one posts the task.
 *   <li>A task that is posted and has not begun will see all that has happened: so one at a time is enough.
 *   <li>A waiter that throws is logged; the others of its loop are woken all the same.
 *   <li>In turn, a round ends at the first waiter that waits again, and the next rise begins with those behind it.
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

    /** Wakes all whose target is passed. */
    static LoopNotifier toAll() {
        return new LoopNotifier(false);
    }

    /** Wakes those whose target is passed until one of them waits again. */
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

    /** Wakes {@code waiter} once when the number is above {@code target}; soon if it is already. On its loop. */
    void await(long target, Waiter waiter) {
        Inbox inbox = inbox(waiter.loop());
        if (!waiter.isIn(inbox) || waiter.target != target) {
            inbox.add(waiter, target);
        }
    }

    /**
     * Wakes {@code waiter} once after a rise that its loop has not been told of yet, or after the next one. Does nothing
     * if it waits here already. On its loop.
     */
    void awaitNext(Waiter waiter) {
        Inbox inbox = inbox(waiter.loop());
        if (!waiter.isIn(inbox)) {
            inbox.add(waiter, inbox.told);
        }
    }

    /** Whether waiters of this loop stand in line and none of them has its turn. On that loop. */
    boolean isCrowded(EventExecutor loop) {
        Inbox inbox = inboxes.get(loop);
        return inbox != null && inbox.size > 0 && !inbox.waking;
    }

    private Inbox inbox(EventExecutor loop) {
        Inbox inbox = inboxes.get(loop);
        return inbox == null ? inboxes.computeIfAbsent(loop, Inbox::new) : inbox;
    }

    /** The waiters of one loop: a heap, so that one that comes or leaves costs little however many wait. */
    private final class Inbox implements Runnable, Waiter.Place {
        private final EventExecutor loop;
        private final AtomicBoolean posted = new AtomicBoolean();
        private volatile long wanted = NOTHING;

        // Touched on the loop only.
        private @Nullable Waiter[] heap = new Waiter[4];
        private int size;
        private long sequence;
        private boolean waking;
        /** What the loop has been told of; at first nothing: a rise may have come before its first waiter. */
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
            // No more than wait now: one that waits again for what is passed has its turn in the next task.
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
