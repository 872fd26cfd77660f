package io.penstock.agent.http.post;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.agent.ingest.SpoolBinding;
import io.penstock.base.ack.AckQueue;
import io.penstock.base.ack.RoomQueue;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.spool.Spool;

/**
 * One spool as one event loop sees it: the postings that wait for room, in order of arrival, and those that wait for
 * the watermark. A posting that throws is answered, and keeps no other waiting.
 *
 * <p>Bounded by the listener's budget of unfinished bodies and its connections.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class SpoolQueue implements AckQueue.Answers<Posting> {
    private final SpoolBinding spool;
    private final RoomQueue<Posting> wanting;
    private final AckQueue<Posting> owed;

    SpoolQueue(EventExecutor loop, SpoolBinding spool) {
        this.spool = spool;
        this.wanting = new RoomQueue<>(loop, spool.spool().whenRoom(), this::goesOn);
        this.owed = new AckQueue<>(loop, this, this::settle);
    }

    Spool spool() {
        return spool.spool();
    }

    /** Whether a posting has to queue up behind others. */
    boolean crowded() {
        return wanting.isCrowded();
    }

    /** Calls {@link Posting#roomCame} when it is this posting's turn to try again. */
    void awaitRoom(Posting posting) {
        wanting.add(posting);
    }

    /** Forgets a posting that gave up. Those that give up do so in order of arrival, so it is near the head. */
    void stopWaiting(Posting posting) {
        wanting.remove(posting);
    }

    private boolean goesOn(Posting posting) {
        try {
            return posting.roomCame(this);
        } catch (RuntimeException | Error e) {
            posting.failed(e);
            return true;
        }
    }

    /** Calls {@link Posting#passed} or {@link Posting#lost}, at once when that is known. */
    void awaitPassing(Posting posting, long offset) {
        owed.add(spool.acknowledged(), offset, 0, posting);
        settle();
    }

    private void settle() {
        owed.settle();
    }

    @Override
    public void passed(int tag, Posting posting) {
        try {
            posting.passed();
        } catch (RuntimeException | Error e) {
            posting.failed(e);
        }
    }

    @Override
    public void lost(int tag, Posting posting) {
        try {
            posting.lost(spool.stream());
        } catch (RuntimeException | Error e) {
            posting.failed(e);
        }
    }
}
