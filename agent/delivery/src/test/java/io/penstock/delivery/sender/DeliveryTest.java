package io.penstock.delivery.sender;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.delivery.kinesis.settings.TargetSettings;
import io.penstock.delivery.kinesis.settings.TargetSettings.Api;
import io.penstock.delivery.kinesis.settings.TargetSettings.HttpVersion;
import io.penstock.delivery.kinesis.settings.TargetSettings.Ordering;
import io.penstock.delivery.sender.status.StreamStatus;
import io.penstock.delivery.spool.StreamId;
import io.penstock.engine.EngineSettings;
import io.penstock.engine.StreamEngine;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From the spool to the real stream engine over HTTP, read back with the AWS SDK. */
class DeliveryTest {
    private static final StreamId SENSORS = new StreamId("default", "sensors");

    @TempDir
    Path folder;

    private static TargetSettings embedded(StreamEngine engine) {
        return TargetSettings.embedded(
                URI.create("http://127.0.0.1:" + engine.address().getPort()), 4);
    }

    private static void appendNumbered(DeliveryBench bench, int from, int to, int keys) {
        IntStream.range(from, to).forEach(i -> bench.append(SENSORS, keys == 0 ? "" : "key-" + i % keys, "" + i));
    }

    @ParameterizedTest
    @CsvSource({
        "PUT_RECORDS, HTTP_1_1, PER_KEY, 50",
        "PUT_RECORDS, HTTP_2, PER_KEY, 50",
        "PUT_RECORDS, HTTP_1_1, NONE, 50",
        "PUT_RECORDS, HTTP_1_1, PER_KEY, 0",
        "PUT_RECORD, HTTP_1_1, PER_KEY, 50",
        "PUT_RECORD, HTTP_2, PER_KEY, 50"
    })
    void everyRecordReachesAStreamThatIsMadeForIt(Api api, HttpVersion version, Ordering ordering, int keys)
            throws Exception {
        try (StreamEngine engine = StreamEngine.start(EngineSettings.ephemeral());
                StreamReader reader = new StreamReader(engine)) {
            TargetSettings target =
                    embedded(engine).withApi(api).withHttpVersion(version).withOrdering(ordering);
            try (DeliveryBench bench = new DeliveryBench(folder, target)) {
                appendNumbered(bench, 0, 1_000, keys);
                bench.awaitDelivered(SENSORS, 1_000);
            }
            assertEquals(4, reader.shards("sensors"));
            List<StreamReader.Read> read = reader.readAll("sensors");
            assertEquals(1_000, read.size());
            assertEquals(
                    1_000, read.stream().map(StreamReader.Read::data).distinct().count());
            if (ordering == Ordering.PER_KEY && keys > 0) {
                StreamReader.assertOrdered(read);
            }
        }
    }

