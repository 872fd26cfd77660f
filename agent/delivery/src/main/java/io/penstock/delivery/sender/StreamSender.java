package io.penstock.delivery.sender;

import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Explanation;
import io.penstock.base.text.CauseText;
import io.penstock.base.text.RateLimitedLog;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.OwnerCheck;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.kinesis.Endpoint;
import io.penstock.delivery.kinesis.fault.Fault;
import io.penstock.delivery.kinesis.put.PutOutcome;
import io.penstock.delivery.kinesis.shards.ShardMap;
import io.penstock.delivery.sender.call.Batcher;
import io.penstock.delivery.sender.call.Call;
import io.penstock.delivery.sender.call.CallLimits;
import io.penstock.delivery.sender.deadletter.DeadLetters;
import io.penstock.delivery.sender.read.BacklogReader;
import io.penstock.delivery.sender.read.KeyDoctor;
import io.penstock.delivery.sender.read.MissingRecords;
import io.penstock.delivery.sender.schedule.Lanes;
import io.penstock.delivery.sender.schedule.Pace;
import io.penstock.delivery.sender.schedule.SendRecord;
import io.penstock.delivery.sender.settle.CallResultHandler;
import io.penstock.delivery.sender.settle.Health;
import io.penstock.delivery.sender.settle.OrderPromise;
import io.penstock.delivery.sender.settle.ShardWatch;
import io.penstock.delivery.sender.status.StreamCounters;
import io.penstock.delivery.sender.status.StreamStatus;
import io.penstock.delivery.sender.status.Usage;
import io.penstock.delivery.spool.Backlog;
import io.penstock.delivery.spool.StreamId;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import org.slf4j.LoggerFactory;

/**
 * Moves the records of one stream from the spool to the target.
 *
 * <p>{@link #doWork} is the whole loop. It never waits, and returns the time of its next call. New records, answers and
 * {@link #stop} call {@code wake} from their threads. One thread at a time calls {@link #doWork} and owns all state;
 * answers reach that thread through a queue of tasks.
 */
@OwnedBy(ThreadRole.SENDER)
final class StreamSender {
    private final RateLimitedLog log = RateLimitedLog.of(LoggerFactory.getLogger(StreamSender.class));
    private static final long STARVED_PAUSE = Duration.ofMillis(20).toNanos();
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long UNREADABLE_PAUSE = SECOND;
    /** A target that says nothing for as long is reported, though a call may take longer. */
    private static final long SILENCE = 5 * SECOND;

    private final Backlog backlog;
    private final OwnerCheck owner = new OwnerCheck();
    private final Endpoint endpoint;
    private final CallLimits limits;
    private final LongSupplier clock;
    private final Runnable wake;
    private final Lanes lanes;
    private final KeyDoctor doctor;
    private final BacklogReader reader;
    private final Batcher batcher;
    private final Health health;
    private final ShardWatch watch;
    private final DeadLetters deadLetters;
    private final TargetSendQueue.Slot slot;
    private final Slowdown slowdown;
    private final OrderPromise promise = new OrderPromise();
    private final CallResultHandler results;
    private final StreamCounters counters;
    private final Usage usage;
    private final MissingRecords missing;

    // For the sender's life.
    private final Set<Call> out = new LinkedHashSet<>();
    private long sentBelow;
    private long answeredAt;
    private boolean asked;
    private long unreadableUntil;

    // For one pass.
    private boolean held;

    // Any thread.
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Long> stopped = new CompletableFuture<>();
    private volatile boolean flushing;
    private volatile boolean stopping;
    private volatile Snapshot snapshot = Snapshot.NONE;
    private volatile ShardMap shards = ShardMap.UNKNOWN;

    private record Snapshot(
            StreamStatus.State state,
            Optional<Explanation> why,
            StreamStatus.Load load,
            long settled,
            StreamStatus.Keys keys) {
        static final Snapshot NONE = new Snapshot(
                StreamStatus.State.DELIVERING, Optional.empty(), StreamStatus.Load.NONE, 0, StreamStatus.Keys.NONE);
    }

