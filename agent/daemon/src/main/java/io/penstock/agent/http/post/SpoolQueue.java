package io.penstock.agent.http.post;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.agent.ingest.SpoolBinding;
import io.penstock.base.ack.AckQueue;
import io.penstock.base.ack.RoomQueue;
import io.penstock.base.ack.Watermark;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.spool.Spool;

/**
 * One spool as one event loop sees it: the postings that wait for room, in order of arrival, and those that wait for
 * the watermark. A request that throws is answered, and keeps no other waiting.
 *
 * <p>Bounded by the listener's budget of unfinished bodies and its connections.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class SpoolQueue implements AckQueue.Answers<PostRequest> {
    private final SpoolBinding spool;
    private final RoomQueue<PostRequest> wanting;
    private final AckQueue<PostRequest> owed;

    SpoolQueue(EventExecutor loop, SpoolBinding spool) {
        this.spool = spool;
        this.wanting = new RoomQueue<>(loop, spool.spool().whenRoom(), this::goesOn);
        this.owed = new AckQueue<>(loop, this, this::settle);
    }

    Spool spool() {
        return spool.spool();
    }

    /** The stream's name. */
    String stream() {
        return spool.stream();
    }

    Watermark acknowledged() {
        return spool.acknowledged();
    }

    /** Whether a request has to queue up behind others. */
    boolean crowded() {
        return wanting.isCrowded();
    }

    /** Calls {@link PostRequest#roomCame} when it is this request's turn to try again. */
    void awaitRoom(PostRequest request) {
        wanting.add(request);
    }

    /** Forgets a request that gave up. Those that give up do so in order of arrival, so it is near the head. */
    void stopWaiting(PostRequest request) {
        wanting.remove(request);
    }

    private boolean goesOn(PostRequest request) {
        try {
            return request.roomCame(this);
        } catch (RuntimeException | Error e) {
            request.failed(e);
            return true;
        }
    }

    /** Calls {@link PostRequest#passed} or {@link PostRequest#lost}, at once when that is known. */
    void awaitPassing(PostRequest request, long offset) {
        owed.add(spool.acknowledged(), offset, 0, request);
        settle();
    }

    private void settle() {
        owed.settle();
    }

    @Override
    public void passed(int tag, PostRequest request) {
        try {
            request.passed();
        } catch (RuntimeException | Error e) {
            request.failed(e);
        }
    }

    @Override
    public void lost(int tag, PostRequest request) {
        try {
            request.lost(spool.stream());
        } catch (RuntimeException | Error e) {
            request.failed(e);
        }
    }
}
