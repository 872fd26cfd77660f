package io.penstock.engine.store;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Keeps streams: a small document of metadata each, changed by compare-and-set, and a log of records each.
 *
 * <p>Thread-safe. Every method may block on the disk and must stay off event loops. What a method has returned from is
 * durable.
 */
public interface StreamStore extends AutoCloseable {
    /** The version of a stream that does not exist. */
    long ABSENT = 0;

    /** What {@link #put} returns when the stored version was not the expected one; nothing has changed. */
    long CONFLICT = -1;

    /** Every stored stream that can be read, in no particular order. */
    List<StoredStream> list() throws IOException;

    /**
     * What is stored of streams and cannot be read, each with its place and the remedy. Nothing replaces or drops it.
     */
    Collection<String> damage();

    /** Why a stream that is stored cannot be read; empty for one that can be, or that does not exist. */
    Optional<String> damage(String stream);

    /**
     * Writes a stream's metadata if its version is still {@code expected}; {@link #ABSENT} creates the stream.
     *
     * @return the new version, above the expected one; or {@link #CONFLICT}
     * @throws IOException when the disk says no, or what is stored of the stream is damaged
     */
    long put(String stream, long expected, byte[] metadata) throws IOException;

    /**
     * Opens the records of an existing stream; once at a time for each stream.
     *
     * @throws IOException when the stream does not exist, its records are open already, or the disk says no
     */
    StreamLog open(String stream, StreamLogListener listener) throws IOException;

    /** Removes a stream, records and metadata; its log must be closed. A stream that does not exist is no error. */
    void drop(String stream) throws IOException;

    /** Closes what is open. */
    @Override
    void close() throws IOException;
}
