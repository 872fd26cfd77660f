package io.penstock.delivery.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.delivery.sender.FakeKinesis.CallFate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random mixtures of all faults, repeatable from the seed in a failure's message. */
@Tag("slow")
class SenderModelTest {
    private static final int RUNS = Integer.getInteger("penstock.model.runs", 150);
    private static final long FIRST_SEED = Long.getLong("penstock.model.seed", 1);

    @TempDir
    Path folder;

    @Test
    void everythingIsDeliveredInOrderAndOnlyTheUnknownTwice() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
            try {
                run(seed);
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("-Dpenstock.model.runs=1 -Dpenstock.model.seed=" + seed, failure);
            }
        }
    }

    private void run(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SenderBench bench = new SenderBench(folder, 1 + random.nextInt(8), seed);
        bench.window = 1L << random.nextInt(11, 20);
        int records = random.nextInt(1, 1_500);
        boolean single = random.nextInt(4) == 0;
        boolean crashes = random.nextInt(3) == 0;
        if (single) {
            bench.singleRecords();
        } else if (random.nextBoolean()) {
            bench.askForOrder();
            bench.kinesis.keepsOrder = random.nextBoolean();
        }
        bench.kinesis.limit = random.nextInt(4) == 0 ? 0.5 : Double.POSITIVE_INFINITY;
        double throttles = random.nextInt(3) == 0 ? random.nextDouble(0.5) : 0;
        bench.kinesis.throttleShare = entry -> throttles;
        double faults = random.nextInt(2) == 0 ? random.nextDouble(0.4) : 0;
        bench.kinesis.fate = call -> random.nextDouble() < faults ? fault(random, single) : CallFate.ANSWERED;
        bench.kinesis.checksOrder = !crashes;
        appendOverTime(bench, random, records);
        reshardOverTime(bench, random);
        bench.start();
        int crashCount = crashes ? 1 + random.nextInt(3) : 0;
        for (int i = 0; i < crashCount; i++) {
            bench.runFor(Duration.ofMillis(random.nextInt(1, 400)));
            bench.start();
        }
        bench.runUntil(() -> bench.backlog.end() == records && bench.backlog.allSettled());
        check(bench, records, faults > 0, crashes);
        long work = bench.kinesis.calls.size() + bench.kinesis.shardQuestions + records;
        long seconds = bench.time.now() / 1_000_000_000 + 1;
        long passes = bench.sender.passes();
        assertTrue(passes <= 4 * work + 100 * seconds, () -> passes + " passes for " + work + " in " + seconds + " s");
    }

    private static void appendOverTime(SenderBench bench, SplittableRandom random, int records) {
        int keys = 1 + random.nextInt(random.nextBoolean() ? 5 : 2_000);
        long spread = Duration.ofMillis(random.nextInt(1, 2_000)).toNanos();
        long[] times = random.longs(records, 0, spread).sorted().toArray();
        double aggregated = Math.max(0, Math.min(1, random.nextDouble(-1, 1.5)));
        for (int i = 0; i < records; i++) {
            String key = random.nextInt(10) == 0 ? "" : "key-" + random.nextInt(keys);
            String data = "" + i;
            boolean aggregates = random.nextDouble() < aggregated;
            bench.time.at(times[i], () -> {
                bench.backlog.aggregate = aggregates;
                bench.backlog.append(key, data);
            });
        }
    }

    private static void reshardOverTime(SenderBench bench, SplittableRandom random) {
        for (int i = random.nextInt(4); i > 0; i--) {
            bench.time.at(Duration.ofMillis(random.nextInt(2_000)).toNanos(), () -> {
                int count = bench.kinesis.shards().size();
                if (count > 1 && random.nextBoolean()) {
                    bench.kinesis.merge(random.nextInt(count - 1));
                } else {
                    bench.kinesis.split(random.nextInt(count));
                }
            });
        }
    }

    private static CallFate fault(SplittableRandom random, boolean single) {
        CallFate[] faults = {
            CallFate.REFUSED_CONNECTION,
            CallFate.RESET_BEFORE,
            CallFate.RESET_AFTER,
            CallFate.ERROR_500,
            CallFate.EXPIRED,
            CallFate.THROTTLED,
            CallFate.UNCLEAR,
            CallFate.UNCLEAR_STORED,
            CallFate.TOO_LARGE_BETWEEN,
            CallFate.DENIED,
            CallFate.HANGS,
            CallFate.HANGS_STORED
        };
        return faults[random.nextInt(single ? 8 : faults.length)];
    }

    private static void check(SenderBench bench, int records, boolean faults, boolean crashes) {
        Set<String> data = new HashSet<>();
        bench.kinesis.stored.forEach(each -> data.add(each.data()));
        assertEquals(records, data.size(), "lost");
        long extra = bench.kinesis.stored.size() - records;
        if (!faults && !crashes) {
            assertEquals(0, extra, "duplicates");
        }
        if (!crashes) {
            assertTrue(
                    extra <= bench.sender.status().effort().possibleDuplicates(),
                    "duplicates that the sender knows nothing of");
            assertEquals(0, bench.memory.used(), "memory not given back");
        }
        if (!crashes) {
            bench.storedByKey().forEach((key, stored) -> {
                if (!FakeKinesis.chosenBySender(key)) {
                    checkOrder(key, stored);
                }
            });
        }
    }

    private static void checkOrder(String key, List<String> stored) {
        long previous = -1;
        for (String each : stored) {
            assertTrue(Long.parseLong(each) > previous, "order of " + key + ": " + stored);
            previous = Long.parseLong(each);
        }
    }
}
