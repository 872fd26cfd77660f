package io.penstock.engine.stream;

/** Receives the progress of a stream. Called on the store's threads; must not block. */
public interface StreamObserver {
    /** Everything below {@code end} is durable. */
    void durable(long end);

    /** Refused puts may be tried again, and shards may have changed. */
    void changed();
}
