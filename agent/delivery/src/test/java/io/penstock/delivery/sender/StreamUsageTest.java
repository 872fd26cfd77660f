package io.penstock.delivery.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.penstock.delivery.kinesis.settings.Prices;
import io.penstock.delivery.kinesis.shards.StreamSummary;
import io.penstock.delivery.sender.status.StreamUsage;
import io.penstock.delivery.sender.status.Usage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The streams' use of their shards, in virtual time. */
@Tag("slow")
class StreamUsageTest {
    private static final Prices PRICES =
            new Prices(Optional.of(new Prices.Provisioned(0.015, 0.028)), Optional.empty());
    private static final StreamSummary ON_DEMAND_STREAM = new StreamSummary(1 << 20, StreamSummary.Mode.ON_DEMAND);
    private static final Prices.OnDemand ON_DEMAND = new Prices.OnDemand(0.04, 0.08);

    @TempDir
    Path folder;

    private SenderBench bench(int shards, boolean aggregate) {
        SenderBench bench = new SenderBench(folder, shards, 42);
        bench.backlog.aggregate = aggregate;
        return bench.start();
    }

    /** Appends {@code events} of {@code bytes} in each second. */
    private static void load(SenderBench bench, int seconds, int events, int bytes) {
        for (int second = 0; second < seconds; second++) {
            IntStream.range(0, events).forEach(i -> bench.backlog.append("key-" + i, "x".repeat(bytes)));
            bench.runFor(Duration.ofSeconds(1));
        }
    }

    private static StreamUsage usage(SenderBench bench) {
        return bench.sender.status().usage();
    }

    @Test
    void nothingIsSaidBeforeTheFirstMinuteIsOver() {
        SenderBench bench = bench(4, false);
        load(bench, 59, 100, 100);
        assertFalse(usage(bench).known());
        assertEquals("", usage(bench).describe());
        load(bench, 3, 100, 100);
        assertTrue(usage(bench).known());
    }

    @Test
    void payloadUnitsAreOf25KilobytesEachOrBegun() {
        assertEquals(1, Usage.units(0));
        assertEquals(1, Usage.units(25 * 1024));
        assertEquals(2, Usage.units(25 * 1024 + 1));
        assertEquals(2, Usage.units(51_200));
        assertEquals(41, Usage.units(1 << 20));
        assertEquals(410, Usage.units(10 << 20));
    }

    @Test
    void aStreamWithFarTooManyShardsIsToldHowManyWouldDo() {
        SenderBench bench = bench(8, false);
        load(bench, 130, 1_200, 100);
        StreamUsage usage = usage(bench);
        assertEquals(1_200, usage.sent().records(), 30);
        assertEquals(1_200, usage.sent().units(), 30);
        assertEquals(2, usage.shards().needed());
        assertTrue(
                usage.shards().busiest() > 0.1 && usage.shards().busiest() < 0.25,
                () -> "busiest: " + usage.shards().busiest());
        assertTrue(usage.describe().contains("; 2 shards would do"), usage.describe());
        assertTrue(usage.describe().contains("the busiest of 8 shards used"), usage.describe());
    }

    /** Appends {@code events} of one key in each second, and a tenth as many of other keys. */
    private static void loadUnevenly(SenderBench bench, int seconds, int events) {
        for (int second = 0; second < seconds; second++) {
            IntStream.range(0, events).forEach(i -> bench.backlog.append("hot", "x"));
            IntStream.range(0, events / 10).forEach(i -> bench.backlog.append("key-" + i, "x"));
            bench.runFor(Duration.ofSeconds(1));
        }
    }

    @Test
    void besideAShardAtItsLimitNoOtherOneIsCalledDispensable() {
        SenderBench bench = new SenderBench(folder, 4, 42);
        bench.perKey = false;
        bench.kinesis.checksOrder = false;
        bench.kinesis.limit = 1;
        bench.start();
        loadUnevenly(bench, 125, 950);
        StreamUsage usage = usage(bench);
        assertTrue(
                usage.shards().busiest() > 0.9,
                () -> "busiest: " + usage.shards().busiest());
        assertEquals(4, usage.shards().needed());
        assertTrue(usage.describe().contains("; fewer would not do for the busiest one"), usage.describe());
    }

