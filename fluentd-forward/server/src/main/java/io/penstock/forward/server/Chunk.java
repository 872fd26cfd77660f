package io.penstock.forward.server;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.Watermark;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.Optional;

/**
 * A chunk of events under one tag, read entry by entry straight from the bytes that came: {@link #next()} steps to an
 * entry, the other methods look at it.
 *
 * <p>Its form has been checked from end to end before a handler sees it. It is valid during {@link ChunkHandler#take}
 * only: the memory is used again for the next chunk.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public interface Chunk extends ForwardRecord {
    /** The event loop of the connection. */
    EventExecutor loop();

    /** Its sender. */
    Peer peer();

    /** The tag of all its events. The same object as long as a connection's tag stays the same. */
    String tag();

    /** The option {@code source}, by which a sender says what program its events come from; otherwise empty. */
    String source();

    /**
     * By what {@link RecentChunks#recall} knows the chunk after a restart: {@link RecentChunks#MARK_BYTES} bytes, to be
     * stored in one piece with its last event. Empty if the chunk cannot be recognised.
     */
    byte[] mark();

    /** How many entries the chunk has in all, those with a {@link #fault} too. */
    int entries();

    /** Steps to the next entry, first to the first; false after the last. */
    boolean next();

    /** Goes back: {@link #next} steps to the first entry again. */
    void rewind();

    /**
     * Why the present entry cannot be a record, such as a time that is text or nesting beyond the limit. Empty for an
     * event. Of an entry with a fault only {@link #entry} may be asked for. Its chunk is acknowledged like any other,
     * because a sender can do nothing but send all of it again.
     */
    String fault();

    /** A copy of the present entry as it came, in msgpack: {@code [time, record]}. */
    byte[] entry();

    /** The record's field {@code name} if it is there and a string. */
    Optional<String> text(String name);

    /**
     * Says that events were stored: the sender's acknowledgement waits until {@code where} has passed {@code offset}.
     * May be called several times for one chunk, each time with a larger offset of the same {@code where}.
     */
    void stored(Watermark where, long offset);
}
