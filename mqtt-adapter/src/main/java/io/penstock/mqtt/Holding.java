package io.penstock.mqtt;

import io.penstock.mqtt.ClientMemory.Use;

/** What one part of a connection or session holds in memory. Owned by one event loop at a time; released once. */
final class Holding {
    private final ClientMemory memory;
    private Use use;
    private long bytes;

    Holding(ClientMemory memory, Use use) {
        this.memory = memory;
        this.use = use;
    }

    /** Holds {@code more} in addition; false if there is no memory for it. */
    boolean tryAdd(long more) {
        if (more > 0 && !memory.tryTake(use, more)) {
            return false;
        }
        bytes += Math.max(0, more);
        return true;
    }

    /** Holds {@code now} from here on, which is in memory already. */
    void is(long now) {
        if (now > bytes) {
            memory.take(use, now - bytes);
        } else if (now < bytes) {
            memory.release(use, bytes - now);
        }
        bytes = now;
    }

    /** Holds that much less. */
    void remove(long less) {
        is(bytes - less);
    }

    /** Holds it for another use from here on; false, and nothing changes, if that one's share has no room. */
    boolean tryMoveTo(Use other) {
        if (!memory.tryTake(other, bytes)) {
            return false;
        }
        memory.release(use, bytes);
        use = other;
        return true;
    }

    /** Holds it for another use from here on. */
    void moveTo(Use other) {
        memory.take(other, bytes);
        memory.release(use, bytes);
        use = other;
    }

    long bytes() {
        return bytes;
    }

    /** Whether nothing more should be held for this use. */
    boolean isSpent() {
        return memory.isSpent(use);
    }

    /** Holds nothing any more. */
    void release() {
        is(0);
    }
}
