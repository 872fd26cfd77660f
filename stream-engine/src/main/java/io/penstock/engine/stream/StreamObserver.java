package io.penstock.engine.stream;

/** Hears of a stream's progress. Called on the store's threads; must hand over and return. */
public interface StreamObserver {
    /** Everything below {@code end} is durable. */
    void durable(long end);

    /** Puts that were turned away may be tried again; shards may have changed. */
    void changed();
}