    @Test
    void aStreamAtItsLimitIsToldHowManyMoreItNeedsByWhatComesInAndNotByWhatGoesOut() {
        SenderBench bench = bench(2, false);
        bench.kinesis.limit = 1;
        load(bench, 125, 4_500, 20);
        StreamUsage usage = usage(bench);
        assertEquals(2_000, usage.sent().records(), 200);
        assertTrue(
                usage.shards().busiest() > 0.9,
                () -> "busiest: " + usage.shards().busiest());
        assertEquals(6, usage.shards().needed());
        assertTrue(usage.describe().contains("; 4 more are needed"), usage.describe());
    }

    @Test
    void aMonthIsPricedAsItIsAndAsItWouldBeWithoutAggregation() {
        SenderBench bench = bench(2, true);
        load(bench, 130, 3_900, 200);
        StreamUsage usage = usage(bench).priced(PRICES);
        assertTrue(usage.sent().records() / usage.sent().kinesisRecords() > 100, usage.describe());
        assertEquals(5, usage.other().needed(), "single records need 3,900 / 1,000 / 0.8 shards");
        StreamUsage.Month cost = usage.cost().orElseThrow().provisioned().orElseThrow();
        assertEquals(2 * 730 * 0.015 + usage.sent().units() * 730 * 3600 / 1e6 * 0.028, cost.now(), 0.001);
        assertEquals(5 * 730 * 0.015 + 3_900.0 * 730 * 3600 / 1e6 * 0.028, cost.other(), 10);
        assertTrue(
                usage.describe()
                        .contains(String.format(
                                Locale.ROOT,
                                "; a month like this costs %.2f, without aggregation %.2f",
                                cost.now(),
                                cost.other())),
                usage.describe());
    }

    @Test
    void onDemandEachKinesisRecordCountsItsKilobytesRoundedUpWhateverTheShards() {
        assertEquals(1, Usage.kibibytes(1));
        assertEquals(1, Usage.kibibytes(1_024));
        assertEquals(2, Usage.kibibytes(1_025));
        SenderBench bench = bench(2, true);
        bench.kinesis.summary = StreamSummary.UNKNOWN;
        load(bench, 130, 1_000, 200);
        StreamUsage usage = usage(bench).priced(new Prices(Optional.empty(), Optional.of(ON_DEMAND)));
        StreamUsage.Month cost = usage.cost().orElseThrow().onDemand().orElseThrow();
        double gigabytes = 730 * 3600 / (1024.0 * 1024);
        assertEquals(730 * 0.04 + usage.sent().kibibytes() * gigabytes * 0.08, cost.now(), 0.001);
        assertTrue(usage.sent().kibibytes() >= usage.sent().bytes() / 1024, "rounded up");
        assertTrue(
                usage.sent().kibibytes()
                        < usage.sent().bytes() / 1024 + usage.sent().kinesisRecords(),
                "and not by more than one each");
        assertEquals(730 * 0.04 + 1_000 * gigabytes * 0.08, cost.other(), 10, "alone, 1 KiB for each of 205 bytes");
        assertTrue(
                usage.describe()
                        .endsWith(String.format(
                                Locale.ROOT,
                                "; a month like this costs %.2f on demand, without aggregation %.2f on demand",
                                cost.now(),
                                cost.other())),
                usage.describe());
    }

    @Test
    void ofAStreamInOnDemandModeNobodyIsToldHowManyShardsWouldDoOrAreNeeded() {
        SenderBench many = bench(8, false);
        many.kinesis.summary = ON_DEMAND_STREAM;
        load(many, 130, 1_200, 100);
        assertEquals(StreamSummary.Mode.ON_DEMAND, usage(many).shards().mode());
        assertTrue(
                usage(many).describe().endsWith(" of its limit; on demand, so that the service sees to their number"),
                usage(many).describe());
    }

