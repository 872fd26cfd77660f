package io.penstock.engine.put;

import io.netty.channel.EventLoop;
import io.penstock.base.fault.Guard;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.store.StreamLog;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.ShardMap;
import io.penstock.journal.EntryBlock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The puts of one stream that came over one event loop: appended in the order of their coming, answered in the order of
 * their offsets.
 *
 * <p>Everything is confined to the event loop, but for {@link #oldest}, which the log's thread reads to know whether a
 * group concerns this lane: it is written before the log's durable end is looked at again, and the log moves its end
 * before it looks here, so that one of the two sees the other. What waits for room is bounded by {@link #MAX_PARKED}
 * bytes.
 */
final class PutLane {
    private static final Logger LOG = LoggerFactory.getLogger(PutLane.class);

    /** Bytes of records that may wait for room in the log. */
    private static final long MAX_PARKED = 64L << 20;

    /** The block is the event loop's: a large put leaves no large block behind. */
    private static final int KEPT_BLOCK = 1 << 20;

    private static final long LOOK_MILLIS = 100;
    private static final long NOBODY = Long.MAX_VALUE;
    private static final String ANSWER = "The answer of a put";

    private final LiveStream stream;
    private final EventLoop loop;
    private final EntryBlock block;
    private final Guard guard = new Guard(LOG);
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Deque<Parked> parked = new ArrayDeque<>();
    private long parkedBytes;
    private boolean looking;
    private volatile long oldest = NOBODY;

    private record Waiting(long last, PutResult result, PutReply reply) {}

    private record Parked(PutBatch batch, PutReply reply) {}

    PutLane(LiveStream stream, EventLoop loop, EntryBlock block) {
        this.stream = stream;
        this.loop = loop;
        this.block = block;
    }

    /** Whether the batch may be reused on return; otherwise the lane keeps it. */
    boolean submit(PutBatch batch, PutReply reply) {
        if (!parked.isEmpty()) {
            return !park(batch, reply);
        }
        return append(batch, reply) || !park(batch, reply);
    }

    private boolean park(PutBatch batch, PutReply reply) {
        if (parkedBytes + batch.totalSize() > MAX_PARKED) {
            reply.refused(
                    ErrorType.SERVICE_UNAVAILABLE, "The disk does not keep up with the writes; try again in a moment.");
            return false;
        }
        parkedBytes += batch.totalSize();
        parked.add(new Parked(batch, reply));
        lookAgain();
        return true;
    }

    /** What looked like a moment may turn out to be a full disk, of which nobody calls. */
    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for it
    private void lookAgain() {
        if (!looking) {
            looking = true;
            loop.schedule(
                    () -> {
                        looking = false;
                        retry();
                    },
                    LOOK_MILLIS,
                    TimeUnit.MILLISECONDS);
        }
    }

    /** Whether the put was taken or refused for good; false asks to try again later. */
    private boolean append(PutBatch batch, PutReply reply) {
        try {
            return appendBlock(batch, reply);
        } finally {
            block.clear(KEPT_BLOCK);
        }
    }

    private boolean appendBlock(PutBatch batch, PutReply reply) {
        ShardMap shards = stream.shards();
        batch.map(shards);
        batch.fill(block);
        if (block.count() == 0) {
            reply.stored(result(batch, 0));
            return true;
        }
        long first = stream.log().append(shards.epoch(), block);
        if (first >= 0) {
            taken(first, batch, reply);
        } else if (first == StreamLog.BUSY || first == StreamLog.SEALED) {
            return false;
        } else if (first == StreamLog.FULL) {
            reply.refused(
                    ErrorType.SERVICE_UNAVAILABLE,
                    "The disk is full: free some space on the engine's data folder, or shorten retention.");
        } else if (first == StreamLog.TOO_LARGE) {
            reply.refused(ErrorType.INVALID_ARGUMENT, "The call's records are larger than the log can take.");
        } else {
            reply.refused(ErrorType.INTERNAL_FAILURE, closedMessage());
        }
        return true;
    }

    private String closedMessage() {
        return stream.isGone()
                ? "The stream is being closed."
                : "The stream's log has failed and takes no more records; see the engine's log.";
    }

    private void taken(long first, PutBatch batch, PutReply reply) {
        PutResult result = result(batch, first);
        waiting.add(new Waiting(first + block.count() - 1, result, reply));
        if (oldest == NOBODY) {
            oldest = waiting.getFirst().last();
        }
        answerDurable();
    }

    private PutResult result(PutBatch batch, long first) {
        return new PutResult(stream.meta().createdAt(), first, batch.shards(), batch.failures(), batch.storedSize());
    }

    /** On the log's thread. */
    void durable(long end) {
        if (oldest < end) {
            hand(this::answerDurable);
        }
    }

    /** On the log's thread: room, other shards, or the end. */
    void changed() {
        hand(this::retry);
    }

    private void hand(Runnable task) {
        // Once the loop has shut down nobody is left to be answered.
        if (!loop.isShuttingDown()) {
            try {
                loop.execute(task);
            } catch (RejectedExecutionException e) {
                LOG.debug("shut down meanwhile", e);
            }
        }
    }

    private void answerDurable() {
        do {
            long end = stream.log().durableEnd();
            for (Waiting next = waiting.peek(); next != null && next.last() < end; next = waiting.peek()) {
                waiting.poll();
                try {
                    next.reply().stored(next.result());
                } catch (RuntimeException | Error e) {
                    guard.failed(ANSWER, e);
                }
            }
            oldest = waiting.isEmpty() ? NOBODY : waiting.getFirst().last();
            // The end may have moved between the look at it and the write of the oldest.
        } while (oldest < stream.log().durableEnd());
    }

    private void retry() {
        answerDurable();
        if (stream.isGone() || stream.hasFailed()) {
            for (Waiting lost = waiting.poll(); lost != null; lost = waiting.poll()) {
                PutReply reply = lost.reply();
                guard.run(ANSWER, () -> reply.refused(ErrorType.INTERNAL_FAILURE, closedMessage()));
            }
            oldest = NOBODY;
        }
        while (!parked.isEmpty()) {
            Parked next = parked.getFirst();
            try {
                if (!append(next.batch(), next.reply())) {
                    lookAgain();
                    return;
                }
            } catch (RuntimeException | Error e) {
                guard.failed("A put that waited for room", e);
                guard.run(
                        ANSWER, () -> next.reply().refused(ErrorType.INTERNAL_FAILURE, "The put could not be stored."));
            }
            parkedBytes -= next.batch().totalSize();
            parked.poll();
        }
    }
}
