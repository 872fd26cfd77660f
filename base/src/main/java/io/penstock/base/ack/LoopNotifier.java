package io.penstock.base.ack;

import io.penstock.base.fault.Guard;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listeners that wait for an event, each on an event loop of its own.
 *
 * <p>{@link #wake} may come from any thread and posts at most one task to each loop that has listeners, however many
 * wait there. A loop's list is touched on that loop only. Bounded by the number of loops; a listener is held until it
 * ran once.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A listener runs exactly once for each registration, on its own loop, after an event that followed the
 *       registration, or after one that its loop had not been told of yet.
 *   <li>No event is missed: {@code events} is written before {@code occupied} is read, and {@code occupied} is written
 *       before {@code events} is read, so that of {@link #wake} and {@link #register} at least one posts the task.
 *   <li>A listener that throws is logged; the other listeners of its loop run all the same.
 *   <li>A listener that registers again during its run waits for the next event.
 * </ul>
 *
 * <p>A listener may find, now and then, what it has seen already.
 */
public final class LoopNotifier {
    private static final Logger LOG = LoggerFactory.getLogger(LoopNotifier.class);

    private final Map<Executor, Inbox> inboxes = new ConcurrentHashMap<>();
    private final Guard guard = new Guard(LOG);
    private volatile long events;

    /**
     * Runs {@code listener} once after the next {@link #wake}.
     *
     * @param loop runs its tasks one after the other; call on its own thread
     */
    public void register(Executor loop, Runnable listener) {
        Inbox inbox = inboxes.get(loop);
        if (inbox == null) {
            inbox = inboxes.computeIfAbsent(loop, Inbox::new);
        }
        inbox.waiting.add(listener);
        inbox.occupied = true;
        if (inbox.told != events) {
            inbox.post();
        }
    }

    /** The event happened. Any thread. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the monitor only
    public synchronized void wake() {
        events++;
        for (Inbox inbox : inboxes.values()) {
            if (inbox.occupied) {
                inbox.post();
            }
        }
    }

    private final class Inbox implements Runnable {
        private final Executor loop;
        private final AtomicBoolean posted = new AtomicBoolean();
        private volatile boolean occupied;

        // Touched on the loop only.
        private List<Runnable> waiting = new ArrayList<>();
        private List<Runnable> spare = new ArrayList<>();
        private long told = -1;

        Inbox(Executor loop) {
            this.loop = loop;
        }

        void post() {
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
            posted.set(false);
            told = events;
            occupied = false;
            List<Runnable> now = waiting;
            waiting = spare;
            for (Runnable listener : now) {
                guard.run("A listener for an advance or for room", listener);
            }
            now.clear();
            spare = now;
        }
    }
}