    StreamSender(Backlog backlog, Endpoint endpoint, SenderSettings settings, Predecessor predecessor, Runnable wake) {
        SenderSettings.Rules rules = settings.rules();
        long now = settings.clock().getAsLong();
        this.backlog = backlog;
        this.endpoint = endpoint;
        this.limits = rules.limits();
        this.clock = settings.clock();
        this.wake = wake;
        this.lanes = new Lanes(
                rules.perKey(),
                rules.windowBytes(),
                (shards, time) -> new Pace(rules.shardRate(), shards, settings.random(), time),
                new Pace(Double.POSITIVE_INFINITY, 1, settings.random(), now),
                now);
        this.doctor = new KeyDoctor();
        this.missing = new MissingRecords(backlog, lanes, out);
        this.sentBelow = predecessor.sentBelow();
        this.answeredAt = now;
        this.reader = new BacklogReader(
                backlog, lanes, settings.memory(), doctor, rules.windowBytes(), missing, predecessor.sentBelow());
        this.batcher = new Batcher(backlog.stream().stream(), lanes, limits, settings.random());
        this.health = new Health(rules.probeEvery(), settings.random());
        this.watch = new ShardWatch(
                backlog.stream(),
                endpoint,
                rules.autoCreate(),
                lanes,
                health,
                clock,
                this::onLoop,
                predecessor.maxRecordBytes());
        this.counters = predecessor.counters();
        this.deadLetters = settings.deadLetters();
        this.slot = settings.slot();
        this.slowdown = new Slowdown(backlog.stream(), lanes, slot, now);
        this.results = new CallResultHandler(
                backlog, lanes, settings.memory(), health, watch, promise, deadLetters, counters, settings.delays());
        this.usage = new Usage(lanes, counters, backlog.end(), now);
        takeSnapshot();
        backlog.onAppended(wake);
    }

    StreamId stream() {
        return backlog.stream();
    }

    /**
     * Does all that is possible now.
     *
     * @return when to call again unless woken before, in nanoseconds of the clock; {@link Long#MAX_VALUE} for only when
     *     woken
     */
    long doWork() {
        assert owner.isHere();
        counters.passes.increment();
        if (stopped.isDone()) {
            return Long.MAX_VALUE;
        }
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        if (!asked) {
            asked = true;
            watch.askSummary();
        }
        long now = clock.getAsLong();
        expire(now);
        missing.look();
        usage.look(now, backlog.end());
        long next = stopping ? stopWhenBack() : deliver(now);
        for (Call call : out) {
            next = Math.min(next, call.deadline());
        }
        OptionalLong since = silentSince();
        if (since.isPresent() && now - since.getAsLong() < SILENCE) {
            next = Math.min(next, since.getAsLong() + SILENCE);
        }
        long publish = backlog.publish(now);
        if (publish != Long.MAX_VALUE) {
            next = Math.min(next, now + publish);
        }
        takeSnapshot();
        return next;
    }

    private long deliver(long now) {
        if (watch.spreads() != lanes.spreads() && out.isEmpty()) {
            lanes.spread(watch.spreads(), now);
        }
        long next = fill(now);
        if (!hasWork() && !watch.sawReshard()) {
            slot.withdraw();
            held = false;
            if (health.troubled() && out.isEmpty() && backlog.unsettled() == 0) {
                health.rest();
            }
            return next;
        }
        watch.poll();
        boolean sent = send(now);
        if (sent && backlog.start() + lanes.heldRecords() < backlog.end()) {
            return now;
        }
        next = Math.min(next, Math.min(health.changesAt(now), watch.due()));
        if (held) {
            // At a low rate the next call is far away: the stream reports that it waits long before.
            boolean toBeSaid = slot.heldByRate() && !slowdown.byRate();
            return Math.min(next, toBeSaid ? Math.min(slot.opensAt(now), now + 4 * SECOND) : slot.opensAt(now));
        }
        if (mayCall() && out.size() < health.callsAllowed(now, limits.maxCalls())) {
            next = Math.min(next, batcher.due(now, runs(now), flushing));
        }
        return next;
    }

