package io.penstock.mqtt.internal.session;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.Room;
import io.penstock.base.ack.Watermark;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.OwnerCheck;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.internal.limits.ClientMemory;
import io.penstock.mqtt.internal.limits.ClientMemory.Use;
import io.penstock.mqtt.internal.limits.Holding;
import io.penstock.mqtt.session.KeptSession;
import io.penstock.mqtt.session.PublishMark;
import io.penstock.mqtt.session.SessionStore;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The session state of a client (MQTT 5 section 4.1): the packet identifiers of QoS 2 publishes that are accepted and
 * not yet released, each with the offset at which it becomes durable. A publish with such an identifier is a repetition
 * [MQTT-4.3.3-10].
 *
 * <p>A session that outlives its connection is also in the {@link SessionStore}, if the server has one: then the session
 * survives the process. A session that does not outlive its connection costs nothing there.
 *
 * <p>Owned by the event loop of the {@link SessionClaim} that holds the session and ends it. Bounded by the 65,535
 * identifiers.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class Session implements SessionStore.Content {
    /** Where one publish becomes durable; all durable publishes share one instance. */
    public record Taken(Watermark where, long offset) {
        public static final Taken ALREADY = new Taken(Watermark.IMMEDIATE, 0);

        public boolean isDurable() {
            return where.end() > offset;
        }
    }

    /** Something that is to be durable before it is answered: once {@code where} has passed {@code offset}. */
    public record Written(Watermark where, long offset) {
        public static final Written NOTHING = new Written(Watermark.IMMEDIATE, 0);

        public boolean isDurable() {
            return where.end() > offset;
        }
    }

    /** Memory of a kept session besides its client identifier: its claim, its map entry, its timers. */
    private static final int KEPT = 1024;

    private static final byte[] NO_DETAILS = {};

    private final Holding memory;
    private final Unreleased unreleased;
    private final OwnerCheck owner = new OwnerCheck();
    private final Written after;
    private long expirySeconds;
    private @Nullable KeptSession kept;
    private Supplier<byte[]> details = () -> NO_DETAILS;

    /**
     * @param memory of the server's clients
     * @param after the end of the session before, which has to be durable before this one is answered
     */
    Session(ClientMemory memory, Written after) {
        this.memory = memory.holding(Use.STATE);
        this.unreleased = new Unreleased(this.memory);
        this.after = after;
    }

    /** A session of an earlier run, on the loop that is to have it. */
    static Session restored(SessionStore.Recovered recovered, EventExecutor loop, ClientMemory memory) {
        Session session = new Session(memory, Written.NOTHING);
        session.kept = recovered.session();
        session.expirySeconds = recovered.expirySeconds();
        session.details = recovered::details;
        for (SessionStore.RecoveredId id : recovered.unreleased()) {
            if (session.unreleased.reserve(id.packetId())) {
                boolean passed = id.where().end() > id.offset();
                session.unreleased.put(id.packetId(), passed ? Taken.ALREADY : new Taken(id.where(), id.offset()));
            }
        }
        recovered.session().adopt(loop, session);
        return session;
    }

    /** Its owner passes it to another loop. */
    void handOn() {
        if (kept != null) {
            kept.handOn();
        }
        assert owner.handOn();
    }

    /** Its new owner has it. */
    void adopt(EventExecutor loop) {
        if (kept != null) {
            kept.adopt(loop, this);
        }
    }

    /**
     * A connection has it. Writes that down if the session is to outlive the connection, or did so before.
     *
     * @param its what is needed of the connection after a restart
     * @return what CONNACK waits for; empty if there is no room for the session
     */
    public Optional<Written> connected(
            String clientId, Optional<SessionStore> store, EventExecutor loop, Supplier<byte[]> its) {
        assert owner.isHere();
        if (store.isEmpty() || kept == null && expirySeconds == 0) {
            return Optional.of(after);
        }
        if (kept == null) {
            kept = store.get()
                    .begin(SessionStore.Owner.LISTENER, clientId, loop, this)
                    .orElse(null);
        }
        KeptSession begun = kept;
        if (begun == null) {
            return Optional.empty();
        }
        details = its;
        long offset = begun.connected(expirySeconds, its.get());
        return offset < 0 ? Optional.empty() : Optional.of(new Written(begun.written(), offset));
    }

    /** True if it survives a restart. */
    public boolean isKept() {
        return kept != null;
    }

    /** What all that was written of it waits for. */
    public Written written() {
        return kept == null ? Written.NOTHING : new Written(kept.written(), kept.lastOffset());
    }

    /** The mark for a publish with this identifier, or for the will with 0; null if there is none. */
    @Nullable
    public PublishMark mark(int packetId) {
        assert owner.isHere();
        return kept == null ? null : kept.mark(packetId);
    }

    /** True if its next identifier can be written down. If not, {@link #room} signals. */
    public boolean hasRoom() {
        return kept == null || kept.hasRoom();
    }

    /** Signals when {@link #hasRoom} is worth asking again. */
    public Room room() {
        return kept == null ? Room.after(Duration.ZERO) : kept.room();
    }

    @Override
    public byte[] details() {
        return details.get();
    }

    @Override
    public void unreleased(SessionStore.IdVisitor visitor) {
        unreleased.visit(visitor);
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

    /**
     * Frees an identifier; that is durable once {@link #written} is. Returns what was known of it; null if it was free.
     */
    @Nullable
    public Taken release(int packetId) {
        assert owner.isHere();
        Taken taken = unreleased.remove(packetId);
        if (taken != null && kept != null) {
            kept.release(packetId);
        }
        return taken;
    }

    /** The connection has ended, and the session is kept. {@code withWill}: its will is still to be published. */
    void disconnected(boolean withWill) {
        if (kept != null) {
            kept.disconnected(expirySeconds, withWill);
        }
        if (!withWill) {
            details = () -> NO_DETAILS;
        }
    }

    /** The will is not needed any more. */
    void forgetWill() {
        if (kept != null) {
            kept.forgetDetails();
        }
        details = () -> NO_DETAILS;
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

    /** The session is not needed any more. Returns what the answer to a client that asked for this waits for. */
    Written end() {
        assert owner.isHere();
        memory.release();
        KeptSession ended = kept;
        if (ended == null) {
            return after;
        }
        kept = null;
        long offset = ended.drop();
        return new Written(ended.written(), offset);
    }

    /** The process ends, and a session that survives it stays in the store. */
    void leave() {
        memory.release();
    }
}
