package io.penstock.agent.sessions;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.Room;
import io.penstock.base.ack.Watermark;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.session.KeptSession;
import io.penstock.mqtt.session.PublishMark;
import io.penstock.mqtt.session.SessionStore;
import io.penstock.mqtt.session.SessionStore.Owner;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One session in the {@link SessionLog}. Its identifiers are with the caller, who is asked for them now and then. */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class LoggedSession implements KeptSession {
    /** What a session takes in the log besides its name and details, as a rule. */
    private static final int USUAL = 256;

    private static final Room LATER = Room.after(Duration.ofMillis(200));

    final long number;
    final Owner owner;
    final String name;
    private final SessionLog store;
    private int epoch;
    private long sequence;
    private long expirySeconds;
    private long endedAt;
    private boolean connected;
    private int detailsBytes;
    private SessionStore.@Nullable Content content;
    private @Nullable LoopWriter writer;
    private volatile int generation;
    private boolean dropped;

    LoggedSession(SessionLog store, long number, Owner owner, String name) {
        this.store = store;
        this.number = number;
        this.owner = owner;
        this.name = name;
        store.live().weigh(USUAL + name.length());
    }

    /** It is as the log has it. */
    void recall(Replay.Old old) {
        epoch = old.epoch;
        sequence = old.newest;
        expirySeconds = old.expirySeconds;
        endedAt = old.endedAt;
        connected = old.connected;
        weighDetails(old.details.length);
    }

    /** It is new. */
    void begin(LoopWriter on, SessionStore.Content its, int newGeneration) {
        content = its;
        writer = on;
        on.add(this);
        generation = newGeneration;
        GrowingBytes out = on.begin(Op.BEGUN, this);
        out.put(owner.ordinal());
        Op.putText(out, name);
        on.done();
    }

    int epoch() {
        return epoch;
    }

    long sequence() {
        return sequence;
    }

    /** The last one in which it was written as a whole. Any thread. */
    int generation() {
        return generation;
    }

    @Override
    public Watermark written() {
        return writer == null ? Watermark.IMMEDIATE : writer.durable;
    }

    @Override
    public long lastOffset() {
        return writer == null ? -1 : writer.last();
    }

    @Override
    public boolean hasRoom() {
        return writer == null || writer.hasRoom();
    }

    @Override
    public Room room() {
        return writer == null ? LATER : writer.room;
    }

    private LoopWriter writer() {
        if (writer == null) {
            throw new IllegalStateException("no event loop has the session");
        }
        return writer;
    }

    @Override
    public long connected(long expiry, byte[] details) {
        LoopWriter on = writer();
        if (!on.hasRoom() || details.length > detailsBytes && !store.live().hasSpace(details.length - detailsBytes)) {
            return -1;
        }
        expirySeconds = expiry;
        connected = true;
        weighDetails(details.length);
        GrowingBytes out = on.begin(Op.CONNECTED, this);
        Op.putLong(out, expiry);
        Op.putBytes(out, details);
        return on.done();
    }

    private void weighDetails(int bytes) {
        store.live().weigh(bytes - detailsBytes);
        detailsBytes = bytes;
    }

    @Override
    public void disconnected(long expiry, boolean details) {
        LoopWriter on = writer();
        expirySeconds = expiry;
        connected = false;
        endedAt = store.now();
        if (!details) {
            weighDetails(0);
        }
        GrowingBytes out = on.begin(Op.ENDED, this);
        Op.putLong(out, expiry);
        Op.putLong(out, endedAt);
        out.put(details ? 1 : 0);
        on.done();
    }

    @Override
    public void forgetDetails() {
        if (detailsBytes > 0) {
            weighDetails(0);
            LoopWriter on = writer();
            on.begin(Op.FORGOTTEN, this);
            on.done();
        }
    }

    @Override
    public PublishMark mark(int packetId) {
        return writer().mark.of(this, packetId);
    }

    /** A record with this session's mark is in a spool, at this offset. */
    void taken(int packetId, StreamState stream, long offset) {
        LoopWriter on = writer();
        sequence++;
        if (packetId == 0) {
            weighDetails(0);
        }
        on.name(stream);
        GrowingBytes out = on.begin(Op.TAKEN, this);
        Op.putLong(out, sequence);
        Op.putShort(out, packetId);
        out.putInt(stream.number);
        Op.putLong(out, offset);
        on.noted(); // The spool has the mark until this is durable.
    }

    @Override
    public long release(int packetId) {
        LoopWriter on = writer();
        Op.putShort(on.begin(Op.RELEASED, this), packetId);
        return on.done();
    }

    @Override
    public long drop() {
        if (dropped) {
            return lastOffset();
        }
        dropped = true;
        store.live().weigh(-USUAL - name.length() - detailsBytes);
        store.live().remove(this);
        LoopWriter on = writer;
        if (on == null) {
            store.dropUnadopted(this);
            return -1;
        }
        on.remove(this);
        on.begin(Op.DROPPED, this);
        return on.done();
    }

    @Override
    public void adopt(EventExecutor loop, SessionStore.Content its) {
        LoopWriter on = store.writers().of(loop);
        content = its;
        writer = on;
        epoch++;
        on.add(this);
        writeWhole(store.live().generation());
    }

    @Override
    public void handOn() {
        LoopWriter on = writer();
        on.remove(this);
        on.flush();
        writer = null;
        content = null;
    }

    /** Writes all that there is of it, so that nothing earlier is needed any more. */
    void writeWhole(int newGeneration) {
        LoopWriter on = writer();
        SessionStore.Content its = content;
        if (its == null) {
            return;
        }
        WholeIds ids = new WholeIds(store.streams());
        its.unreleased(ids);
        byte[] details = detailsBytes == 0 ? new byte[0] : its.details();
        ids.name(on);
        GrowingBytes out = on.begin(Op.WHOLE, this);
        out.put(owner.ordinal());
        Op.putText(out, name);
        Op.putLong(out, expirySeconds);
        Op.putLong(out, endedAt);
        out.put(connected ? 1 : 0);
        Op.putLong(out, sequence);
        Op.putBytes(out, details);
        ids.writeTo(out);
        on.done();
        generation = newGeneration;
    }
}