    private long fill(long now) {
        if (now < unreadableUntil) {
            return unreadableUntil;
        }
        try {
            boolean runs = runs(now);
            return switch (reader.fill(now, () -> batcher.fills(now, runs))) {
                case RESTED -> Long.MAX_VALUE;
                case MORE -> now;
                case STARVED -> now + STARVED_PAUSE;
            };
        } catch (IOException unreadable) {
            log.error(
                    "unreadable",
                    "The spool of " + backlog.stream() + " cannot be read and is tried again: "
                            + CauseText.orUnknown(unreadable));
            unreadableUntil = now + UNREADABLE_PAUSE;
            return unreadableUntil;
        }
    }

    /** False also until the calls that go by keys are back from a stream that ignores them, and the other way round. */
    private boolean mayCall() {
        return watch.settled() && watch.spreads() == lanes.spreads();
    }

    /** True if several records of one key may share a call. */
    private boolean runs(long now) {
        return promise.holds(now) && !lanes.spreads();
    }

    private boolean hasWork() {
        return lanes.heldRecords() > 0;
    }

    private boolean send(long now) {
        held = false;
        try {
            return sendWhatMay(now);
        } finally {
            if (!held) {
                slot.withdraw();
            }
        }
    }

    private boolean sendWhatMay(long now) {
        boolean sent = false;
        while (mayCall() && out.size() < health.callsAllowed(now, limits.maxCalls())) {
            boolean runs = runs(now);
            if (batcher.due(now, runs, flushing) > now) {
                break;
            }
            if (!slot.admits(now)) {
                held = true;
                if (slot.heldByRate()) {
                    slowdown.heldByRate();
                }
                break;
            }
            Call call = batcher.fill(now, runs, health.troubled()).orElse(null);
            if (call == null) {
                break;
            }
            sent = true;
            out.add(call);
            for (SendRecord record : call.records()) {
                sentBelow = Math.max(sentBelow, record.offset() + 1);
            }
            counters.calls.increment();
            slot.sent(call.request());
            endpoint.put(call.request(), outcome -> onLoop(() -> answered(call, outcome)));
        }
        return sent;
    }

    private void onLoop(Runnable task) {
        tasks.add(task);
        wake.run();
    }

    private void answered(Call call, PutOutcome outcome) {
        answeredAt = clock.getAsLong();
        if (out.remove(call)) {
            slot.back();
            results.settle(call, outcome, answeredAt);
        }
    }

    private void expire(long now) {
        for (Call call : Set.copyOf(out)) {
            if (now >= call.deadline() && out.remove(call)) {
                slot.back();
                Fault fault = new Fault.Unavailable(
                        Explanation.of(ConditionName.NO_ANSWER, "a call got no answer in time"), true);
                results.settle(call, new PutOutcome.Failed(fault), now);
            }
        }
    }

    /** The last answer, or the call after it that has none yet; empty while no call waits. */
    private OptionalLong silentSince() {
        OptionalLong called = out.isEmpty()
                ? watch.waitsSince()
                : OptionalLong.of(out.iterator().next().sentAt());
        return called.isEmpty() ? called : OptionalLong.of(Math.max(answeredAt, called.getAsLong()));
    }

    /** Why nothing is heard of the calls in flight, long before their time is up. */
    private Optional<Explanation> silent(long now) {
        OptionalLong since = silentSince();
        return since.isEmpty() || now - since.getAsLong() < SILENCE
                ? Optional.empty()
                : Optional.of(Explanation.of(
                        ConditionName.NO_ANSWER,
                        "the target was called more than " + SILENCE / SECOND
                                + " seconds ago and has not answered yet"));
    }

