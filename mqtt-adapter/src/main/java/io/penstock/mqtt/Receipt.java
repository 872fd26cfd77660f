package io.penstock.mqtt;

import io.penstock.base.ack.Room;
import io.penstock.base.ack.Watermark;

/**
 * What becomes of one publish. Filled once by the {@link PublishHandler}, on the connection's event loop, before the
 * handler returns; a second filling throws {@link IllegalStateException}.
 */
public interface Receipt {
    /** The publish is durable, and is then acknowledged, once {@code where.end() > offset}. */
    void stored(Watermark where, long offset);

    /** The client may take the publish as done now: it is kept in memory only, or a policy dropped it with success. */
    void acknowledged();

    /**
     * There is no room now. The server holds the publish and all that follows on this connection, and offers the
     * publish again when {@code room} says so. Until then nothing of it is acknowledged.
     */
    void noRoom(Room room);

    /**
     * The publish can never be taken. MQTT 5 with QoS 1 and 2 answers PUBACK or PUBREC with the reason. MQTT 3.x and
     * QoS 0 know no such answer: the handler has taken care of the publish, and the client is acknowledged as usual.
     *
     * @param text says what is wrong and what to change; sent to the client
     */
    void refused(RefusalReason reason, String text);
}
