package io.penstock.delivery.sender;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.delivery.kinesis.settings.TargetSettings;
import io.penstock.delivery.kinesis.settings.TargetSettings.Api;
import io.penstock.delivery.sender.status.StreamStatus;
import io.penstock.delivery.spool.StreamId;
import io.penstock.engine.StreamEngine;
import io.penstock.faults.FaultPlan;
import io.penstock.faults.FaultPlan.Fault;
import io.penstock.faults.FaultyKinesis;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One delivery through the faulty endpoint to the real engine, to a stream without and to one with aggregation, and the
 * checks after it: nothing lost, in order per key, duplicates only of records whose result the sender counts as
 * unknown, no busy loop, memory released.
 */
final class FaultRound {
    private static final long WINDOW = 32L << 20;
    private static final Duration HANGING = Duration.ofSeconds(3);
    private static final Duration USUAL = Duration.ofSeconds(20);

    private final StreamEngine engine;
    private final StreamReader reader;
    private final Path folder;
    private final FaultPlan plan;
    private final Api api;
    long seed = 7;
    int records = 400;
    int keys = 40;
    int callBytes = 1 << 10;
    boolean duplicatesAllowed;
    boolean resharded;
    Meanwhile meanwhile = (bench, proxy, name) -> {};

    /** A further action once the first half of the records was appended. */
    @FunctionalInterface
    interface Meanwhile {
        void happens(DeliveryBench bench, FaultyKinesis proxy, String name) throws Exception;
    }

    FaultRound(StreamEngine engine, StreamReader reader, Path folder, FaultPlan plan, Api api) {
        this.engine = engine;
        this.reader = reader;
        this.folder = folder;
        this.plan = plan;
        this.api = api;
        this.duplicatesAllowed = plan.shares().getOrDefault(Fault.RESET_AFTER, 0.0) > 0;
    }

    static StreamId plain(String name) {
        return new StreamId("default", name);
    }

    static StreamId aggregated(String name) {
        return new StreamId("default", name + "-aggregated");
    }

    /** @param name of the streams, new ones */
    void run(String name) throws Exception {
        long start = System.nanoTime();
        try (FaultyKinesis proxy = new FaultyKinesis(
                0, URI.create("http://127.0.0.1:" + engine.address().getPort()), plan, seed)) {
            TargetSettings target = TargetSettings.embedded(proxy.uri(), 8)
                    .withApi(api)
                    .withMaxCallBytes(callBytes)
                    .withCallTimeout(plan.shares().getOrDefault(Fault.HANG, 0.0) > 0 ? HANGING : USUAL);
            try (DeliveryBench bench = new DeliveryBench(folder.resolve(name), target, Duration.ofMillis(200))) {
                append(bench, name, 0, records / 2);
                meanwhile.happens(bench, proxy, name);
                append(bench, name, records / 2, records);
                for (StreamId stream : List.of(plain(name), aggregated(name))) {
                    await(stream.stream())
                            .atMost(Duration.ofSeconds(60))
                            .pollInterval(Duration.ofMillis(10))
                            .until(() -> delivered(bench, stream));
                    check(bench.status(stream), stream, proxy);
                }
                long passes = bench.status(plain(name)).effort().passes()
                        + bench.status(aggregated(name)).effort().passes();
                long seconds = 1 + (System.nanoTime() - start) / 1_000_000_000L;
                long work = 2L * records + proxy.calls();
                assertTrue(
                        passes <= 4 * work + 200 * seconds,
                        () -> passes + " passes, " + proxy.calls() + " calls, " + seconds + " s");
                assertTrue(proxy.faults() > 0 || plan.harmless(), "no fault was met");
            }
        }
    }

    private void append(DeliveryBench bench, String name, int from, int to) {
        for (int i = from; i < to; i++) {
            bench.aggregate = false;
            bench.append(plain(name), "key-" + i % keys, "" + i);
            bench.aggregate = true;
            bench.append(aggregated(name), "key-" + i % keys, "" + i);
        }
    }

    private boolean delivered(DeliveryBench bench, StreamId stream) {
        StreamStatus status = bench.status(stream);
        assertTrue(
                status.load().bytes() <= WINDOW, () -> "held: " + status.load().bytes());
        return bench.delivered(stream) >= records && status.load().records() == 0;
    }

    private void check(StreamStatus status, StreamId stream, FaultyKinesis proxy) {
        List<StreamReader.Read> read = reader.readAll(stream.stream());
        assertEquals(records, read.stream().distinct().count(), "lost");
        long duplicates = read.size() - records;
        assertTrue(duplicates <= status.effort().possibleDuplicates(), () -> duplicates + " duplicates, " + status);
        if (!duplicatesAllowed) {
            assertEquals(0, duplicates, () -> "duplicates, " + status);
        }
        boolean wholeInOneChild = resharded && stream.stream().endsWith("-aggregated");
        if (!wholeInOneChild) {
            StreamReader.assertOrdered(StreamReader.firstOfEach(read));
        }
        assertEquals(0, status.effort().brokenPromises());
        assertEquals(0, status.load().bytes(), "memory not given back");
        assertEquals(0, status.deadLetters().written());
        if (proxy.throttled() == proxy.faults()) {
            assertEquals(0, status.effort().possibleDuplicates(), "a throttled record was not stored");
        }
    }

    /** The round's description, for messages. */
    @Override
    public String toString() {
        return Map.of("api", api, "plan", plan, "seed", seed).toString();
    }
}
