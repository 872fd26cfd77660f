package io.penstock.mqtt.session;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.Watermark;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Keeps sessions over a restart: the listener's clients and the bridges, in two name spaces. Thread-safe; no method
 * blocks.
 *
 * <p>A session is one {@link KeptSession}, of which each method says when what it wrote is durable. An identifier of a
 * QoS 2 publish is stored together with the publish's record, by the {@link PublishMark} that goes with the publish to
 * the handler: so both are durable or neither is, and PUBREC waits for the record only.
 *
 * <p>Use, at a start: {@link #recovered}, once, and for each session either {@link KeptSession#adopt} or {@link
 * KeptSession#drop}. Then, for each publish: {@link KeptSession#mark}, the handler, and PUBREC once the record is
 * durable; at PUBREL {@link KeptSession#release}, and PUBCOMP once that is durable.
 */
public interface SessionStore {
    /** Whose names a session's name is one of. */
    enum Owner {
        /** Clients of the listener; the name is the client identifier. */
        LISTENER,
        /** Bridges; the name is the client identifier at the broker. */
        BRIDGE
    }

    /** What a session holds, for the store to write down when it writes the session anew. On the session's loop. */
    interface Content {
        /** As given to {@link KeptSession#connected}; empty if nothing of it is needed any more. */
        byte[] details();

        /** Tells of each identifier that is not released. */
        void unreleased(IdVisitor visitor);
    }

    /** Is told of identifiers. */
    @FunctionalInterface
    interface IdVisitor {
        /**
         * An unreleased identifier.
         *
         * @param where what its acknowledgement waits for; {@link Watermark#IMMEDIATE} if it may be acknowledged
         * @param offset has to be passed there
         */
        void id(int packetId, Watermark where, long offset);
    }

    /**
     * A session of an earlier run.
     *
     * @param name the client identifier
     * @param session to be adopted or dropped
     * @param expirySeconds as last given
     * @param since how long ago its connection ended, of which that much has surely passed; zero if it had a connection
     *     when the process died
     * @param details as last given; empty if none were kept
     * @param unreleased its identifiers, all of whose records are stored
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Recovered(
            String name,
            KeptSession session,
            long expirySeconds,
            Duration since,
            byte[] details,
            List<RecoveredId> unreleased) {}

    /** An identifier as {@link IdVisitor#id} has it. */
    record RecoveredId(int packetId, Watermark where, long offset) {}

    /** The sessions of earlier runs, each told of once. To be called before {@link #begin}. */
    List<Recovered> recovered(Owner owner);

    /**
     * A new session, for {@code loop}, on which this is called. A former one of the same name is to be dropped by the
     * caller, before or after: what it holds does not mix with this one.
     *
     * @return empty if the store takes no further session now, because it has as many bytes as it may, or the disk has
     *     no room
     */
    Optional<KeptSession> begin(Owner owner, String name, EventExecutor loop, Content content);
}
