package io.penstock.mqtt.internal.limits;

import io.penstock.mqtt.internal.limits.ClientMemory.Use;

/** What one part of a connection or session holds in memory. Owned by one event loop at a time; released once. */
public final class Holding {
    private final ClientMemory memory;
    private Use use;
    private long bytes;

    Holding(ClientMemory memory, Use use) {
        this.memory = memory;
        this.use = use;
    }

    /** Holds {@code more} in addition; false if there is no memory for it. */
    public boolean tryAdd(long more) {
        if (more > 0 && !memory.tryTake(use, more)) {
            return false;
        }
        bytes += Math.max(0, more);
        return true;
    }

    /** Holds {@code now} from here on, which is in memory already. */
    public void is(long now) {
        if (now > bytes) {
            memory.take(use, now - bytes);
        } else if (now < bytes) {
            memory.release(use, bytes - now);
        }
        bytes = now;
    }

    /** Holds that much less. */
    public void remove(long less) {
        is(bytes - less);
    }

    /** Holds it for another use from here on; false, and nothing changes, if that one's share has no room. */
    public boolean tryMoveTo(Use other) {
        if (!memory.tryTake(other, bytes)) {
            return false;
        }
        memory.release(use, bytes);
        use = other;
        return true;
    }

    /** Holds it for another use from here on. */
    public void moveTo(Use other) {
        memory.take(other, bytes);
        memory.release(use, bytes);
        use = other;
    }

    public long bytes() {
        return bytes;
    }

    /** Whether nothing more should be held for this use. */
    public boolean isSpent() {
        return memory.isSpent(use);
    }

    /** Holds nothing any more. */
    public void release() {
        is(0);
    }
}
