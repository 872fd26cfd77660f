package io.penstock.delivery.sender;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.delivery.kinesis.settings.TargetSettings.Api;
import io.penstock.delivery.sender.status.StreamStatus;
import io.penstock.delivery.spool.StreamId;
import io.penstock.engine.EngineSettings;
import io.penstock.engine.StreamEngine;
import io.penstock.faults.FaultPlan;
import io.penstock.faults.FaultPlan.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every fault on the wire, in front of the real engine, with and without aggregation: {@link FaultRound} has the
 * checks.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class FaultsTest {
    @TempDir
    Path folder;

    private StreamEngine engine;
    private StreamReader reader;
    private int rounds;

    @BeforeAll
    void startEngine() throws IOException {
        engine = StreamEngine.start(EngineSettings.ephemeral());
        reader = new StreamReader(engine);
    }

    @AfterAll
    void stopEngine() throws IOException {
        reader.close();
        engine.close();
    }

    private FaultRound round(FaultPlan plan, Api api, int records) {
        FaultRound round = new FaultRound(engine, reader, folder, plan, api);
        round.records = records;
        return round;
    }

    /** All at once, because a round mostly waits. */
    private void runAll(List<FaultRound> all) throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<?>> running = new ArrayList<>();
            for (FaultRound each : all) {
                String name = "round-" + ++rounds;
                running.add(threads.submit(() -> {
                    each.run(name);
                    return name;
                }));
            }
            for (int i = 0; i < all.size(); i++) {
                try {
                    running.get(i).get();
                } catch (ExecutionException failed) {
                    throw new AssertionError(all.get(i).toString(), failed.getCause());
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @CsvSource({"PUT_RECORDS, 400, 0.3", "PUT_RECORD, 60, 0.1"})
    void everyFaultIsRiddenOut(Api api, int records, double share) throws Exception {
        List<FaultRound> all = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            double often = fault == Fault.DENIED ? 0 : fault == Fault.HANG ? share / 6 : share;
            all.add(round(FaultPlan.NONE.with(fault, often), api, records));
        }
        runAll(all);
    }

    @ParameterizedTest
    @CsvSource({"PUT_RECORDS, 300", "PUT_RECORD, 60"})
    void mixturesOfFaultsAreRiddenOut(Api api, int records) throws Exception {
        List<FaultRound> all = new ArrayList<>();
        for (long seed = 1; seed <= 4; seed++) {
            FaultRound round = round(FaultPlan.mixture(new SplittableRandom(seed)), api, records);
            round.seed = seed;
            all.add(round);
        }
        runAll(all);
    }

    @Test
    void aStreamThatIsDeniedParksAndResumesByItselfWithoutADuplicate() throws Exception {
        List<FaultRound> all = new ArrayList<>();
        for (Api api : Api.values()) {
            FaultRound round = round(FaultPlan.NONE.with(Fault.DENIED, 1), api, 100);
            round.meanwhile = (bench, proxy, name) -> {
                for (StreamId stream : List.of(FaultRound.plain(name), FaultRound.aggregated(name))) {
                    await().until(() -> bench.status(stream).state() == StreamStatus.State.PARKED);
                    assertTrue(bench.status(stream).detail().startsWith("AccessDeniedException"));
                }
                assertTrue(proxy.calls() <= 2 * 64 + 10, () -> proxy.calls() + " calls of streams that are parked");
                proxy.plan(FaultPlan.NONE);
            };
            all.add(round);
        }
        runAll(all);
    }

    @Test
    void aFifthOfTheRecordsThrottledMakesNoDuplicateAndKeepsTheOrder() throws Exception {
        FaultPlan plan = FaultPlan.NONE.withThrottledRecords(0.2);
        runAll(List.of(round(plan, Api.PUT_RECORDS, 1_000), round(plan, Api.PUT_RECORD, 200)));
    }

    @Test
    void shardLimitsAreKeptToWithoutLossOrDuplicate() throws Exception {
        FaultPlan plan = FaultPlan.NONE.withShardLimit(0.01);
        FaultRound batches = round(plan, Api.PUT_RECORDS, 130);
        batches.keys = 100;
        FaultRound single = round(plan, Api.PUT_RECORD, 100);
        single.keys = 100;
        runAll(List.of(batches, single));
    }

    @Test
    void twelveShardsInThePlaceOfEightLoseDuplicateAndReorderNothing() throws Exception {
        FaultPlan plan = FaultPlan.NONE.withThrottledRecords(0.02);
        List<FaultRound> all = List.of(round(plan, Api.PUT_RECORDS, 4_000), round(plan, Api.PUT_RECORD, 400));
        for (FaultRound round : all) {
            round.keys = 200;
            round.resharded = true;
            round.meanwhile = (bench, proxy, name) -> {
                for (StreamId stream : List.of(FaultRound.plain(name), FaultRound.aggregated(name))) {
                    await().until(() -> bench.status(stream).delivered().records() > 0);
                    assertEquals(8, reader.shards(stream.stream()));
                    reader.reshard(stream.stream(), 12);
                }
            };
        }
        runAll(all);
        for (int round = rounds - 1; round <= rounds; round++) {
            assertEquals(12, reader.shards("round-" + round));
            assertTrue(reader.allShards("round-" + round) >= 8 + 12, "none of the eight was left as it was");
        }
    }
}
