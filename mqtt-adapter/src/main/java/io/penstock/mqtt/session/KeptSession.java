package io.penstock.mqtt.session;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.Room;
import io.penstock.base.ack.Watermark;

/**
 * One session in a {@link SessionStore}. Belongs to one event loop at a time, on which all methods are called: from
 * {@link SessionStore#begin} or {@link #adopt} on, until {@link #handOn}. What it writes is durable in the order of the
 * calls, over all loops that it belongs to.
 *
 * <p>A method that returns an offset wrote something that is durable once {@link #written} has passed the offset. If
 * that watermark has failed, it never will be, and nothing that waits for it may be answered.
 */
public interface KeptSession {
    /** How far this session's writes are durable. Another one after each {@link #adopt}. */
    Watermark written();

    /** The last offset: everything that was written is durable once {@link #written} has passed it. */
    long lastOffset();

    /**
     * True while the store can take further writes. If not, the caller takes no further publish until {@link #room}
     * signals. {@link #release}, {@link #disconnected} and {@link #drop} are always taken.
     */
    boolean hasRoom();

    /** Signals when {@link #hasRoom} is worth asking again. */
    Room room();

    /**
     * It has a connection. CONNACK waits for the offset.
     *
     * @param expirySeconds how long it outlives its connections; {@link Long#MAX_VALUE}: without limit
     * @param details kept as they are, for the caller
     * @return the offset; negative if there is no room for this
     */
    long connected(long expirySeconds, byte[] details);

    /**
     * Its connection has ended, and its expiry begins.
     *
     * @param details false if the details are needed no longer
     */
    void disconnected(long expirySeconds, boolean details);

    /** The details are needed no longer. */
    void forgetDetails();

    /**
     * The mark for the publish with this identifier, which must be free; for the handler, see {@link
     * io.penstock.mqtt.Publish#mark}. Valid until the next call. If the handler stores nothing, nothing is marked.
     *
     * @param packetId 0: the publish is the session's will, after which the details are gone
     */
    PublishMark mark(int packetId);

    /** Frees an identifier. PUBCOMP waits for the offset: then the client may use the identifier for another publish. */
    long release(int packetId);

    /** The session is over. A CONNACK that says so waits for the offset. */
    long drop();

    /** Takes the session over for another loop, on that loop. */
    void adopt(EventExecutor loop, SessionStore.Content content);

    /** Gives the session up on its present loop, before another one adopts it. */
    void handOn();
}
