package io.penstock.agent.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that all unfinished requests of the listener may take together, so that many large or slow bodies cannot
 * exhaust the heap. Thread-safe.
 */
final class BodyBudget {
    private final long limit;
    private final AtomicLong taken = new AtomicLong();

    BodyBudget(long limit) {
        this.limit = limit;
    }

    /** A request's share, empty at first. */
    Share share() {
        return new Share();
    }

    long taken() {
        return taken.get();
    }

    /** What one request has taken. Confined to the request's event loop. */
    final class Share {
        private long mine;

        private Share() {}

        /** Grows or shrinks to {@code bytes}; false, and nothing changes, when the listener has no such room. */
        boolean resize(long bytes) {
            long change = bytes - mine;
            if (taken.addAndGet(change) > limit && change > 0) {
                taken.addAndGet(-change);
                return false;
            }
            mine = bytes;
            return true;
        }

        void release() {
            resize(0);
        }
    }
}
