package io.penstock.delivery.sender;

import io.penstock.base.memory.MemoryBudget;
import io.penstock.delivery.kinesis.settings.AutoCreate;
import io.penstock.delivery.kinesis.settings.Priority;
import io.penstock.delivery.sender.call.CallLimits;
import io.penstock.delivery.sender.deadletter.DeadLetters;
import io.penstock.delivery.sender.schedule.SenderMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/** A sender between a spool in memory and a fake endpoint, all in virtual time and on the test's thread. */
final class SenderBench {
    final VirtualTime time;
    final MemoryBacklog backlog;
    final FakeKinesis kinesis;
    SenderMemory memory = new SenderMemory(MemoryBudget.of(64 << 20).account(1.0));
    TargetSendQueue queue = new TargetSendQueue(Double.POSITIVE_INFINITY, 240, call -> 1, 0);
    Priority priority = Priority.NORMAL;
    final DeadLetters deadLetters;
    StreamSender sender;
    CallLimits limits = new CallLimits(
            500,
            10 << 20,
            CallLimits.AGGREGATE_BYTES,
            8,
            false,
            Duration.ofMillis(20).toNanos(),
            Duration.ofSeconds(10).toNanos());
    boolean perKey = true;
    double shardRate = Double.POSITIVE_INFINITY;
    AutoCreate autoCreate = AutoCreate.OFF;
    long window = 4 << 20;
    private final long seed;
    private boolean woken;
    private long due;

    SenderBench(Path folder, int shards, long seed) {
        this(folder, new VirtualTime(), shards, seed);
    }

    private SenderBench(Path folder, VirtualTime time, int shards, long seed) {
        this(folder, time, new FakeKinesis(time, shards, seed), seed);
    }

    /** One of several senders to one endpoint. */
    SenderBench(Path folder, VirtualTime time, FakeKinesis kinesis, long seed) {
        this(folder, time, kinesis, seed, 1 << 22);
    }

    /** @param span how far beyond the first unsettled record others may be settled */
    SenderBench(Path folder, VirtualTime time, int shards, long seed, int span) {
        this(folder, time, new FakeKinesis(time, shards, seed), seed, span);
    }

    private SenderBench(Path folder, VirtualTime time, FakeKinesis kinesis, long seed, int span) {
        this.seed = seed;
        this.time = time;
        this.kinesis = kinesis;
        this.backlog = new MemoryBacklog(span);
        this.deadLetters = new DeadLetters(
                folder, backlog.stream(), InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")), 1 << 20);
    }

    /** Starts a sender, or another one after a crash of the first: settled records stay settled. */
    SenderBench start() {
        SenderSettings settings = new SenderSettings(
                new SenderSettings.Rules(limits, perKey, shardRate, autoCreate, window, Duration.ofSeconds(30)),
                time::now,
                new SplittableRandom(seed),
                memory,
                queue.join(priority, () -> woken = true),
                deadLetters);
        sender = new StreamSender(backlog, kinesis, settings, StreamSender.Predecessor.none(), () -> woken = true);
        woken = true;
        return this;
    }

    void askForOrder() {
        limits = new CallLimits(
                limits.maxRecords(),
                limits.maxBytes(),
                limits.aggregateBytes(),
                limits.maxCalls(),
                true,
                limits.lingerNanos(),
                limits.timeoutNanos());
    }

    void singleRecords() {
        limits = new CallLimits(1, limits.maxBytes(), limits.aggregateBytes(), 64, false, 0, limits.timeoutNanos());
    }

    /** Runs until all records are settled; fails if the sender sleeps for ever before that. */
    void runToTheEnd() {
        runUntil(backlog::allSettled);
    }

    void runUntil(BooleanSupplier reached) {
        long passes = sender.passes();
        while (!reached.getAsBoolean()) {
            if (!step(Long.MAX_VALUE)) {
                throw new AssertionError("the sender sleeps for good: " + sender.status());
            }
            if (sender.passes() - passes > 10_000_000) {
                throw new AssertionError("no end: " + sender.status());
            }
        }
    }

    void runFor(Duration duration) {
        long end = time.now() + duration.toNanos();
        while (step(end)) {
            // until the end
        }
        time.advanceTo(end);
    }

    /** Runs several on one endpoint. */
    static void runFor(List<SenderBench> benches, Duration duration) {
        VirtualTime time = benches.get(0).time;
        long end = time.now() + duration.toNanos();
        while (true) {
            long next = time.next();
            boolean worked = false;
            for (SenderBench bench : benches) {
                if (bench.woken || bench.due <= time.now()) {
                    bench.woken = false;
                    bench.due = bench.sender.doWork();
                    worked = true;
                }
                next = Math.min(next, bench.due);
            }
            if (!worked) {
                if (next > end) {
                    time.advanceTo(end);
                    return;
                }
                time.advanceTo(next);
            }
        }
    }

    private boolean step(long end) {
        if (woken || due <= time.now()) {
            woken = false;
            due = sender.doWork();
            return true;
        }
        long next = Math.min(due, time.next());
        if (next == Long.MAX_VALUE || next > end) {
            return false;
        }
        time.advanceTo(next);
        return true;
    }

    /** The number of stored records beyond one of each. */
    long duplicates() {
        Set<String> seen = new HashSet<>();
        return kinesis.stored.stream()
                .filter(each -> !seen.add(each.key() + "/" + each.data()))
                .count();
    }

    /** The data of each key's records at their first occurrence, in the stream's order. */
    Map<String, List<String>> storedByKey() {
        Map<String, List<String>> keys = new HashMap<>();
        Set<String> seen = new HashSet<>();
        for (FakeKinesis.StoredRecord each : kinesis.stored) {
            if (seen.add(each.key() + "/" + each.data())) {
                keys.computeIfAbsent(each.key(), key -> new ArrayList<>()).add(each.data());
            }
        }
        return keys;
    }
}
