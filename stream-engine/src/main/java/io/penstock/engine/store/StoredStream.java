package io.penstock.engine.store;

/**
 * A stream as it was found in the store.
 *
 * @param name the stream's name
 * @param version what {@link StreamStore#put} wants to hear to change it
 * @param metadata the document, owned by the receiver
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record StoredStream(String name, long version, byte[] metadata) {}
