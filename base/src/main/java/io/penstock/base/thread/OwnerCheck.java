package io.penstock.base.thread;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Finds calls of a foreign thread. For {@code assert} statements only, so that production pays nothing: each method
 * returns true or throws an {@link AssertionError} that names both threads.
 *
 * <p>The first thread that is checked becomes the owner, so the thread that constructs an object need not be its owner.
 * An owner that hands the object to another thread calls {@link #handOn} first; the next checked thread is then the
 * owner. Thread-safe.
 */
public final class OwnerCheck {
    private final AtomicReference<@Nullable Thread> owner = new AtomicReference<>();

    /** Checks that this thread is the owner. */
    public boolean isHere() {
        Thread here = Thread.currentThread();
        Thread before = owner.compareAndExchange(null, here);
        if (before != null && before != here) {
            throw foreign(before.getName());
        }
        return true;
    }

    /** Checks that this thread is the owner, and ends its ownership. */
    public boolean handOn() {
        isHere();
        owner.set(null);
        return true;
    }

    /** Makes this thread the owner. The thread that was the owner must have ended, or must not use the object again. */
    public boolean takeOver() {
        owner.set(Thread.currentThread());
        return true;
    }

    /** Checks that this thread is {@code loop}'s. */
    public static boolean isOn(EventExecutor loop) {
        if (!loop.inEventLoop()) {
            throw foreign(loop.toString());
        }
        return true;
    }

    private static AssertionError foreign(String owner) {
        return new AssertionError("This object belongs to the thread " + owner + ", but the thread "
                + Thread.currentThread().getName() + " uses it");
    }
}
