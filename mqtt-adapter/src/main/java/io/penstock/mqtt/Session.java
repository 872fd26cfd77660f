package io.penstock.mqtt;

import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import org.jspecify.annotations.Nullable;

/**
 * What the server remembers of a client between and over its connections (MQTT 5 section 4.1): the packet identifiers of
 * QoS 2 publishes that are taken and not yet released, each with the place where it becomes durable. As long as one
 * stands here, a publish with it is a repetition [MQTT-4.3.3-10].
 *
 * <p>Owned by the event loop of the {@link Tenure} that holds it. Bounded by the 65,535 identifiers, and by the receive
 * maximum for clients that know one.
 */
final class Session {
    /** Where one publish becomes durable; one instance serves all that are durable already. */
    record Taken(@Nullable Durability where, long offset) {
        static final Taken ALREADY = new Taken(null, 0);

        boolean isDurable() {
            return where == null || where.end() > offset;
        }
    }

    private final IntObjectMap<Taken> unreleased = new IntObjectHashMap<>(4);
    private long expirySeconds;

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

    void take(int packetId, Taken taken) {
        unreleased.put(packetId, taken);
    }

    /** Frees an identifier and answers what was known of it; null if it was free. */
    @Nullable
    Taken release(int packetId) {
        return unreleased.remove(packetId);
    }
}
