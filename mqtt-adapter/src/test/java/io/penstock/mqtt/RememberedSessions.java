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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A store of sessions in memory, which a test gives to one server after the other. Thread-safe. */
final class RememberedSessions implements SessionStore {
    /** Everything that was written, in words. */
    final List<String> written = new CopyOnWriteArrayList<>();

    final MutableWatermark durable = new MutableWatermark();
    private final MutableRoom room = new MutableRoom();
    private final Map<String, Kept> sessions = new ConcurrentHashMap<>();
    private volatile boolean automatic = true;
    private volatile boolean full;

    /** From now on nothing becomes durable by itself. */
    RememberedSessions byHand() {
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

    /** The next server finds these sessions as they are, {@code later}. */
    RememberedSessions after(Duration later) {
        sessions.values().forEach(session -> session.since = session.isConnected ? Duration.ZERO : later);
        return this;
    }

    /** A copy, as a server finds it that starts after the present one was killed. */
    RememberedSessions asTheyAre() {
        RememberedSessions copy = new RememberedSessions();
        sessions.forEach((name, kept) -> copy.sessions.put(name, copy.new Kept(kept)));
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
        sessions.values()
                .forEach(kept -> all.add(new Recovered(
                        kept.name, kept, kept.expirySeconds, kept.since, kept.details, kept.recoveredIds())));
        return all;
    }

    @Override
    public Optional<KeptSession> begin(Owner owner, String name, EventExecutor loop, Content content) {
        if (full) {
            return Optional.empty();
        }
        Kept kept = new Kept(name, content);
        sessions.put(name, kept);
        write("begin " + name);
        return Optional.of(kept);
    }

    private final class Kept implements KeptSession {
        private final String name;
        private volatile Content content;
        private volatile long expirySeconds;
        private volatile Duration since = Duration.ZERO;
        private volatile boolean isConnected;
        private volatile byte[] details = {};

        Kept(String name, Content content) {
            this.name = name;
            this.content = content;
        }

        Kept(Kept from) {
            this(from.name, from.content);
            expirySeconds = from.expirySeconds;
            isConnected = from.isConnected;
            details = from.details;
        }

        /** What a handler without a disk of its own stored. */
        private List<RecoveredId> recoveredIds() {
            List<RecoveredId> found = new ArrayList<>();
            content.unreleased((id, where, offset) -> found.add(new RecoveredId(id, where, offset)));
            return found;
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
            expirySeconds = expiry;
            details = kept;
            isConnected = true;
            return full ? -1 : write("connected " + name + " " + expiry + (kept.length > 0 ? " with will" : ""));
        }

        @Override
        public void disconnected(long expiry, boolean keepsDetails) {
            expirySeconds = expiry;
            isConnected = false;
            details = keepsDetails ? details : new byte[0];
            write("disconnected " + name + " " + expiry + (keepsDetails ? " with will" : ""));
        }

        @Override
        public void forgetDetails() {
            details = new byte[0];
            write("without will " + name);
        }

        @Override
        public PublishMark mark(int packetId) {
            return new PublishMark() {};
        }

        @Override
        public long release(int packetId) {
            return write("release " + name + " " + packetId);
        }

        @Override
        public long drop() {
            sessions.remove(name, this);
            return write("drop " + name);
        }

        @Override
        public void adopt(EventExecutor loop, Content its) {
            content = its;
        }

        @Override
        public void handOn() {}
    }
}
