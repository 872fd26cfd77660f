package io.penstock.mqtt.internal.bridge;

import io.netty.buffer.ByteBuf;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.penstock.base.ack.Watermark;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.session.SessionStore;
import org.jspecify.annotations.Nullable;

/**
 * The identifiers of QoS 2 publishes that a session has taken and the broker has not released (MQTT 5 section 4.3.3).
 * They outlive connections. Bounded by the 65,535 identifiers.
 *
 * <p>Each has a fingerprint of its publish. A broker that returned to an older state, or another broker, may use an
 * identifier for a new publish; if the bridge took it for the old one, the new one would be lost.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class ReceivedIds {
    /** Where a publish becomes durable, and its fingerprint. */
    record Taken(Watermark where, long offset, long fingerprint) {
        boolean isDurable() {
            return where.end() > offset;
        }
    }

    /** Of a publish that was taken before a restart: its identifier and DUP say that it is the same. */
    private static final long UNKNOWN = 0;

    private static final long FACTOR = 0x9E37_79B9_7F4A_7C15L;

    private final IntObjectMap<Taken> taken = new IntObjectHashMap<>();
    private boolean shared;

    /**
     * What is known of this identifier if it stands for the publish with this fingerprint; null if it is free.
     *
     * @param dup the broker says that it sends the publish again [MQTT-3.3.1-1]. Without DUP an identifier of before a
     *     restart stands for a new publish: another client has had the session since then, and the broker uses the
     *     identifier again.
     */
    @Nullable
    Taken find(int packetId, long fingerprint, boolean dup) {
        Taken known = taken.get(packetId);
        boolean same =
                known != null && (known.fingerprint == UNKNOWN ? dup && !shared : known.fingerprint == fingerprint);
        return same ? known : null;
    }

    /**
     * Other clients may have had the session since before a restart, and the broker may have used an identifier of then
     * for another publish: that publish counts as new also with DUP.
     */
    void shared(boolean now) {
        shared = now;
    }

    /** An identifier that was taken before a restart. */
    void recall(int packetId, Watermark where, long offset) {
        put(packetId, where, offset, UNKNOWN);
    }

    /** True if the identifier is in use. */
    boolean has(int packetId) {
        return taken.containsKey(packetId);
    }

    /** Tells of each identifier. */
    void visit(SessionStore.IdVisitor visitor) {
        taken.forEach((packetId, known) -> visitor.id(packetId, known.where, known.offset));
    }

    void put(int packetId, Watermark where, long offset, long fingerprint) {
        taken.put(packetId, new Taken(where, offset, fingerprint));
    }

    /** Frees an identifier. Returns what was known of it; null if it was free. */
    @Nullable
    Taken release(int packetId) {
        return taken.remove(packetId);
    }

    int size() {
        return taken.size();
    }

    /** The broker has no session, so no identifier is in use. */
    void clear() {
        taken.clear();
    }

    /** Of a topic and a payload. */
    static long fingerprint(String topic, ByteBuf payload) {
        long hash = topic.hashCode() * FACTOR + payload.readableBytes();
        int at = payload.readerIndex();
        int end = payload.writerIndex();
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            hash = mixed(hash, payload.getLong(at));
        }
        for (; at < end; at++) {
            hash = mixed(hash, payload.getByte(at));
        }
        return hash == UNKNOWN ? 1 : hash;
    }

    private static long mixed(long hash, long more) {
        long mixed = (hash ^ more) * FACTOR;
        return mixed ^ mixed >>> 32;
    }
}
