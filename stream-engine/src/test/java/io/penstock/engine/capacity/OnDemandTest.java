package io.penstock.engine.capacity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.time.AgeClock;
import io.penstock.engine.ManualClock;
import io.penstock.engine.limit.StreamLimits;
import io.penstock.engine.scope.Scope;
import io.penstock.engine.store.LocalStreamStore;
import io.penstock.engine.stream.Distribution;
import io.penstock.engine.stream.HashKey;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.Shard;
import io.penstock.engine.stream.StreamMode;
import io.penstock.engine.stream.StreamOptions;
import io.penstock.engine.stream.StreamStatus;
import io.penstock.engine.stream.Streams;
import io.penstock.journal.LogSettings;
import io.penstock.journal.LogSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a simulated load: time is the test's, and records are only offered to the limits. */
class OnDemandTest {
    private static final Scope OWN = new Scope("000000000000", "us-east-1");
    private static final int MOST_SHARDS = 200;
    private static final int SIZE = 10 << 10;
    private static final long SEED = 20_261_130;

    @TempDir
    Path root;

    private final ManualClock time = new ManualClock();
    private final AgeClock clock = AgeClock.of(time);
    private final LogSystem logs = LogSystem.create(clock);
    private final StreamLimits limits = new StreamLimits(true, clock);
    private final List<String> changes = new ArrayList<>();
    private Streams streams;
    private LiveStream stream;
    private OnDemand onDemand;

    @BeforeEach
    void start() throws IOException {
        streams = Streams.open(
                LocalStreamStore.open(root, logs, new LogSettings(Long.MAX_VALUE, 0)),
                clock,
                new Ignoring(),
                new Streams.Limits(10, MOST_SHARDS, OWN));
        stream = create("s", 4, StreamMode.ON_DEMAND);
        onDemand = over(Duration.ZERO);
        onDemand.tick();
    }

    @AfterEach
    void close() throws IOException {
        streams.close();
        logs.close();
    }

    private OnDemand over(Duration transition) {
        return new OnDemand(
                streams, limits, clock, transition, (name, from, to) -> changes.add(name + " " + from + " " + to));
    }

    private LiveStream create(String name, int shards, StreamMode mode) throws IOException {
        return streams.create(OWN, name, shards, StreamOptions.of(mode, 24), Duration.ZERO);
    }

    private void change(UnaryOperator<StreamOptions> options) throws IOException {
        stream.change(meta -> meta.withOptions(options.apply(meta.options())));
    }

    /** Producers that send each record again until it is taken, every key's in order. */
    private final class Load {
        private final List<HashKey> keys;
        private final double[] waiting;

        Load(List<HashKey> keys) {
            this.keys = keys;
            // Each key begins at another time, so that they do not all send at once.
            this.waiting = IntStream.range(0, keys.size())
                    .mapToDouble(i -> (double) i / keys.size())
                    .toArray();
        }

        /** One second of load in steps of a tenth, evenly over the keys. Returns how many records were refused. */
        int second(double mebibytes) {
            int refused = 0;
            for (int step = 0; step < 10; step++) {
                time.advance(Duration.ofMillis(100));
                for (int i = 0; i < waiting.length; i++) {
                    waiting[i] += mebibytes * (1 << 20) / SIZE / 10 / waiting.length;
                    while (waiting[i] >= 1) {
                        if (!take(keys.get(i))) {
                            refused++;
                            break;
                        }
                        waiting[i]--;
                    }
                }
            }
            onDemand.tick();
            return refused;
        }

        private boolean take(HashKey key) {
            int shard = stream.shards().find(key.high(), key.low());
            return limits.of(stream.meta().id()).take(shard, SIZE, key.high(), key.low());
        }

        int seconds(int count, double mebibytes) {
            int refused = 0;
            for (int i = 0; i < count; i++) {
                refused += second(mebibytes);
            }
            return refused;
        }
    }

    private static List<HashKey> keys(int count) {
        Random random = new Random(SEED);
        return random.longs(count)
                .mapToObj(high -> new HashKey(high, random.nextLong()))
                .toList();
    }

