package io.penstock.engine.put;

import io.netty.channel.EventLoop;
import io.penstock.base.ack.AckQueue;
import io.penstock.base.ack.Room;
import io.penstock.base.ack.RoomQueue;
import io.penstock.base.ack.Watermark;
import io.penstock.base.fault.Guard;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.OwnerCheck;
import io.penstock.base.thread.ThreadRole;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.store.StreamLog;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.ShardMap;
import io.penstock.engine.watch.StreamTraffic;
import io.penstock.journal.EntryBlock;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The puts of one stream that arrived on one event loop: appended in order of arrival, answered in the order of their
 * offsets. Puts that wait for room are bounded by {@link #MAX_PARKED} bytes.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>Each answer is called once, stored or refused, also when the stream closes or its log fails.
 *   <li>Answers of puts that the log has accepted are called in the order of these puts.
 *   <li>An answer reports its records as stored only after all of them are durable.
 *   <li>A put that waits for room is appended after all earlier puts.
 * </ol>
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class PutLane implements AckQueue.Answers<PutLane.Stored> {
    private static final Logger LOG = LoggerFactory.getLogger(PutLane.class);

    /** The maximum size of records that wait for room in the log. */
    private static final long MAX_PARKED = 64L << 20;

    /** The event loop's lanes share a block; above this size its memory is released after a put. */
    private static final int KEPT_BLOCK = 1 << 20;

    private static final long LOOK_MILLIS = 100;
    private static final String ANSWER = "The answer of a put";

    private final LiveStream stream;
    private final StreamTraffic traffic;
    private final EventLoop loop;
    private final EntryBlock block;
    private final Watermark durable;
    private final Guard guard = new Guard(LOG);
    private final AckQueue<Stored> owed;
    private final RoomQueue<Parked> parked;
    private long parkedBytes;
    private boolean looking;

    /** A put that is in the log. */
    record Stored(PutAnswer.Result result, PutAnswer answer) {}

    private record Parked(PutBatch batch, PutAnswer answer) {}

    /**
     * @param traffic counts what each shard takes
     * @param block shared by all lanes of the loop
     * @param durable the durable end of the stream's log; also fails when the stream is deleted
     * @param room signals when the stream's log may take more, or its shards have changed
     */
    PutLane(LiveStream stream, StreamTraffic traffic, EventLoop loop, EntryBlock block, Watermark durable, Room room) {
        this.stream = stream;
        this.traffic = traffic;
        this.loop = loop;
        this.block = block;
        this.durable = durable;
        this.owed = new AckQueue<>(loop, this, this::settle);
        this.parked = new RoomQueue<>(loop, room, this::retry);
    }

    /** Returns true if the caller may reuse the batch; otherwise the lane keeps it. */
    boolean submit(PutBatch batch, PutAnswer answer) {
        assert OwnerCheck.isOn(loop);
        return !parked.isCrowded() && append(batch, answer) || !park(batch, answer);
    }

    private boolean park(PutBatch batch, PutAnswer answer) {
        if (parkedBytes + batch.totalSize() > MAX_PARKED) {
            answer.refused(
                    ErrorType.SERVICE_UNAVAILABLE, "The disk does not keep up with the writes; try again in a moment.");
            return false;
        }
        parkedBytes += batch.totalSize();
        parked.add(new Parked(batch, answer));
        lookAgain();
        return true;
    }

    /** Tries again later: a full disk, which gives no signal, may have taken the place of a short wait. */
    @SuppressWarnings("FutureReturnValueIgnored") // the result is not needed
    private void lookAgain() {
        if (!looking) {
            looking = true;
            loop.schedule(
                    () -> {
                        looking = false;
                        parked.retry();
                    },
                    LOOK_MILLIS,
                    TimeUnit.MILLISECONDS);
        }
    }

    /** Returns true if the put was accepted or refused for good; false if it must be tried again later. */
    private boolean append(PutBatch batch, PutAnswer answer) {
        try {
            return appendBlock(batch, answer);
        } finally {
            block.clear(KEPT_BLOCK);
        }
    }

    private boolean appendBlock(PutBatch batch, PutAnswer answer) {
        ShardMap shards = stream.shards();
        batch.map(shards);
        batch.fill(block);
        if (block.count() == 0) {
            answer.stored(result(batch, 0));
            return true;
        }
        long first = stream.log().append(shards.epoch(), block);
        if (first >= 0) {
            taken(first, batch, answer);
        } else if (first == StreamLog.BUSY || first == StreamLog.SEALED) {
            return false;
        } else if (first == StreamLog.FULL) {
            answer.refused(
                    ErrorType.SERVICE_UNAVAILABLE,
                    "The disk is full: free some space on the engine's data folder, or shorten retention.");
        } else if (first == StreamLog.TOO_LARGE) {
            answer.refused(ErrorType.INVALID_ARGUMENT, "The call's records are larger than the log can take.");
        } else {
            answer.refused(ErrorType.INTERNAL_FAILURE, closedMessage());
        }
        return true;
    }

    private String closedMessage() {
        return stream.isGone()
                ? "The stream is being closed."
                : "The stream's log has failed and takes no more records; see the engine's log.";
    }

    private void taken(long first, PutBatch batch, PutAnswer answer) {
        batch.count(traffic);
        owed.add(durable, first + block.count() - 1, 0, new Stored(result(batch, first), answer));
        settle();
    }

    private PutAnswer.Result result(PutBatch batch, long first) {
        return new PutAnswer.Result(
                stream.meta().createdAt(), first, batch.shards(), batch.failures(), batch.storedSize());
    }

    private void settle() {
        owed.settle();
    }

    @Override
    public void passed(int tag, Stored put) {
        try {
            put.answer().stored(put.result());
        } catch (RuntimeException | Error e) {
            guard.failed(ANSWER, e);
        }
    }

    @Override
    public void lost(int tag, Stored put) {
        fail(put.answer(), closedMessage());
    }

    private void fail(PutAnswer answer, String message) {
        guard.run(ANSWER, () -> answer.refused(ErrorType.INTERNAL_FAILURE, message));
    }

    /** Returns true if the parked put was accepted or refused for good. */
    private boolean retry(Parked put) {
        assert OwnerCheck.isOn(loop);
        boolean done = true;
        try {
            done = append(put.batch(), put.answer());
        } catch (RuntimeException | Error e) {
            guard.failed("A put that waited for room", e);
            fail(put.answer(), "The put could not be stored.");
        }
        if (done) {
            parkedBytes -= put.batch().totalSize();
        } else {
            lookAgain();
        }
        return done;
    }
}
