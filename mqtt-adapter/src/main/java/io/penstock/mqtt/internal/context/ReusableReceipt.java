package io.penstock.mqtt.internal.context;

import io.penstock.base.ack.Room;
import io.penstock.base.ack.Watermark;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.Receipt;
import io.penstock.mqtt.RefusalReason;
import io.penstock.mqtt.internal.wire.Refusal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The receipt that one connection reuses for all its publishes. */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class ReusableReceipt implements Receipt {
    public enum Kind {
        EMPTY,
        STORED,
        ACKNOWLEDGED,
        NO_ROOM,
        REFUSED
    }

    private Kind kind = Kind.EMPTY;
    private @Nullable Watermark where;
    private long offset;
    private @Nullable Room room;
    private @Nullable Refusal refusal;

    public void reset() {
        kind = Kind.EMPTY;
        where = null;
        room = null;
        refusal = null;
    }

    private void fill(Kind with) {
        if (kind != Kind.EMPTY) {
            throw new IllegalStateException("the receipt says " + kind + " already, and now " + with);
        }
        kind = with;
    }

    @Override
    public void stored(Watermark where, long offset) {
        fill(Kind.STORED);
        this.where = Objects.requireNonNull(where);
        this.offset = offset;
    }

    @Override
    public void acknowledged() {
        fill(Kind.ACKNOWLEDGED);
    }

    @Override
    public void noRoom(Room room) {
        fill(Kind.NO_ROOM);
        this.room = Objects.requireNonNull(room);
    }

    @Override
    public void refused(RefusalReason reason, String text) {
        fill(Kind.REFUSED);
        this.refusal = new Refusal(reason, text);
    }

    public Kind kind() {
        return kind;
    }

    /** Null unless stored. */
    @Nullable
    public Watermark where() {
        return where;
    }

    public long offset() {
        return offset;
    }

    public Room room() {
        return Objects.requireNonNull(room);
    }

    public Refusal refusal() {
        return Objects.requireNonNull(refusal);
    }
}
