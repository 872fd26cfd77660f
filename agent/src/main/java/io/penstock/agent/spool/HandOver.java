package io.penstock.agent.spool;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Listeners that wait for something to happen, each on an executor of its own.
 *
 * <p>{@link #wake} may come from any thread and posts at most one task per executor that has somebody waiting, however
 * many wait there. An executor's list is touched on that executor only. Bounded by the number of executors; a listener
 * is held until it ran once.
 *
 * <p>A wake-up between a caller's own look and its registration is not lost: each executor remembers the last event
 * that it was told of, and registering after a later one hands over at once. The price is a listener that finds, now
 * and then, what it has seen already.
 */
final class HandOver {
    private final Map<EventExecutor, Inbox> inboxes = new ConcurrentHashMap<>();
    private volatile long events;

    /** Call on {@code executor}'s own thread. */
    void register(EventExecutor executor, Runnable listener) {
        Inbox inbox = inboxes.get(executor);
        if (inbox == null) {
            inbox = inboxes.computeIfAbsent(executor, Inbox::new);
        }
        inbox.waiting.add(listener);
        inbox.occupied = true;
        if (inbox.told != events) {
            inbox.post();
        }
    }

    /** Something happened. One caller at a time. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one caller at a time
    synchronized void wake() {
        events++;
        for (Inbox inbox : inboxes.values()) {
            if (inbox.occupied) {
                inbox.post();
            }
        }
    }

    private final class Inbox implements Runnable {
        private final EventExecutor executor;
        private final AtomicBoolean posted = new AtomicBoolean();
        private List<Runnable> waiting = new ArrayList<>();
        private List<Runnable> spare = new ArrayList<>();
        private long told = -1;
        private volatile boolean occupied;

        Inbox(EventExecutor executor) {
            this.executor = executor;
        }

        void post() {
            if (posted.compareAndSet(false, true)) {
                try {
                    executor.execute(this);
                } catch (RejectedExecutionException closed) {
                    inboxes.remove(executor, this);
                }
            }
        }

        @Override
        public void run() {
            posted.set(false);
            told = events;
            occupied = false;
            List<Runnable> now = waiting;
            waiting = spare;
            for (Runnable listener : now) {
                listener.run();
            }
            now.clear();
            spare = now;
        }
    }
}