    @Test
    void whatWasAcceptedWhileTheEndpointWasDownIsDeliveredWhenItReturns() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        TargetSettings target = TargetSettings.embedded(URI.create("http://127.0.0.1:" + port), 2);
        try (DeliveryBench bench = new DeliveryBench(folder.resolve("agent"), target)) {
            appendNumbered(bench, 0, 200, 20);
            await().until(() -> bench.status(SENSORS).state() == StreamStatus.State.BACKING_OFF);
            EngineSettings settings = EngineSettings.ephemeral().withListen(new InetSocketAddress("127.0.0.1", port));
            try (StreamEngine engine = StreamEngine.start(settings);
                    StreamReader reader = new StreamReader(engine)) {
                bench.awaitDelivered(SENSORS, 200);
                List<StreamReader.Read> read = reader.readAll("sensors");
                assertEquals(200, read.size());
                StreamReader.assertOrdered(read);
                assertEquals(
                        StreamStatus.State.DELIVERING, bench.status(SENSORS).state());
            }
        }
    }

    @Test
    void anEndpointThatRestartsUnderLoadLosesNothing() throws Exception {
        Path data = folder.resolve("engine");
        StreamEngine first = StreamEngine.start(EngineSettings.persistent(data)
                .withListen(new InetSocketAddress("127.0.0.1", 0))
                .withReserveBytes(0));
        int port = first.address().getPort();
        try (DeliveryBench bench = new DeliveryBench(folder.resolve("agent"), embedded(first))) {
            appendNumbered(bench, 0, 2_000, 100);
            await().until(() -> bench.status(SENSORS).delivered().records() > 0);
            first.close();
            appendNumbered(bench, 2_000, 4_000, 100);
            try (StreamEngine second = StreamEngine.start(EngineSettings.persistent(data)
                            .withListen(new InetSocketAddress("127.0.0.1", port))
                            .withReserveBytes(0));
                    StreamReader reader = new StreamReader(second)) {
                bench.awaitDelivered(SENSORS, 4_000);
                List<StreamReader.Read> read = reader.readAll("sensors");
                assertEquals(
                        4_000,
                        read.stream().map(StreamReader.Read::data).distinct().count());
                assertTrue(read.size() - 4_000 <= bench.status(SENSORS).effort().possibleDuplicates());
                StreamReader.assertOrdered(StreamReader.firstOfEach(read));
            }
        }
    }

    @Test
    void aReshardUnderLoadLosesDuplicatesAndReordersNothing() throws Exception {
        try (StreamEngine engine = StreamEngine.start(EngineSettings.ephemeral());
                StreamReader reader = new StreamReader(engine);
                DeliveryBench bench = new DeliveryBench(folder, embedded(engine))) {
            appendNumbered(bench, 0, 1_000, 200);
            await().until(() -> bench.status(SENSORS).delivered().records() > 0);
            reader.reshard("sensors", 7);
            appendNumbered(bench, 1_000, 6_000, 200);
            bench.awaitDelivered(SENSORS, 6_000);
            List<StreamReader.Read> read = reader.readAll("sensors");
            assertEquals(6_000, read.size());
            StreamReader.assertOrdered(read);
            bench.append(SENSORS, "one more", "6000");
            await().until(() -> bench.status(SENSORS).load().shards() == 7);
        }
    }

    @Test
    void anOnDemandStreamThatGrowsUnderABacklogIsFollowedWithoutLossDuplicateOrDisorder() throws Exception {
        try (StreamEngine engine = StreamEngine.start(EngineSettings.ephemeral().withEnforceLimits(true));
                StreamReader reader = new StreamReader(engine);
                DeliveryBench bench = new DeliveryBench(folder, embedded(engine))) {
            reader.createOnDemand("sensors");
            // Ten seconds of what its first four shards take.
            appendNumbered(bench, 0, 40_000, 2_000);
            bench.awaitDelivered(SENSORS, 40_000);
            assertTrue(reader.shards("sensors") >= 8, "the stream has doubled");
            List<StreamReader.Read> read = reader.readAll("sensors");
            assertEquals(40_000, read.size());
            StreamReader.assertOrdered(read);
        }
    }

    @Test
    void theNextRunDeliversWhatTheLastOneLeft() throws Exception {
        try (StreamEngine engine = StreamEngine.start(EngineSettings.ephemeral());
                StreamReader reader = new StreamReader(engine)) {
            TargetSettings nowhere = TargetSettings.url(URI.create("http://127.0.0.1:1"), "us-east-1");
            DeliveryBench first = new DeliveryBench(folder, nowhere);
            appendNumbered(first, 0, 100, 10);
            assertEquals(100, first.stop(Duration.ofMillis(100)));
            try (DeliveryBench second = new DeliveryBench(folder, embedded(engine))) {
                second.awaitDelivered(SENSORS, 100);
                assertEquals(100, reader.readAll("sensors").size());
            }
        }
    }

    @Test
    void stoppingSendsWhatLingersAndLeavesNothing() throws Exception {
        try (StreamEngine engine = StreamEngine.start(EngineSettings.ephemeral());
                StreamReader reader = new StreamReader(engine)) {
            DeliveryBench bench = new DeliveryBench(folder, embedded(engine).withLinger(Duration.ofHours(1)));
            appendNumbered(bench, 0, 10, 10);
            assertEquals(0, bench.stop(Duration.ofSeconds(20)));
            assertEquals(10, reader.readAll("sensors").size());
        }
    }

    @Test
    void aStreamWhoseTargetIsGoneStaysInItsSpoolAndSaysSo() throws Exception {
        try (StreamEngine engine = StreamEngine.start(EngineSettings.ephemeral());
                DeliveryBench bench = new DeliveryBench(folder, embedded(engine))) {
            StreamId homeless = new StreamId("elsewhere", "sensors");
            bench.append(homeless, "key", "data");
            await().until(() -> bench.delivery.status().stream()
                    .anyMatch(each -> each.stream().equals(homeless)));
            assertEquals(StreamStatus.State.PARKED, bench.status(homeless).state());
            assertTrue(bench.status(homeless).detail().contains("not configured"));
        }
    }

    @Test
    void aggregatedRecordsAreReadByTheClientLibraryAcrossAReshard() throws Exception {
        try (StreamEngine engine = StreamEngine.start(EngineSettings.ephemeral());
                StreamReader reader = new StreamReader(engine);
                DeliveryBench bench = new DeliveryBench(folder, embedded(engine))) {
            bench.aggregate = true;
            appendNumbered(bench, 0, 1_000, 200);
            await().until(() -> bench.status(SENSORS).delivered().records() > 0);
            reader.reshard("sensors", 7);
            appendNumbered(bench, 1_000, 6_000, 200);
            bench.awaitDelivered(SENSORS, 6_000);
            List<StreamReader.Read> read = reader.readAll("sensors");
            assertEquals(6_000, read.size());
            assertEquals(6_000, read.stream().distinct().count());
            long kinesisRecords = bench.status(SENSORS).delivered().kinesisRecords();
            assertTrue(kinesisRecords < 3_000, () -> kinesisRecords + " Kinesis records");
        }
    }

    @Test
    void manyStreamsShareFewThreads() throws Exception {
        try (StreamEngine engine = StreamEngine.start(EngineSettings.ephemeral());
                StreamReader reader = new StreamReader(engine);
                DeliveryBench bench = new DeliveryBench(folder, embedded(engine))) {
            List<StreamId> streams = IntStream.range(0, 20)
                    .mapToObj(i -> new StreamId("default", "s" + i))
                    .toList();
            streams.forEach(stream -> bench.append(stream, "key", stream.stream()));
            for (StreamId stream : streams) {
                bench.awaitDelivered(stream, 1);
                assertEquals(
                        Map.of("key", List.of(stream.stream())), StreamReader.byKey(reader.readAll(stream.stream())));
            }
            long threads = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("penstock-sender"))
                    .count();
            assertTrue(threads <= 4, () -> threads + " threads");
        }
    }
}