    @Test
    void ofAStreamInOnDemandModeTheMonthOfThatModeComesFirstAndTheOtherIsOfTheShardsThatItNeeds() {
        SenderBench bench = bench(8, true);
        bench.kinesis.summary = ON_DEMAND_STREAM;
        load(bench, 130, 1_000, 200);
        StreamUsage usage = usage(bench).priced(new Prices(PRICES.provisioned(), Optional.of(ON_DEMAND)));
        StreamUsage.Month onDemand = usage.cost().orElseThrow().onDemand().orElseThrow();
        StreamUsage.Month provisioned = usage.cost().orElseThrow().provisioned().orElseThrow();
        assertEquals(1, usage.shards().needed());
        assertEquals(2, usage.other().needed(), "single records need 1,000 / 1,000 / 0.8 shards");
        assertEquals(730 * 0.015 + usage.sent().units() * 2.628 * 0.028, provisioned.now(), 0.001);
        assertEquals(2 * 730 * 0.015 + usage.other().units() * 2.628 * 0.028, provisioned.other(), 0.001);
        assertTrue(
                usage.describe()
                        .endsWith(String.format(
                                Locale.ROOT,
                                "; a month like this costs %.2f (%.2f in provisioned mode), without aggregation %.2f (%.2f in"
                                        + " provisioned mode)",
                                onDemand.now(),
                                provisioned.now(),
                                onDemand.other(),
                                provisioned.other())),
                usage.describe());
    }

    @Test
    void withThePricesOfTheOtherModeOnlyItIsSaidWhatAMonthWouldCost() {
        SenderBench bench = bench(2, true);
        load(bench, 65, 1_000, 200);
        String provisioned = usage(bench)
                .priced(new Prices(Optional.empty(), Optional.of(ON_DEMAND)))
                .describe();
        assertTrue(provisioned.contains("; a month like this would cost "), provisioned);
        SenderBench other = bench(2, true);
        other.kinesis.summary = ON_DEMAND_STREAM;
        load(other, 65, 1_000, 200);
        String onDemand = usage(other).priced(PRICES).describe();
        assertTrue(onDemand.contains("; a month like this would cost "), onDemand);
        assertTrue(onDemand.endsWith(" in provisioned mode"), onDemand);
    }

    @Test
    void bothModesStandBesideEachOther() {
        SenderBench bench = bench(4, false);
        bench.kinesis.summary = StreamSummary.UNKNOWN;
        load(bench, 65, 2_000, 200);
        StreamUsage usage =
                usage(bench).priced(new Prices(PRICES.provisioned(), Optional.of(new Prices.OnDemand(0, 0.08))));
        StreamUsage.Cost cost = usage.cost().orElseThrow();
        StreamUsage.Month onDemand = cost.onDemand().orElseThrow();
        assertTrue(onDemand.other() < onDemand.now() / 4, "aggregated, records of 205 bytes are not a kilobyte each");
        assertTrue(
                usage.describe()
                        .endsWith(String.format(
                                Locale.ROOT,
                                "; a month like this costs %.2f or %.2f on demand, with aggregation %.2f or %.2f on demand",
                                cost.provisioned().orElseThrow().now(),
                                onDemand.now(),
                                cost.provisioned().orElseThrow().other(),
                                onDemand.other())),
                usage.describe());
    }

    @Test
    void ofAStreamInProvisionedModeTheOtherModeIsThereToCompare() {
        SenderBench bench = bench(4, false);
        load(bench, 65, 2_000, 200);
        StreamUsage usage = usage(bench).priced(new Prices(PRICES.provisioned(), Optional.of(ON_DEMAND)));
        StreamUsage.Cost cost = usage.cost().orElseThrow();
        assertTrue(
                usage.describe()
                        .contains(String.format(
                                Locale.ROOT,
                                "; a month like this costs %.2f (%.2f on demand), with aggregation ",
                                cost.provisioned().orElseThrow().now(),
                                cost.onDemand().orElseThrow().now())),
                usage.describe());
    }

