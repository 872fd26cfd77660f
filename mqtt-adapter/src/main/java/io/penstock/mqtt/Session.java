package io.penstock.mqtt;

import io.penstock.base.ack.Watermark;
import io.penstock.mqtt.ClientMemory.Use;
import org.jspecify.annotations.Nullable;

/**
 * What the server remembers of a client between and over its connections (MQTT 5 section 4.1): the packet identifiers
 * of QoS 2 publishes that are taken and not yet released, each with the place where it becomes durable. As long as one
 * stands here, a publish with it is a repetition [MQTT-4.3.3-10].
 *
 * <p>Owned by the event loop of the {@link Tenure} that holds it, which ends it. Bounded by the 65,535 identifiers, and
 * by the receive maximum for clients that know one.
 */
final class Session {
    /** Where one publish becomes durable; one instance serves all that are durable already. */
    record Taken(@Nullable Watermark where, long offset) {
        static final Taken ALREADY = new Taken(null, 0);

        boolean isDurable() {
            return where == null || where.end() > offset;
        }
    }

    /** What a kept session costs besides its client identifier: its tenure, its place in the map, its timers. */
    private static final int KEPT = 1024;

    private final Holding memory;
    private final Unreleased unreleased;
    private long expirySeconds;

    /** @param memory of the server's clients */
    Session(ClientMemory memory) {
        this.memory = memory.holding(Use.STATE);
        this.unreleased = new Unreleased(this.memory);
    }

    /** How long to keep it after its connection's end; 0: not at all. */
    long expirySeconds() {
        return expirySeconds;
    }

    void expireAfter(long seconds) {
        expirySeconds = seconds;
    }

    /** What is known of this identifier; null if it is free. */
    @Nullable
    Taken taken(int packetId) {
        return unreleased.get(packetId);
    }

    /** Makes a place for this identifier, before {@link #take}; false if there is no memory for it. */
    boolean reserve(int packetId) {
        return unreleased.reserve(packetId);
    }

    void take(int packetId, Taken taken) {
        unreleased.put(packetId, taken);
    }

    /** Frees an identifier and answers what was known of it; null if it was free. */
    @Nullable
    Taken release(int packetId) {
        return unreleased.remove(packetId);
    }

    /** Its connection is gone; false if there is no memory to keep it. */
    boolean keep(String clientId) {
        return memory.tryMoveTo(Use.KEPT) && memory.tryAdd(KEPT + clientId.length());
    }

    /** A connection has it again. */
    void resume(String clientId) {
        memory.remove(KEPT + clientId.length());
        memory.moveTo(Use.STATE);
    }

    /** Nothing needs it any more. */
    void end() {
        memory.release();
    }
}
