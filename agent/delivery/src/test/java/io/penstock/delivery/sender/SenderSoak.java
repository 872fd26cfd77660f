package io.penstock.delivery.sender;

import io.penstock.delivery.kinesis.settings.TargetSettings;
import io.penstock.delivery.kinesis.settings.TargetSettings.Api;
import io.penstock.delivery.sender.status.StreamStatus;
import io.penstock.delivery.spool.StreamId;
import io.penstock.engine.EngineSettings;
import io.penstock.engine.StreamEngine;
import io.penstock.faults.FaultPlan;
import io.penstock.faults.FaultPlan.Fault;
import io.penstock.faults.FaultyKinesis;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Long runs of the sender against the faulty endpoint over the wire, started by hand: {@code agent/bench/sender-soak}.
 *
 * <p>{@code faults SECONDS SEED}: one {@link FaultRound} after the other with a mixture from the seed, each into a new
 * stream, also resharded. {@code limits SECONDS put-records|put-record}: shard limits enforced at twice their load;
 * prints the used share of the limit and the throttled share of the puts in the second half of the time.
 */
final class SenderSoak {
    private static final int SHARDS = 4;
    private static final double LIMIT = 0.25;
    private static final int TICK_MILLIS = 50;

    private SenderSoak() {}

    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory("penstock-soak");
        try (StreamEngine engine = StreamEngine.start(EngineSettings.ephemeral())) {
            int seconds = Integer.parseInt(args[1]);
            if (args[0].equals("limits")) {
                limits(engine, folder, seconds, args[2].equals("put-record") ? Api.PUT_RECORD : Api.PUT_RECORDS);
            } else {
                faults(engine, folder, seconds, Long.parseLong(args[2]));
            }
        }
        System.out.println("Spools and dead letters are in " + folder);
        System.exit(0);
    }

    private static void faults(StreamEngine engine, Path folder, int seconds, long firstSeed) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        try (StreamReader reader = new StreamReader(engine)) {
            for (long seed = firstSeed; System.nanoTime() < end; seed++) {
                SplittableRandom random = new SplittableRandom(seed);
                Api api = random.nextInt(3) == 0 ? Api.PUT_RECORD : Api.PUT_RECORDS;
                FaultPlan plan = FaultPlan.mixture(random);
                FaultRound round = new FaultRound(
                        engine, reader, folder, random.nextBoolean() ? plan.with(Fault.HANG, 0.002) : plan, api);
                round.seed = seed;
                round.records = api == Api.PUT_RECORD ? 500 : 5_000;
                round.keys = 1 + random.nextInt(500);
                round.callBytes = 1 << random.nextInt(10, 16);
                round.resharded = random.nextInt(3) == 0;
                if (round.resharded) {
                    round.meanwhile = (bench, proxy, name) -> {
                        TimeUnit.SECONDS.sleep(1);
                        reader.reshard(FaultRound.plain(name).stream(), 4 + random.nextInt(12));
                        reader.reshard(FaultRound.aggregated(name).stream(), 4 + random.nextInt(12));
                    };
                }
                long start = System.nanoTime();
                round.run("seed-" + seed);
                System.out.printf(
                        Locale.ROOT,
                        "%s, %d records twice, resharded %s: 0 lost, in order, %.1f s%n",
                        round,
                        round.records,
                        round.resharded,
                        (System.nanoTime() - start) / 1e9);
            }
        }
    }

    private static void limits(StreamEngine engine, Path folder, int seconds, Api api) throws Exception {
        StreamId stream = new StreamId("default", "limited");
        FaultPlan plan = FaultPlan.NONE.withShardLimit(LIMIT);
        URI uri = URI.create("http://127.0.0.1:" + engine.address().getPort());
        try (FaultyKinesis proxy = new FaultyKinesis(0, uri, plan, 1);
                DeliveryBench bench = new DeliveryBench(
                        folder, TargetSettings.embedded(proxy.uri(), SHARDS).withApi(api))) {
            long sent = 0;
            long halfRecords = 0;
            long halfThrottled = 0;
            int ticks = seconds * 1_000 / TICK_MILLIS;
            long start = System.nanoTime();
            long half = start;
            for (int tick = 1; tick <= ticks; tick++) {
                long due = (long) (2 * LIMIT * 1_000 * SHARDS * tick * TICK_MILLIS / 1_000);
                for (; sent < due; sent++) {
                    bench.append(stream, "key-" + sent, "" + sent);
                }
                long wait = start + TimeUnit.MILLISECONDS.toNanos((long) tick * TICK_MILLIS) - System.nanoTime();
                TimeUnit.NANOSECONDS.sleep(wait);
                if (tick == ticks / 2) {
                    half = System.nanoTime();
                    halfRecords = proxy.records();
                    halfThrottled = proxy.throttled();
                }
            }
            double time = (System.nanoTime() - half) / 1e9;
            double put = proxy.records() - halfRecords;
            double throttled = proxy.throttled() - halfThrottled;
            StreamStatus status = bench.status(stream);
            System.out.printf(
                    Locale.ROOT,
                    "%s, %d shards of %.0f records/s, twice as many offered, the last %.0f s of %d: %.1f %% of the limit"
                            + " used, %.2f %% of the puts throttled, %d possible duplicates%n%s: %s%n",
                    api,
                    SHARDS,
                    LIMIT * 1_000,
                    time,
                    seconds,
                    100 * (put - throttled) / (LIMIT * 1_000 * SHARDS * time),
                    100 * throttled / put,
                    status.effort().possibleDuplicates(),
                    status.state(),
                    status.detail());
            bench.stop(Duration.ZERO);
        }
    }
}
