package io.penstock.mqtt;

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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A store of sessions in memory, for one server or bridge after the other: as the former one has left it, or as a copy
 * that a killed process would leave. Thread-safe.
 */
public final class StoredSessions implements SessionStore {
    /** Everything that was written, in words. */
    public final List<String> written = new CopyOnWriteArrayList<>();

    private final MutableWatermark durable = new MutableWatermark();
    private final MutableRoom room = new MutableRoom();
    private final Map<String, Kept> sessions = new ConcurrentHashMap<>();
    private volatile boolean automatic = true;
    private volatile boolean full;

    /** From now on nothing becomes durable by itself. */
    public StoredSessions byHand() {
        automatic = false;
        return this;
    }

    public void makeAllDurable() {
        durable.raise(written.size());
    }

    /** What waits for this store never becomes durable. */
    void fail() {
        durable.fail();
    }

    public void full(boolean now) {
        full = now;
        if (!now) {
            room.tell();
        }
    }

    /** The next server finds these sessions as they are, {@code later}. */
    StoredSessions after(Duration later) {
        sessions.values().forEach(session -> session.since = session.isConnected ? Duration.ZERO : later);
        return this;
    }

    /** As a process finds it that starts after the present one was killed. */
    public StoredSessions copy() {
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
                    .sorted()
                    .map(id -> new RecoveredId(id, Watermark.IMMEDIATE, 0))
                    .toList();
            all.add(new Recovered(kept.name, kept, kept.expirySeconds, kept.since, kept.details, ids));
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
    public record Mark(int packetId, Set<Integer> ids) implements PublishMark {
        public void stored() {
            if (packetId != 0) {
                ids.add(packetId);
            }
        }
    }

    private final class Kept implements KeptSession {
        private final String name;
        private final Set<Integer> ids = ConcurrentHashMap.newKeySet();
        private volatile long expirySeconds;
        private volatile Duration since = Duration.ZERO;
        private volatile boolean isConnected;
        private volatile byte[] details = {};

        Kept(String name) {
            this.name = name;
        }

        Kept(String name, Kept from) {
            this(name);
            ids.addAll(from.ids);
            expirySeconds = from.expirySeconds;
            isConnected = from.isConnected;
            details = from.details.clone();
        }

        private String details(boolean there) {
            return there && details.length > 0 ? " with details" : "";
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
            isConnected = true;
            return write("connected " + name + " " + expiry + details(true));
        }

        @Override
        public void disconnected(long expiry, boolean keepsDetails) {
            expirySeconds = expiry;
            isConnected = false;
            String with = details(keepsDetails);
            details = keepsDetails ? details : new byte[0];
            write("disconnected " + name + " " + expiry + with);
        }

        @Override
        public void forgetDetails() {
            details = new byte[0];
            write("without details " + name);
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
