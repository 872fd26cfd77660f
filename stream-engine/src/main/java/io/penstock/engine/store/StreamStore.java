package io.penstock.engine.store;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Stores streams: for each, a small metadata document that is changed by compare-and-set, and a log of records.
 *
 * <p>Thread-safe. Every method may block on the disk and must not be called on an event loop. The effect of a method is
 * durable when it returns.
 */
public interface StreamStore extends AutoCloseable {
    /** The version of a stream that does not exist. */
    long ABSENT = 0;

    /** The result of {@link #put} if the stored version is not the expected one; nothing has changed. */
    long CONFLICT = -1;

    /** Every stored stream that can be read, in no particular order. */
    List<Stored> list() throws IOException;

    /**
     * The stored streams that cannot be read, each with its place and the remedy. They are neither replaced nor
     * dropped.
     */
    Collection<String> damage();

    /** Why a stored stream cannot be read; empty for a readable stream, and for one that does not exist. */
    Optional<String> damage(String stream);

    /**
     * Writes a stream's metadata if its version is still {@code expected}; {@link #ABSENT} creates the stream.
     *
     * @return the new version, greater than the expected one; or {@link #CONFLICT}
     * @throws IOException if the disk fails, or the stored stream is damaged
     */
    long put(String stream, long expected, byte[] metadata) throws IOException;

    /**
     * Opens the records of an existing stream. They can be open only once at a time.
     *
     * @throws IOException if the stream does not exist, its records are open already, or the disk fails
     */
    StreamLog open(String stream, StreamLog.Listener listener) throws IOException;

    /** Removes a stream with records and metadata. Its log must be closed. No error if the stream does not exist. */
    void drop(String stream) throws IOException;

    /** Closes what is open. */
    @Override
    void close() throws IOException;

    /**
     * A stream as read from the store.
     *
     * @param name the stream's name
     * @param version the value that {@link StreamStore#put} expects for a change
     * @param metadata the document, owned by the receiver
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    public record Stored(String name, long version, byte[] metadata) {}
}
