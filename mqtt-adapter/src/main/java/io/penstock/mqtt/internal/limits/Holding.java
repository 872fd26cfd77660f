package io.penstock.mqtt.internal.limits;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.internal.limits.ClientMemory.Use;

/** The counted memory of one part of a connection or session. Released once. */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class Holding {
    private final ClientMemory memory;
    private Use use;
    private long bytes;

    Holding(ClientMemory memory, Use use) {
        this.memory = memory;
        this.use = use;
    }

    /** Adds {@code more} bytes. Returns false if there is no memory for them. */
    public boolean tryAdd(long more) {
        if (more > 0 && !memory.tryTake(use, more)) {
            return false;
        }
        bytes += Math.max(0, more);
        return true;
    }

    /** Sets the size to {@code now} bytes, which are already in memory. */
    public void is(long now) {
        if (now > bytes) {
            memory.take(use, now - bytes);
        } else if (now < bytes) {
            memory.release(use, bytes - now);
        }
        bytes = now;
    }

    /** Subtracts {@code less} bytes. */
    public void remove(long less) {
        is(bytes - less);
    }

    /** Moves the bytes to another use. Returns false, with no change, if that use's share has no room. */
    public boolean tryMoveTo(Use other) {
        if (!memory.tryTake(other, bytes)) {
            return false;
        }
        memory.release(use, bytes);
        use = other;
        return true;
    }

    /** Moves the bytes to another use in any case. */
    public void moveTo(Use other) {
        memory.take(other, bytes);
        memory.release(use, bytes);
        use = other;
    }

    public long bytes() {
        return bytes;
    }

    /** True if no more memory should be taken for this use. */
    public boolean isSpent() {
        return memory.isSpent(use);
    }

    /** Releases all bytes. */
    public void release() {
        is(0);
    }
}
