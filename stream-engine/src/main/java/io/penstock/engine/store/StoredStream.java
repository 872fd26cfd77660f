package io.penstock.engine.store;

/**
 * A stream as read from the store.
 *
 * @param name the stream's name
 * @param version the value that {@link StreamStore#put} expects for a change
 * @param metadata the document, owned by the receiver
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
public record StoredStream(String name, long version, byte[] metadata) {}
