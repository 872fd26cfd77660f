package io.penstock.mqtt.bridge;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.MutableRoom;
import io.penstock.base.ack.MutableWatermark;
import io.penstock.base.ack.Room;
import io.penstock.base.ack.Watermark;
import io.penstock.mqtt.session.KeptSession;
import io.penstock.mqtt.session.PublishMark;
import io.penstock.mqtt.session.SessionStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A store of sessions in memory, of which a test takes copies as a killed process would find them. Thread-safe. */
final class StoredSessions implements SessionStore {
    /** Everything that was written, in words. */
    final List<String> written = new CopyOnWriteArrayList<>();

    private final MutableWatermark durable = new MutableWatermark();
    private final MutableRoom room = new MutableRoom();
    private final Map<String, Kept> sessions = new ConcurrentHashMap<>();
    private volatile boolean automatic = true;
    private volatile boolean full;

    /** From now on nothing becomes durable by itself. */
    StoredSessions byHand() {
        automatic = false;
        return this;
    }

    void makeAllDurable() {
        durable.raise(written.size());
    }

    void full(boolean now) {
        full = now;
        if (!now) {
            room.tell();
        }
    }

    /** As a process finds it that starts after the present one was killed. */
    StoredSessions copy() {
        StoredSessions copy = new StoredSessions();
        sessions.forEach((name, kept) -> copy.sessions.put(name, copy.new Kept(name, kept)));
        return copy;
    }

    private synchronized long write(String what) {
        written.add(what);
        if (automatic) {
            durable.raise(written.size());
        }
        return written.size() - 1;
    }

    @Override
    public List<Recovered> recovered(Owner owner) {
        List<Recovered> all = new ArrayList<>();
        for (Kept kept : sessions.values()) {
            List<RecoveredId> ids = kept.ids.stream()
                    .map(id -> new RecoveredId(id, Watermark.IMMEDIATE, 0))
                    .toList();
            all.add(new Recovered(kept.name, kept, kept.expirySeconds, Duration.ZERO, kept.details, ids));
        }
        return all;
    }

    @Override
    public Optional<KeptSession> begin(Owner owner, String name, EventExecutor loop, Content content) {
        if (full) {
            return Optional.empty();
        }
        Kept kept = new Kept(name);
        sessions.put(name, kept);
        write("begin " + name);
        return Optional.of(kept);
    }

    /** The mark of one publish; a handler that stored the publish says so. */
    record Mark(int packetId, Set<Integer> ids) implements PublishMark {
        void stored() {
            ids.add(packetId);
        }
    }

    private final class Kept implements KeptSession {
        private final String name;
        private final Set<Integer> ids = ConcurrentHashMap.newKeySet();
        private volatile long expirySeconds;
        private volatile byte[] details = {};

        Kept(String name) {
            this.name = name;
        }

        Kept(String name, Kept from) {
            this(name);
            ids.addAll(new TreeSet<>(from.ids));
            expirySeconds = from.expirySeconds;
            details = from.details.clone();
        }

        @Override
        public Watermark written() {
            return durable;
        }

        @Override
        public long lastOffset() {
            return written.size() - 1;
        }

        @Override
        public boolean hasRoom() {
            return !full;
        }

        @Override
        public Room room() {
            return room;
        }

        @Override
        public long connected(long expiry, byte[] kept) {
            if (full) {
                return -1;
            }
            expirySeconds = expiry;
            details = kept;
            return write("connected " + name);
        }

        @Override
        public void disconnected(long expiry, boolean keepsDetails) {
            write("disconnected " + name);
        }

        @Override
        public void forgetDetails() {
            throw new AssertionError("a bridge always needs its details");
        }

        @Override
        public PublishMark mark(int packetId) {
            return new Mark(packetId, ids);
        }

        @Override
        public long release(int packetId) {
            ids.remove(packetId);
            return write("release " + name + " " + packetId);
        }

        @Override
        public long drop() {
            sessions.remove(name, this);
            return write("drop " + name);
        }

        @Override
        public void adopt(EventExecutor loop, Content its) {
            write("adopt " + name);
        }

        @Override
        public void handOn() {
            write("hand on " + name);
        }
    }
}
