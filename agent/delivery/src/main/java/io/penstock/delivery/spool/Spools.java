package io.penstock.delivery.spool;

/** The spools of one data folder, one per stream, opened on first use. Thread-safe. */
public interface Spools {
    /**
     * Returns the spool of {@code stream} at once. On first use it is opened in the background; until it is open it
     * answers {@link Spool#FULL}.
     *
     * @throws TooManyStreamsException if the stream is new and {@code max-streams} is reached
     */
    Spool spool(StreamId stream);
}
