package io.penstock.mqtt;

import io.penstock.base.ack.Room;
import io.penstock.base.ack.Watermark;

/**
 * The result of one publish. The {@link PublishHandler} fills it once, on the connection's event loop, before it
 * returns; a second call throws {@link IllegalStateException}.
 */
public interface Receipt {
    /** The publish is stored. It becomes durable, and is then acknowledged, once {@code where.end() > offset}. */
    void stored(Watermark where, long offset);

    /** The publish is acknowledged now: it is kept in memory only, or a policy dropped it with success. */
    void acknowledged();

    /**
     * There is no room now. The server holds the publish and all later ones of this connection, and offers the publish
     * again when {@code room} signals. Until then it is not acknowledged.
     */
    void noRoom(Room room);

    /**
     * The publish can never be accepted. MQTT 5 with QoS 1 and 2 answers PUBACK or PUBREC with the reason. MQTT 3.x and
     * QoS 0 have no such answer: the handler must have dealt with the publish, and the client is acknowledged as usual.
     *
     * @param text the fault and what to change; sent to the client
     */
    void refused(RefusalReason reason, String text);
}
