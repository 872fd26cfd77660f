package io.penstock.agent.sessions;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.SpooledRecord;
import io.penstock.journal.EntryBlock;
import io.penstock.mqtt.session.PublishMark;
import org.jspecify.annotations.Nullable;

/**
 * The mark of one publish on its way into a spool. A loop has one, which it uses for all its sessions:
 *
 * <pre>{@code
 *  mark.writeTo(spool, block);                // its last record
 *  long offset = spool.append(block);
 *  mark.stored(offset);                       // if it was taken, in the same task of the loop
 * }</pre>
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class SessionMark implements PublishMark {
    private final MarkedStreams streams;
    private @Nullable LoggedSession session;
    private int packetId;
    private @Nullable Spool lastSpool;
    private @Nullable StreamState stream;

    SessionMark(MarkedStreams streams) {
        this.streams = streams;
    }

    SessionMark of(LoggedSession marked, int id) {
        session = marked;
        packetId = id;
        return this;
    }

    /** Adds the mark to the last record of {@code block}, which is to be appended to {@code spool}. */
    public void writeTo(Spool spool, EntryBlock block) {
        LoggedSession marked = session;
        if (marked == null) {
            return;
        }
        StreamState into = stream;
        if (into == null || spool != lastSpool) {
            into = streams.of(spool);
            stream = into;
            lastSpool = spool;
        }
        if (!into.marked) {
            into.marked = true;
        }
        SpooledRecord.mark(block, marked.number, marked.sequence() + 1, packetId);
    }

    /** The spool has taken the record, at this offset. */
    public void stored(long offset) {
        LoggedSession marked = session;
        StreamState into = stream;
        if (marked != null && into != null) {
            marked.taken(packetId, into, offset);
            session = null;
        }
    }
}