    private void takeSnapshot() {
        shards = lanes.map();
        slowdown.look(clock.getAsLong(), hasWork(), watch.mode());
        snapshot = new Snapshot(
                state(),
                health.why().or(slowdown::why).or(() -> silent(clock.getAsLong())),
                new StreamStatus.Load(
                        lanes.map().known() ? lanes.map().shards().size() : 0,
                        slowdown.strainedShards(),
                        slowdown.byRate(),
                        out.size(),
                        lanes.heldRecords(),
                        lanes.heldBytes(),
                        reader.oldestTimestamp()),
                backlog.end() - backlog.unsettled(),
                lanes.spreads() ? StreamStatus.Keys.IGNORED : doctor.diagnosis());
    }

    private StreamStatus.State state() {
        if (stopped.isDone()) {
            return StreamStatus.State.STOPPED;
        }
        if (watch.creating()) {
            return StreamStatus.State.CREATING;
        }
        if (health.parked()) {
            return StreamStatus.State.PARKED;
        }
        if (health.troubled()) {
            return StreamStatus.State.BACKING_OFF;
        }
        return slowdown.why().isEmpty() ? StreamStatus.State.DELIVERING : StreamStatus.State.THROTTLED;
    }

    /** The open shards of the stream, as of the last pass. Any thread. */
    ShardMap shards() {
        return shards;
    }

    /** True if the stream does not exist, by present knowledge, and is not made by the sender. Any thread. */
    boolean absent() {
        return watch.absent();
    }

    /** From now on calls do not wait to fill. Any thread. */
    void flush() {
        flushing = true;
        wake.run();
    }

    /** The number of durable records that are not settled, as of the last pass. Any thread. */
    long left() {
        return backlog.end() - snapshot.settled;
    }

    /**
     * Makes no further call. Completes when the results of the calls in flight are processed, with the number of
     * records left in the spool. Any thread.
     */
    CompletableFuture<Long> stop() {
        stopping = true;
        wake.run();
        return stopped;
    }

    /** As {@link #stop}, without waiting for the calls in flight: their results stay unknown. */
    void abandon() {
        onLoop(this::leave);
    }

    boolean isStopping() {
        return stopping;
    }

    boolean isStopped() {
        return stopped.isDone();
    }

    /** What the next sender takes over when this one is replaced. */
    Predecessor predecessor() {
        return new Predecessor(counters, sentBelow, watch.maxRecordBytes());
    }

    private long stopWhenBack() {
        slot.withdraw();
        if (out.isEmpty()) {
            leave();
        }
        return Long.MAX_VALUE;
    }

    private void leave() {
        stopping = true;
        out.forEach(call -> slot.back());
        out.clear();
        backlog.publish(clock.getAsLong());
        stopped.complete(backlog.unsettled());
    }

    /** The present status. Any thread. */
    StreamStatus status() {
        Snapshot last = snapshot;
        return new StreamStatus(
                backlog.stream(),
                last.state,
                last.why,
                last.load,
                counters.stored(),
                counters.effort(),
                counters.deadLetters(deadLetters.letters()),
                usage.publish(last.load.shards(), watch.mode(), clock.getAsLong()),
                last.keys);
    }

    /** The largest record that the stream takes, by present knowledge: data and partition key. Any thread. */
    int maxRecordBytes() {
        return watch.maxRecordBytes();
    }

    /** How often {@link #doWork} ran. Any thread. */
    long passes() {
        return counters.passes.sum();
    }

    /**
     * What a stream's new sender takes over from the one that it replaces.
     *
     * @param counters continue from their values
     * @param sentBelow the old sender put no record at or above this offset into a call
     * @param maxRecordBytes the largest record that the stream takes, as last reported
     */
    record Predecessor(StreamCounters counters, long sentBelow, int maxRecordBytes) {
        /** For the first sender of a stream. */
        static Predecessor none() {
            return new Predecessor(new StreamCounters(), 0, ShardWatch.DEFAULT_MAX_RECORD);
        }
    }
}
