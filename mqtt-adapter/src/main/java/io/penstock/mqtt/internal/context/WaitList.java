package io.penstock.mqtt.internal.context;

import io.penstock.base.fault.Guard;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one event loop that wait for one store. The store knows of one listener for all of them, so that
 * clients which come and go while a store stands still leave nothing behind in it. One event loop.
 */
final class WaitList implements Runnable {
    /** Asks the store to run a listener once. */
    interface Registration {
        void register(Runnable listener);
    }

    private static final Logger LOG = LoggerFactory.getLogger(WaitList.class);

    private final Guard guard = new Guard(LOG);
    private final Registration registration;
    private final boolean oneAtATime;
    private final Runnable idle;
    private @Nullable Wait first;
    private @Nullable Wait last;
    private int size;
    private boolean registered;

    /**
     * @param oneAtATime whether a connection that waits again has used up what there was, so that those behind it are
     *     woken first the next time
     * @param idle is run when the store has answered and no connection waits any more
     */
    WaitList(Registration registration, boolean oneAtATime, Runnable idle) {
        this.registration = registration;
        this.oneAtATime = oneAtATime;
        this.idle = idle;
    }

    /** Has {@code wait} woken once; does nothing if it is in this list. */
    void add(Wait wait) {
        if (wait.list() == this) {
            return;
        }
        wait.cancel();
        wait.link(this, last);
        last = wait;
        if (first == null) {
            first = wait;
        }
        size++;
        if (!registered) {
            registered = true;
            registration.register(this);
        }
    }

    void remove(Wait wait) {
        if (first == wait) {
            first = wait.next();
        }
        if (last == wait) {
            last = wait.previous();
        }
        wait.unlink();
        size--;
    }

    /** The store has answered: wakes the connections that wait now. One that waits again is told the next time. */
    @Override
    public void run() {
        registered = false;
        for (int left = size; left > 0 && first != null; left--) {
            Wait woken = first;
            remove(woken);
            guard.run("A connection that waited", woken::wake);
            if (oneAtATime && woken.list() == this) {
                return;
            }
        }
        if (size == 0 && !registered) {
            idle.run();
        }
    }
}
