package io.penstock.delivery.sender;

import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Explanation;
import io.penstock.base.text.CauseText;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.kinesis.Endpoint;
import io.penstock.delivery.kinesis.shards.ShardMap;
import io.penstock.delivery.sender.deadletter.DeadLetters;
import io.penstock.delivery.sender.status.StreamStatus;
import io.penstock.delivery.spool.Backlog;
import io.penstock.delivery.spool.StreamId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one stream's sender and replaces it when one of its passes throws: the new sender starts from the first
 * unsettled record of the spool. So a defect costs time and duplicates, but no record. The pause before the new sender
 * grows while senders fail soon, so that a permanent defect does not use up the processor.
 *
 * <p>{@link #doWork} is called by one thread at a time; the other methods by any. Calls of the old sender in flight are
 * given up: their results stay unknown, and their records count as possible duplicates when they are stored again.
 */
@OwnedBy(ThreadRole.SENDER)
final class SupervisedSender implements SenderThreads.Work {
    private static final Logger LOG = LoggerFactory.getLogger(SupervisedSender.class);
    private static final long FIRST_PAUSE = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST_PAUSE = Duration.ofMinutes(5).toNanos();

    /** A sender that ran longer than this was not stopped by a defect that affects every sender at once. */
    private static final long LONG_LIFE = Duration.ofMinutes(1).toNanos();

    private final Backlog backlog;
    private final Runnable wake;
    private Endpoint endpoint;
    private volatile SenderSettings settings;
    private final CompletableFuture<Long> stopped = new CompletableFuture<>();
    private volatile StreamSender.Predecessor predecessor = StreamSender.Predecessor.none();
    private long builtAt;
    private long pause = FIRST_PAUSE;
    private long buildAt;
    private volatile @Nullable StreamSender sender;
    private volatile StreamStatus lastStatus;
    private volatile long lastLeft;
    private volatile boolean flushing;
    private volatile boolean stopping;
    private volatile @Nullable Move move;

    /**
     * What the sender is to use from now on.
     *
     * @param done completes when what it used before is not used any more
     */
    private record Move(Endpoint endpoint, SenderSettings settings, CompletableFuture<Void> done) {}

    SupervisedSender(Backlog backlog, Endpoint endpoint, SenderSettings settings, Runnable wake) {
        this.backlog = backlog;
        this.endpoint = endpoint;
        this.settings = settings;
        this.wake = wake;
        this.lastStatus = StreamStatus.without(backlog.stream(), Optional.empty());
        long now = settings.clock().getAsLong();
        try {
            sender = build(now);
        } catch (Throwable defect) {
            throwAway(now, defect);
        }
    }

    @Override
    public StreamId stream() {
        return backlog.stream();
    }

    @Override
    public long doWork() {
        if (stopped.isDone()) {
            return Long.MAX_VALUE;
        }
        long now = settings.clock().getAsLong();
        try {
            StreamSender current = sender;
            if (current == null) {
                if (stopping) {
                    stopped.complete(backlog.unsettled());
                    return Long.MAX_VALUE;
                }
                if (now < buildAt) {
                    return buildAt;
                }
                takeMove();
                current = build(now);
            }
            if (move != null && !current.isStopping()) {
                CompletableFuture<Long> unused = current.stop();
            }
            long next = current.doWork();
            if (current.isStopped()) {
                return replaceOrEnd(current, now);
            }
            return next;
        } catch (Throwable defect) {
            return throwAway(now, defect);
        }
    }

    /** Its calls are back: another sender goes on from the first unsettled record, or none does. */
    private long replaceOrEnd(StreamSender current, long now) {
        predecessor = current.predecessor();
        settings.memory().releaseAll();
        settings.slot().reset();
        boolean moves = !stopping;
        takeMove();
        if (!moves) {
            stopped.complete(backlog.unsettled());
            return Long.MAX_VALUE;
        }
        build(now);
        return now;
    }

    private synchronized void takeMove() {
        Move wanted = move;
        if (wanted != null) {
            endpoint = wanted.endpoint();
            settings = wanted.settings();
            move = null;
            wanted.done().complete(null);
        }
    }

    /**
     * Sends through another endpoint, or by other rules, once the results of the calls in flight are processed: no
     * record is sent twice for it.
     *
     * @return completes when the former endpoint is not used any more
     */
    synchronized CompletableFuture<Void> moveTo(Endpoint to, SenderSettings by) {
        Move wanted = new Move(to, by, new CompletableFuture<>());
        Move former = move;
        if (former != null) {
            CompletableFuture<Void> unused =
                    wanted.done().thenRun(() -> former.done().complete(null));
        }
        move = wanted;
        wake.run();
        return wanted.done();
    }

    private StreamSender build(long now) {
        StreamSender fresh = new StreamSender(backlog, endpoint, settings, predecessor, wake);
        builtAt = now;
        sender = fresh;
        if (flushing) {
            fresh.flush();
        }
        if (stopping) {
            CompletableFuture<Long> unused = fresh.stop();
        }
        return fresh;
    }

    private long throwAway(long now, Throwable defect) {
        StreamSender old = sender;
        sender = null;
        if (now - builtAt > LONG_LIFE) {
            pause = FIRST_PAUSE;
        }
        long thisPause = pause;
        pause = Math.min(LONGEST_PAUSE, 2 * pause);
        buildAt = stopping ? now : now + thisPause;
        predecessor.counters().rebuilt.increment();
        if (old != null) {
            predecessor = old.predecessor();
        }
        settings.memory().releaseAll();
        settings.slot().reset();
        StreamStatus before = old == null ? lastStatus : old.status();
        lastLeft = old == null ? lastLeft : old.left();
        lastStatus = before.failed(new Explanation(
                ConditionName.DEFECT,
                "the sender met an unexpected error and is built anew in "
                        + Duration.ofNanos(thisPause).toSeconds() + " s; its records stay in the spool",
                "report the stack trace in the log: " + CauseText.orUnknown(defect)));
        LOG.error(
                "The sender of {} met an unexpected error. It is thrown away and built anew in {} s; no record is lost,"
                        + " those that were under way may be stored twice. Please report this",
                stream(),
                Duration.ofNanos(thisPause).toSeconds(),
                defect);
        return buildAt;
    }

    /** From now on calls do not wait to fill. */
    void flush() {
        flushing = true;
        StreamSender current = sender;
        if (current != null) {
            current.flush();
        }
        wake.run();
    }

    /** The number of durable records that are not settled, as of the last pass. */
    long left() {
        StreamSender current = sender;
        return current == null ? lastLeft : current.left();
    }

    /**
     * Makes no further call. Completes when the results of the calls in flight are processed, with the number of
     * records left in the spool.
     */
    CompletableFuture<Long> stop() {
        stopping = true;
        StreamSender current = sender;
        if (current != null) {
            CompletableFuture<Long> unused = current.stop();
        }
        wake.run();
        return stopped;
    }

    /** The stream's dead letters. */
    DeadLetters deadLetters() {
        return settings.deadLetters();
    }

    boolean isStopping() {
        return stopping;
    }

    /** As {@link #stop}, without waiting for the calls in flight: their results stay unknown. */
    void abandon() {
        stopping = true;
        StreamSender current = sender;
        if (current != null) {
            current.abandon();
        }
        wake.run();
    }

    /** The present status of the stream. */
    StreamStatus status() {
        StreamSender current = sender;
        return current == null ? lastStatus : current.status();
    }

    /** The open shards of the stream, by present knowledge. */
    ShardMap shards() {
        StreamSender current = sender;
        return current == null ? ShardMap.UNKNOWN : current.shards();
    }

    /** True if the stream does not exist, by present knowledge, and is not made by the sender. */
    boolean absent() {
        StreamSender current = sender;
        return current != null && current.absent();
    }

    /** The largest record that the stream takes, by present knowledge: data and partition key. */
    int maxRecordBytes() {
        StreamSender current = sender;
        return current == null ? predecessor.maxRecordBytes() : current.maxRecordBytes();
    }
}
