package io.penstock.mqtt.internal.context;

import org.jspecify.annotations.Nullable;

/** One connection's place in a {@link WaitList}, of which it is a link, so that waiting and leaving cost no object. */
public final class Wait {
    private final Runnable wake;
    private @Nullable WaitList list;
    private @Nullable Wait previous;
    private @Nullable Wait next;

    /** @param wake is run on the event loop when what was waited for has come; may wait again */
    public Wait(Runnable wake) {
        this.wake = wake;
    }

    /** Where it waits; null if it does not. */
    @Nullable
    WaitList list() {
        return list;
    }

    /** Leaves its list, if it is in one. */
    public void cancel() {
        if (list != null) {
            list.remove(this);
        }
    }

    void wake() {
        wake.run();
    }

    void link(WaitList into, @Nullable Wait after) {
        list = into;
        previous = after;
        next = null;
        if (after != null) {
            after.next = this;
        }
    }

    void unlink() {
        if (previous != null) {
            previous.next = next;
        }
        if (next != null) {
            next.previous = previous;
        }
        list = null;
        previous = null;
        next = null;
    }

    @Nullable
    Wait previous() {
        return previous;
    }

    @Nullable
    Wait next() {
        return next;
    }
}
