package io.penstock.delivery.spool;

/** The spools of one data folder, one per stream, opened on first use. Thread-safe. */
public interface Spools {
    /**
     * The spool of {@code stream}, at once: it is opened in the background on first use and answers {@link Spool#FULL}
     * until it is open. Throws {@link TooManyStreamsException} past {@code max-streams}.
     */
    Spool spool(StreamId stream);
}
