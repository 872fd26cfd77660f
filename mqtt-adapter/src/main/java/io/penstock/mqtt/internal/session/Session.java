package io.penstock.mqtt.internal.session;

import io.penstock.base.ack.Watermark;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.OwnerCheck;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.internal.limits.ClientMemory;
import io.penstock.mqtt.internal.limits.ClientMemory.Use;
import io.penstock.mqtt.internal.limits.Holding;
import org.jspecify.annotations.Nullable;

/**
 * The session state of a client (MQTT 5 section 4.1): the packet identifiers of QoS 2 publishes that are accepted and
 * not yet released, each with the offset at which it becomes durable. A publish with such an identifier is a repetition
 * [MQTT-4.3.3-10].
 *
 * <p>Owned by the event loop of the {@link SessionClaim} that holds the session and ends it. Bounded by the 65,535
 * identifiers.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class Session {
    /** Where one publish becomes durable; all durable publishes share one instance. */
    public record Taken(Watermark where, long offset) {
        public static final Taken ALREADY = new Taken(Watermark.IMMEDIATE, 0);

        public boolean isDurable() {
            return where.end() > offset;
        }
    }

    /** Memory of a kept session besides its client identifier: its claim, its map entry, its timers. */
    private static final int KEPT = 1024;

    private final Holding memory;
    private final Unreleased unreleased;
    private final OwnerCheck owner = new OwnerCheck();
    private long expirySeconds;

    /** @param memory of the server's clients */
    Session(ClientMemory memory) {
        this.memory = memory.holding(Use.STATE);
        this.unreleased = new Unreleased(this.memory);
    }

    /** Its owner passes it to another loop; in an assertion. */
    boolean handOn() {
        return owner.handOn();
    }

    /** How long to keep the session after its connection has ended; 0: not at all. */
    public long expirySeconds() {
        return expirySeconds;
    }

    public void expireAfter(long seconds) {
        expirySeconds = seconds;
    }

    /** What is known of this identifier; null if it is free. */
    @Nullable
    public Taken taken(int packetId) {
        assert owner.isHere();
        return unreleased.get(packetId);
    }

    /** Makes room for this identifier, before {@link #take}. Returns false if there is no memory for it. */
    public boolean reserve(int packetId) {
        assert owner.isHere();
        return unreleased.reserve(packetId);
    }

    public void take(int packetId, Taken taken) {
        assert owner.isHere();
        unreleased.put(packetId, taken);
    }

    /** Frees an identifier. Returns what was known of it; null if it was free. */
    @Nullable
    public Taken release(int packetId) {
        assert owner.isHere();
        return unreleased.remove(packetId);
    }

    /** The connection has ended. Returns false if there is no memory to keep the session. */
    boolean keep(String clientId) {
        assert owner.isHere();
        return memory.tryMoveTo(Use.KEPT) && memory.tryAdd(KEPT + clientId.length());
    }

    /** A new connection has the session. */
    void resume(String clientId) {
        assert owner.isHere();
        memory.remove(KEPT + clientId.length());
        memory.moveTo(Use.STATE);
    }

    /** The session is not needed any more. */
    void end() {
        assert owner.isHere();
        memory.release();
    }
}