    /** $14 a shard-month and $0.043 a million PUTs, in 2014: the example of docs/targets.md. */
    @Test
    void thePricesOf2014AreOfShardsByTheMonth() {
        Prices.Provisioned prices = new Prices.Provisioned(14 / 730.0, 0.043);
        assertEquals(4 * 14 + 15.3 * 2.628 * 0.043, prices.month(4, 15.3), 0.001);
    }

    @Test
    void aStreamOfSingleRecordsIsToldWhatAggregationWouldSave() {
        SenderBench bench = bench(4, false);
        load(bench, 65, 2_000, 200);
        StreamUsage usage = usage(bench).priced(PRICES);
        assertTrue(usage.other().aggregated());
        assertEquals(1, usage.other().needed());
        StreamUsage.Month cost = usage.cost().orElseThrow().provisioned().orElseThrow();
        assertTrue(cost.other() < cost.now() / 3, usage.describe());
        assertTrue(usage.describe().contains(", with aggregation "), usage.describe());
    }

    @Test
    void eachShardIsToldWhatItGot() {
        SenderBench bench = bench(4, false);
        for (int second = 0; second < 65; second++) {
            IntStream.range(0, 100).forEach(i -> bench.backlog.append("one key", "x".repeat(1_017)));
            bench.runFor(Duration.ofSeconds(1));
        }
        StreamUsage usage = usage(bench);
        assertEquals(4, usage.shards().loads().size(), usage.shards().loads()::toString);
        StreamUsage.Load only = usage.shards().loads().stream()
                .filter(load -> load.records() > 0)
                .reduce((one, two) ->
                        fail("one key is in one shard: " + usage.shards().loads()))
                .orElseThrow();
        assertEquals(usage.sent().kinesisRecords(), only.records(), 1e-9);
        assertEquals(usage.sent().kinesisRecords() * 1_024, only.bytes(), 1e-3);
        assertEquals(bench.kinesis.stored.size(), only.records() * 65, 700, "about all of them");
    }

    @Test
    void ofManyShards32AreNamedAndTheRestIsSummed() {
        SenderBench bench = bench(40, false);
        load(bench, 125, 400, 100);
        StreamUsage usage = usage(bench);
        assertEquals(33, usage.shards().loads().size(), usage.shards().loads()::toString);
        assertEquals(StreamUsage.OTHERS, usage.shards().loads().get(32).shard());
        assertTrue(usage.shards().loads().get(32).records() > 20, usage.shards().loads()::toString);
        assertSums(usage);
    }

    @Test
    void whatShardsGotThatWereReplacedMeanwhileIsNotForgotten() {
        SenderBench bench = bench(2, false);
        load(bench, 90, 200, 100);
        bench.kinesis.replaceAll(3);
        load(bench, 100, 200, 100);
        StreamUsage usage = usage(bench);
        assertTrue(usage.shards().loads().size() >= 5, usage.shards().loads()::toString);
        assertTrue(usage.shards().loads().get(0).records() > 0, "those of now come first");
        assertSums(usage);
    }

    private static void assertSums(StreamUsage usage) {
        assertEquals(
                usage.sent().kinesisRecords(),
                usage.shards().loads().stream()
                        .mapToDouble(StreamUsage.Load::records)
                        .sum(),
                1e-6);
        assertEquals(
                usage.sent().bytes(),
                usage.shards().loads().stream()
                        .mapToDouble(StreamUsage.Load::bytes)
                        .sum(),
                1e-3);
    }

    @Test
    void anHourOfRestIsForgotten() {
        SenderBench bench = bench(4, false);
        load(bench, 65, 2_000, 200);
        bench.time.advanceTo(bench.time.now() + Duration.ofMinutes(30).toNanos());
        double afterHalfAnHour = usage(bench).sent().records();
        assertTrue(afterHalfAnHour > 50 && afterHalfAnHour < 100, () -> "per second: " + afterHalfAnHour);
        bench.time.advanceTo(bench.time.now() + Duration.ofMinutes(31).toNanos());
        assertFalse(usage(bench).known());
    }
}