    private int open() {
        return stream.shards().size();
    }

    private List<Shard> byRange() {
        return stream.meta().openShards().stream()
                .sorted(Comparator.comparing(Shard::first))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 300, 5000})
    void aLoadThatGrowsTenfoldIsTakenWholeAfterAMinute(int keys) {
        Load load = new Load(keys(keys));
        load.seconds(20, 2.5);
        load.seconds(60, 25);
        assertEquals(0, load.seconds(120, 25), () -> "refused with " + open() + " shards, seed " + SEED);
        assertTrue(open() <= 128, () -> "more shards than the load needs: " + open());
    }

    @Test
    void aStreamNearItsLimitDoubles() {
        new Load(keys(5000)).seconds(6, 3.6);
        assertEquals(8, open());
        assertEquals(List.of("s 4 8"), changes);
        List<HashKey> firsts = byRange().stream().map(Shard::first).toList();
        for (int i = 0; i < 8; i++) {
            assertEquals(HashKey.startOfPart(i, 8), firsts.get(i), "shards of equal ranges");
        }
    }

    @Test
    void aStreamBelowItsLimitStaysAsItIs() {
        new Load(keys(5000)).seconds(120, 2.5);
        assertEquals(List.of(), changes);
    }

    @Test
    void manySmallRecordsAreLoadToo() {
        int id = stream.shards().find(0, 0);
        for (int second = 0; second < 6; second++) {
            for (int i = 0; i < 900; i++) {
                limits.of(stream.meta().id()).take(id, 1, (long) i << 52, 0);
            }
            time.advance(Duration.ofSeconds(1));
            onDemand.tick();
        }
        assertEquals(List.of("s 4 5"), changes);
    }

    @Test
    void onlyTheShardThatIsNearItsLimitIsSplit() {
        List<HashKey> inTheFirst =
                keys(5000).stream().filter(key -> key.high() >>> 62 == 0).toList();
        new Load(inTheFirst).seconds(6, 0.9);
        assertEquals(List.of("s 4 5"), changes);
        assertEquals(HashKey.startOfPart(1, 8), byRange().get(1).first());
    }

    @Test
    void aKeyThatIsTooMuchForAnyShardIsLeftAloneInOneAndThenNothingHelps() {
        HashKey hot = new HashKey(5L << 59, 17);
        List<HashKey> keys = new ArrayList<>(keys(100));
        Load others = new Load(keys);
        Load one = new Load(List.of(hot));
        for (int second = 0; second < 600; second++) {
            others.second(0.2);
            one.second(3);
        }
        int settled = open();
        assertTrue(settled < 16, () -> "a key cannot be split: " + settled + " shards");
        changes.clear();
        for (int second = 0; second < 60; second++) {
            others.second(0.2);
            one.second(3);
        }
        assertEquals(List.of(), changes);
        assertEquals(0, others.seconds(5, 0.2), "the other keys have shards of their own");
    }

    @Test
    void recordsThatAreSpreadSplitInTheMiddleWhateverTheirKeys() throws IOException {
        change(options -> options.withDistribution(Distribution.AUTO));
        for (int second = 0; second < 6; second++) {
            for (int i = 0; i < 3800; i++) {
                limits.of(stream.meta().id()).take(stream.shards().inTurn(i), 1, 0, 0);
            }
            time.advance(Duration.ofSeconds(1));
            onDemand.tick();
        }
        assertEquals(List.of("s 4 8"), changes);
    }

    @Test
    void anIdleStreamShrinksByHalvesAndKeepsFourShards() {
        Load load = new Load(keys(5000));
        load.seconds(60, 20);
        assertTrue(open() >= 32, "grown");
        int grown = open();
        time.advance(Duration.ofMinutes(50));
        onDemand.tick();
        assertEquals(grown, open(), "not idle for an hour");
        for (int hour = 0; hour < 10; hour++) {
            int before = open();
            time.advance(CapacityChange.IDLE);
            onDemand.tick();
            onDemand.tick();
            assertTrue(open() >= before / 2, "halved at most");
            time.advance(StreamDemand.WINDOW);
            onDemand.tick();
        }
        assertEquals(4, open());
        assertEquals(HashKey.MIN, byRange().get(0).first());
        assertEquals(HashKey.MAX, byRange().get(3).last());
    }

    @Test
    void aStreamInUseDoesNotShrink() {
        Load load = new Load(keys(5000));
        load.seconds(10, 3.6);
        assertEquals(8, open());
        for (int minute = 0; minute < 90; minute++) {
            load.seconds(6, 3.6);
            time.advance(Duration.ofSeconds(1));
        }
        time.advance(Duration.ofMinutes(30));
        onDemand.tick();
        assertEquals(8, open());
    }

    @Test
    void warmThroughputIsReachedByDoublingAndIsKeptWhenIdle() throws IOException {
        change(options -> options.withWarmThroughputMiBps(13));
        for (int i = 0; i < 4; i++) {
            time.advance(StreamDemand.WINDOW);
            onDemand.tick();
        }
        assertEquals(List.of("s 4 8", "s 8 13"), changes);
        time.advance(CapacityChange.IDLE.multipliedBy(2));
        onDemand.tick();
        time.advance(StreamDemand.WINDOW);
        onDemand.tick();
        assertEquals(13, open());
    }

    @Test
    void theAccountsLimitOfShardsHolds() throws IOException {
        create("other", MOST_SHARDS - 6, StreamMode.PROVISIONED);
        new Load(keys(5000)).seconds(60, 20);
        assertEquals(6, open());
        assertEquals(List.of("s 4 6"), changes);
    }

    @Test
    void aStreamThatIsUpdatingIsChangedLater() throws IOException {
        stream.change(meta -> meta.withTransition(StreamStatus.UPDATING, clock.millis() + 30_000));
        Load load = new Load(keys(5000));
        load.seconds(29, 3.6);
        assertEquals(List.of(), changes);
        load.seconds(6, 3.6);
        assertEquals(List.of("s 4 8"), changes);
    }

    @Test
    void aStreamIsUpdatingAfterItsChange() {
        onDemand = over(Duration.ofSeconds(20));
        onDemand.tick();
        new Load(keys(5000)).seconds(19, 20);
        assertEquals(List.of("s 4 8"), changes);
        assertEquals(StreamStatus.UPDATING, stream.status());
        new Load(keys(5000)).seconds(12, 20);
        assertEquals(List.of("s 4 8", "s 8 16"), changes);
    }

    @Test
    void aProvisionedStreamIsNotChanged() throws IOException {
        change(options -> options.withMode(StreamMode.PROVISIONED));
        new Load(keys(5000)).seconds(30, 20);
        assertEquals(List.of(), changes);
        assertEquals(4, open());
    }

    @Test
    void aStreamThatBecomesOnDemandKeepsItsShardsUntilItsLoadAsksForMore() throws IOException {
        stream = create("two", 2, StreamMode.PROVISIONED);
        change(options -> options.withMode(StreamMode.ON_DEMAND));
        Load load = new Load(keys(5000));
        load.seconds(20, 1);
        assertEquals(2, open());
        load.seconds(20, 1.9);
        assertEquals(4, open());
    }

    @Test
    void whatAStreamTookBeforeItBecameOnDemandIsNotItsLoad() throws IOException {
        change(options -> options.withMode(StreamMode.PROVISIONED));
        Load load = new Load(keys(5000));
        load.seconds(60, 3.6);
        change(options -> options.withMode(StreamMode.ON_DEMAND));
        load.seconds(10, 1);
        assertEquals(List.of(), changes);
    }

    @Test
    void aDeletedStreamIsForgotten() throws IOException {
        new Load(keys(5000)).seconds(4, 20);
        streams.delete(stream, Duration.ZERO);
        time.advance(StreamDemand.WINDOW);
        onDemand.tick();
        assertEquals(List.of(), changes);
    }

    private static final class Ignoring implements Streams.Events {
        @Override
        public void failed(String stream, Throwable cause) {}

        @Override
        public void unusable(String reason) {}

        @Override
        public void recordsLost(String stream, long from, long to) {}
    }
}
