package io.penstock.delivery.sender;

import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Explanation;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.delivery.kinesis.KinesisEndpoint;
import io.penstock.delivery.kinesis.fault.Fault;
import io.penstock.delivery.kinesis.fault.FaultException;
import io.penstock.delivery.kinesis.pass.PassedAnswer;
import io.penstock.delivery.kinesis.pass.PassedCall;
import io.penstock.delivery.kinesis.settings.Priority;
import io.penstock.delivery.kinesis.settings.TargetSettings;
import io.penstock.delivery.kinesis.shards.ShardMap;
import io.penstock.delivery.sender.call.CallLimits;
import io.penstock.delivery.sender.deadletter.DeadLetters;
import io.penstock.delivery.sender.schedule.SenderMemory;
import io.penstock.delivery.sender.status.DelayListener;
import io.penstock.delivery.sender.status.StreamStatus;
import io.penstock.delivery.spool.Backlog;
import io.penstock.delivery.spool.StreamId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers every spool to its target. Any thread.
 *
 * <p>{@link #add} is called when spools open, {@link #close} before the spools close. Memory is bounded by the given
 * account over all streams, and by a window per stream.
 */
public final class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private static final long WINDOW = 32L << 20;
    private static final long DEAD_LETTERS = 1L << 30;
    private static final int MOST_THREADS = 4;
    /** The interval between tries of a parked stream. */
    public static final Duration PROBE = Duration.ofSeconds(30);

    private static final Duration LAST_LOOK = Duration.ofSeconds(1);
    private static final int IDLE_POLL_MILLIS = 5;

    /** Replaced as a whole. */
    private volatile Map<String, Target> targets;

    private Function<StreamId, Priority> priorities;
    private final Path deadLetters;
    private final InstantSource time;
    private final Duration probe;
    private final long origin = System.nanoTime();
    private final LongSupplier clock = this::nanos;
    private final SenderThreads threads;
    private final MemoryBudget.Account memory;
    private final Map<StreamId, SupervisedSender> senders = new ConcurrentHashMap<>();
    private final Map<StreamId, Explanation> homeless = new ConcurrentHashMap<>();
    private final Map<StreamId, Place> places = new HashMap<>();
    private final Set<KinesisEndpoint> retired = ConcurrentHashMap.newKeySet();
    private volatile boolean closing;
    private volatile DelayListener delays = DelayListener.NONE;

    /** What the streams of a target share. */
    private record Target(TargetSettings settings, KinesisEndpoint endpoint, TargetSendQueue queue) {}

    /** Where a stream's sender runs. */
    private record Place(Backlog backlog, SenderThreads.Seat seat, Priority priority) {}

    private Delivery(
            Map<String, TargetSettings> targets,
            Function<StreamId, Priority> priorities,
            Path deadLetters,
            InstantSource time,
            MemoryBudget.Account memory,
            Duration probe) {
        this.memory = memory;
        this.priorities = priorities;
        this.deadLetters = deadLetters;
        this.time = time;
        this.probe = probe;
        this.threads =
                new SenderThreads(Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()), clock);
        Map<String, Target> made = new HashMap<>();
        targets.forEach((name, settings) -> made.put(name, target(settings)));
        this.targets = Map.copyOf(made);
    }

    private Target target(TargetSettings settings) {
        return new Target(settings, KinesisEndpoint.create(settings), TargetSendQueue.of(settings, clock.getAsLong()));
    }

    /**
     * Prepares delivery to these targets; connects to none yet.
     *
     * @param targets by name, as in {@link StreamId#target()}
     * @param priorities of each stream when it is added
     * @param deadLetters the folder for records that are refused for good; created when needed
     * @param memory for the records of all streams
     * @param probe the interval between tries of a parked stream
     */
    public static Delivery start(
            Map<String, TargetSettings> targets,
            Function<StreamId, Priority> priorities,
            Path deadLetters,
            InstantSource time,
            MemoryBudget.Account memory,
            Duration probe) {
        return new Delivery(targets, priorities, deadLetters, time, memory, probe);
    }

    private long nanos() {
        return System.nanoTime() - origin;
    }

    /** {@code listener} learns how long records were under way. To be called before {@link #add}. */
    public void onDelivered(DelayListener listener) {
        delays = listener;
    }

    /** Delivers the present and future records of {@code backlog}. To be called once per stream. */
    public synchronized void add(Backlog backlog) {
        place(backlog, threads.seat());
    }

    private void place(Backlog backlog, SenderThreads.Seat seat) {
        StreamId stream = backlog.stream();
        Priority priority = priorities.apply(stream);
        places.put(stream, new Place(backlog, seat, priority));
        Target target = targets.get(stream.target());
        if (target == null) {
            homeless.put(
                    stream,
                    Explanation.of(
                            ConditionName.TARGET_REMOVED,
                            "target " + stream.target()
                                    + " is not configured any more; its records stay in the spool"));
            backlog.onAppended(seat::wake);
            seat.take(new HomelessStream(backlog, clock));
            return;
        }
        SupervisedSender sender = new SupervisedSender(
                backlog,
                target.endpoint(),
                settings(target, priority, seat, new DeadLetters(deadLetters, stream, time, DEAD_LETTERS)),
                seat::wake);
        senders.put(stream, sender);
        homeless.remove(stream);
        if (closing) {
            CompletableFuture<Long> unused = sender.stop();
        }
        seat.take(sender);
    }

    /**
     * Delivers to these targets from now on. A stream whose target or priority is another goes on as soon as the
     * results of its calls in flight are processed, from the first record that is not settled: nothing is lost, and
     * nothing is sent twice for the change. The records of a target that is gone stay in their spools. Does not wait.
     *
     * @param next every target by name
     * @param byStream priorities of each stream
     */
    public synchronized void change(Map<String, TargetSettings> next, Function<StreamId, Priority> byStream) {
        Map<String, Target> former = targets;
        Map<String, Target> made = new HashMap<>();
        next.forEach((name, settings) -> {
            Target known = former.get(name);
            made.put(name, known != null && known.settings().equals(settings) ? known : target(settings));
        });
        targets = Map.copyOf(made);
        priorities = byStream;
        Map<String, List<CompletableFuture<?>>> leaving = new HashMap<>();
        for (Place place : List.copyOf(places.values())) {
            String name = place.backlog().stream().target();
            CompletableFuture<?> moved = move(place, former.get(name), targets.get(name));
            leaving.computeIfAbsent(name, first -> new ArrayList<>()).add(moved);
        }
        former.forEach((name, target) -> {
            if (target != targets.get(name)) {
                retire(target, leaving.getOrDefault(name, List.of()));
            }
        });
    }

    private CompletableFuture<?> move(Place place, @Nullable Target from, @Nullable Target to) {
        StreamId stream = place.backlog().stream();
        SupervisedSender sender = senders.get(stream);
        Priority priority = priorities.apply(stream);
        boolean same = from == to && priority == place.priority();
        if (same || closing) {
            return CompletableFuture.completedFuture(null);
        }
        if (sender == null) {
            place(place.backlog(), place.seat());
            return CompletableFuture.completedFuture(null);
        }
        if (to == null || sender.isStopping()) {
            return sender.stop().thenRun(() -> takeLeave(place, sender));
        }
        places.put(stream, new Place(place.backlog(), place.seat(), priority));
        return sender.moveTo(to.endpoint(), settings(to, priority, place.seat(), sender.deadLetters()));
    }

    /** A sender that was stopped is replaced by what the targets of now say. */
    private synchronized void takeLeave(Place place, SupervisedSender sender) {
        if (!closing && senders.remove(place.backlog().stream(), sender)) {
            place(place.backlog(), place.seat());
        }
    }

    /** Closes an endpoint when its streams have left it, and calls that were passed on to it are answered or late. */
    private void retire(Target target, List<CompletableFuture<?>> leaving) {
        retired.add(target.endpoint());
        Executor later = CompletableFuture.delayedExecutor(
                target.settings().bounds().callTimeout().toMillis(), TimeUnit.MILLISECONDS);
        CompletableFuture<Void> unused = CompletableFuture.allOf(leaving.toArray(new CompletableFuture<?>[0]))
                .thenRunAsync(
                        () -> {
                            if (retired.remove(target.endpoint())) {
                                target.endpoint().close();
                            }
                        },
                        later);
    }

    /** The share of memory by priority: less urgent streams leave memory to more urgent ones. */
    private static double partOf(Priority priority) {
        return switch (priority) {
            case URGENT -> 1;
            case NORMAL -> 0.85;
            case BULK -> 0.7;
        };
    }

    /** @param letters the stream's, the same over all of its senders */
    private SenderSettings settings(Target of, Priority priority, SenderThreads.Seat seat, DeadLetters letters) {
        TargetSettings target = of.settings();
        MemoryBudget.Account share = memory.upTo(partOf(priority));
        TargetSendQueue.Slot slot = of.queue().join(priority, seat::wake);
        return new SenderSettings(
                new SenderSettings.Rules(
                        CallLimits.of(target, share.limit()),
                        target.sending().ordering() == TargetSettings.Ordering.PER_KEY,
                        target.bounds().shardRate(),
                        target.autoCreate(),
                        WINDOW,
                        probe),
                clock,
                new SplittableRandom(),
                new SenderMemory(share),
                slot,
                letters,
                delays);
    }

    /** The status of each stream that has a sender, and of each stream whose target is not configured any more. */
    public List<StreamStatus> status() {
        List<StreamStatus> all = new ArrayList<>();
        senders.values().forEach(sender -> all.add(priced(sender.status())));
        homeless.forEach((stream, why) -> all.add(StreamStatus.without(stream, Optional.of(why))));
        return all;
    }

    /** Each target whose clock differs from this machine's, and in words by how much. Any thread. */
    public Map<String, Explanation> clockSkews() {
        Map<String, Explanation> skews = new HashMap<>();
        targets.forEach((name, target) -> target.endpoint().clockSkew().ifPresent(why -> skews.put(name, why)));
        return skews;
    }

    private StreamStatus priced(StreamStatus status) {
        return Optional.ofNullable(targets.get(status.stream().target()))
                .flatMap(target -> target.settings().prices())
                .map(status::priced)
                .orElse(status);
    }

    /** The dead letters of {@code stream}; empty while it has no sender. Any thread. */
    public Optional<DeadLetters> deadLetters(StreamId stream) {
        return Optional.ofNullable(senders.get(stream)).map(SupervisedSender::deadLetters);
    }

    /** The open shards of {@code stream}, by present knowledge. */
    public ShardMap shards(StreamId stream) {
        SupervisedSender sender = senders.get(stream);
        return sender == null ? ShardMap.UNKNOWN : sender.shards();
    }

    /** True if {@code stream} does not exist, by present knowledge, and is not made on demand. */
    public boolean absent(StreamId stream) {
        SupervisedSender sender = senders.get(stream);
        return sender != null && sender.absent();
    }

    /**
     * Passes a client's call on to a target, signed with the target's credentials.
     *
     * @return the answer, whose body follows; fails with a {@link io.penstock.delivery.kinesis.fault.FaultException}
     */
    public CompletableFuture<PassedAnswer> pass(String target, PassedCall call) {
        Target known = targets.get(target);
        if (known == null) {
            return CompletableFuture.failedFuture(
                    new FaultException(new Fault.Unavailable("target " + target + " is not configured", false)));
        }
        return known.endpoint().pass(call);
    }

    /** The largest record that {@code stream} takes, data and partition key; empty while it has no sender. */
    public OptionalInt maxRecordBytes(StreamId stream) {
        SupervisedSender sender = senders.get(stream);
        return sender == null ? OptionalInt.empty() : OptionalInt.of(sender.maxRecordBytes());
    }

    /**
     * Sends the records of the spools without lingering, for at most {@code limit}; then makes no further call and
     * processes the results of those in flight. Afterwards no backlog is used any more.
     *
     * @return how many records stay in the spools, without those of streams that have no target
     */
    public long close(Duration limit) throws InterruptedException {
        synchronized (this) {
            closing = true; // from now on change() and leaving senders place none
        }
        long deadline = System.nanoTime() + limit.toNanos();
        senders.values().forEach(SupervisedSender::flush);
        while (System.nanoTime() < deadline && senders.values().stream().anyMatch(sender -> sender.left() > 0)) {
            TimeUnit.MILLISECONDS.sleep(IDLE_POLL_MILLIS);
        }
        Map<SupervisedSender, CompletableFuture<Long>> stops = new HashMap<>();
        senders.values().forEach(sender -> stops.put(sender, sender.stop()));
        long left = 0;
        for (Map.Entry<SupervisedSender, CompletableFuture<Long>> stop : stops.entrySet()) {
            left += leftBehind(stop.getKey(), stop.getValue(), deadline);
        }
        threads.close();
        targets.values().forEach(target -> target.endpoint().close());
        for (KinesisEndpoint former : retired) {
            if (retired.remove(former)) {
                former.close();
            }
        }
        return left;
    }

    private static long leftBehind(SupervisedSender sender, CompletableFuture<Long> stop, long deadline)
            throws InterruptedException {
        try {
            long wait = Math.max(0, deadline - System.nanoTime());
            return stop.get(wait, TimeUnit.NANOSECONDS);
        } catch (TimeoutException stillOut) {
            sender.abandon();
        } catch (ExecutionException unexpected) {
            LOG.error("The sender of {} did not stop cleanly", sender.stream(), unexpected);
        }
        try {
            return stop.get(LAST_LOOK.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException stuck) {
            LOG.error("The sender of {} did not stop cleanly", sender.stream(), stuck);
            return sender.left();
        }
    }
}
