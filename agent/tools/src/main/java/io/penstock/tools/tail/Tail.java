package io.penstock.tools.tail;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ChildShard;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.Shard;

/**
 * Follows a stream live: all of its shards at once, and into their children when it is resharded. Owns one thread, on
 * which everything but the calls themselves happens; holds at most one answer of each open shard.
 *
 * <p>A stream that is missing is waited for. What may pass (throttles, an endpoint that is away) is tried again; the
 * rest ends the tail: {@link #done} fails with a {@link Failure}. A tail that does not follow waits for nothing longer
 * than two minutes.
 */
public final class Tail implements AutoCloseable {
    private static final Duration MISSING_PAUSE = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Settings settings;
    private final Listener listener;
    private final ReadCalls calls;
    private final Calling calling;
    private final ScheduledExecutorService thread;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final ShardTree tree = new ShardTree();
    private final Map<String, ShardReader> readers = new HashMap<>();
    private final Reading reading = new Reading();
    private Start start;
    private Start childStart;
    private long taken;

    private Tail(KinesisAsyncClient client, Settings settings, Listener listener, Duration patience) {
        this.settings = settings;
        this.listener = listener;
        this.calls = new ReadCalls(client, settings.stream());
        this.start = settings.start();
        this.childStart = start instanceof Start.Now ? new Start.Oldest() : start;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "penstock-tail");
            made.setDaemon(true);
            return made;
        });
        this.calling = new Calling(
                thread, listener::notice, this::fail, settings.follow() ? Optional.empty() : Optional.of(patience));
    }

    /** Begins; the client stays the caller's to close, after the tail. */
    public static Tail start(KinesisAsyncClient client, Settings settings, Listener listener) {
        return start(client, settings, listener, PATIENCE);
    }

    /** @param patience of a tail that does not follow, with what may pass */
    static Tail start(KinesisAsyncClient client, Settings settings, Listener listener, Duration patience) {
        Tail tail = new Tail(client, settings, listener, patience);
        tail.calling.later(Duration.ZERO, tail::open);
        return tail;
    }

    /** Completes when the tail is over: closed, at its bound, or, if it does not follow, at the end. */
    public CompletableFuture<Void> done() {
        return done.copy();
    }

    private void open() {
        calling.call(calls::shards, this::opened, failure -> {
            boolean missing = failure instanceof ResourceNotFoundException;
            if (missing && settings.follow()) {
                calling.say("waiting for stream " + settings.stream() + ", which does not exist yet");
                start = new Start.Oldest();
                childStart = start;
                calling.later(MISSING_PAUSE, this::open);
            }
            return missing && settings.follow();
        });
    }

    private void opened(List<Shard> shards) {
        for (Shard shard : shards) {
            tree.add(ShardTree.Node.of(
                    shard.shardId(), Stream.of(text(shard.parentShardId()), text(shard.adjacentParentShardId()))));
            boolean closed = shard.sequenceNumberRange() != null
                    && shard.sequenceNumberRange().endingSequenceNumber() != null;
            if (closed && start instanceof Start.Now) {
                tree.done(shard.shardId());
            }
        }
        beginReady(start);
        endIfCaughtUp();
    }

    private static String text(@Nullable String id) {
        return id == null ? "" : id;
    }

    private void beginReady(Start from) {
        for (String shard : tree.begin()) {
            ShardReader reader = new ShardReader(shard, from, calls, reading);
            readers.put(shard, reader);
            reader.begin();
        }
    }

    private void relisted(List<Shard> shards) {
        for (Shard shard : shards) {
            tree.add(ShardTree.Node.of(
                    shard.shardId(), Stream.of(text(shard.parentShardId()), text(shard.adjacentParentShardId()))));
        }
        beginReady(childStart);
        endIfCaughtUp();
    }

    private void say(String shard, List<String> children) {
        calling.say("shard " + shard + " has ended; going on with " + String.join(", ", children));
    }

    private void endIfCaughtUp() {
        boolean all = tree.waiting() == 0 && readers.values().stream().allMatch(ShardReader::isCaughtUp);
        if (all && !settings.follow()) {
            end();
        }
    }

    private void fail(Throwable cause) {
        thread.shutdownNow();
        String remedy = cause instanceof ResourceNotFoundException ? "; they are listed by: penstock streams" : "";
        done.completeExceptionally(new Failure(
                "cannot follow stream " + settings.stream() + ": " + Calling.describe(cause) + remedy, cause));
    }

    private void end() {
        thread.shutdownNow();
        done.complete(null);
    }

    /** Reads no more; the listener may be told of one more record. */
    @Override
    public void close() {
        end();
    }

    /** What each shard's reader tells. */
    private final class Reading implements ShardReader.Owner {
        @Override
        public boolean record(Record record) {
            if (done.isDone()) {
                return false;
            }
            boolean wanted = listener.record(record);
            taken++;
            if (!wanted || taken == settings.maxRecords()) {
                end();
            }
            return !done.isDone();
        }

        @Override
        public void caughtUp() {
            endIfCaughtUp();
        }

        @Override
        public void ended(String shard, GetRecordsResponse last) {
            readers.remove(shard);
            tree.done(shard);
            for (ChildShard child : last.childShards()) {
                tree.add(ShardTree.Node.of(child.shardId(), child.parentShards().stream()));
            }
            if (last.childShards().isEmpty()) {
                // Older endpoints do not name the children.
                calling.call(calls::shards, Tail.this::relisted, failure -> false);
            } else {
                say(shard, last.childShards().stream().map(ChildShard::shardId).toList());
                beginReady(childStart);
            }
            endIfCaughtUp();
        }

        @Override
        public Calling calling() {
            return calling;
        }
    }

    /** Receives what a tail reads, on the tail's one thread: while it is in here, nothing more is read. */
    public interface Listener {
        /**
         * Records of one shard come in their order; those of a child come after all of its parents'. Returns whether
         * more are wanted.
         */
        boolean record(Record record);

        /** Something that the user should know: waiting, a reshard, a call that is tried again. */
        void notice(String text);
    }

    /**
     * One record of the stream.
     *
     * @param shard the id of its shard
     * @param sequenceNumber decimal
     * @param partitionKey as it was put
     * @param arrived when the stream took it
     * @param data its bytes; the receiver's to keep
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on and printed, never compared
    public record Record(String shard, String sequenceNumber, String partitionKey, Instant arrived, byte[] data) {}

    /** Where a tail begins. */
    public sealed interface Start {
        /** With the oldest record that the stream still has. */
        record Oldest() implements Start {}

        /** With what comes from now on. */
        record Now() implements Start {}

        /** With the first record that arrived at {@code time} or later. */
        record At(Instant time) implements Start {}
    }

    /**
     * What to follow.
     *
     * @param stream its name; one that does not exist yet is waited for, and then read from its first record
     * @param start where to begin
     * @param follow whether to go on when everything that is there has been read
     * @param maxRecords after which to stop; {@link Long#MAX_VALUE} for no bound
     */
    public record Settings(String stream, Start start, boolean follow, long maxRecords) {
        public Settings {
            if (maxRecords < 1) {
                throw new IllegalArgumentException("at least one record, not " + maxRecords);
            }
        }

        /** Everything that comes after {@code start}, until it is closed. */
        public static Settings following(String stream, Start start) {
            return new Settings(stream, start, true, Long.MAX_VALUE);
        }
    }

    /** The stream cannot be followed any further; the message says why and what to do. */
    public static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String text;

        Failure(String text, Throwable cause) {
            super(text, cause);
            this.text = text;
        }

        /** Why, and what to do. */
        public String text() {
            return text;
        }
    }
}
