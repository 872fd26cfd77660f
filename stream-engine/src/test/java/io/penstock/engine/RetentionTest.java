package io.penstock.engine;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine on a real folder, with a clock that the test moves, seen from outside: by its API and by its disk. */
class RetentionTest {
    private static final String FIRST = JsonClient.shardId(0);
    private static final int RECORDS = 16;
    private static final long LOAD = (long) RECORDS << 19;
    private static final long LITTLE = 2 << 20;

    private final ManualClock clock = new ManualClock();

    @TempDir
    Path data;

    private StreamEngine engine;
    private JsonClient client;

    @BeforeEach
    void start() throws IOException {
        engine = StreamEngine.start(EngineSettings.persistent(data)
                .withListen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withTls(new Tls.Off())
                .withTransition(Duration.ZERO)
                .withReserveBytes(0)
                .withClock(clock));
        client = new JsonClient(engine);
        client.createStream("s", 1);
    }

    @AfterEach
    void stop() throws IOException {
        engine.close();
    }

    private void load(String stream) {
        String record = "x".repeat(1 << 19);
        for (int i = 0; i < RECORDS; i++) {
            client.put(stream, "k", record);
        }
    }

    private long bytes() {
        try (Stream<Path> files = Files.walk(data)) {
            return files.mapToLong(RetentionTest::size).sum();
        } catch (IOException | UncheckedIOException e) {
            return Long.MAX_VALUE; // A file went while the folder was read: the caller looks again.
        }
    }

    private static long size(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (NoSuchFileException gone) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitLittleDisk() {
        await().untilAsserted(() -> {
            long bytes = bytes();
            assertTrue(bytes < LITTLE, () -> bytes + " bytes on disk");
        });
    }

    private void setRetention(String change, int hours) {
        client.ok(change + "StreamRetentionPeriod", "{'StreamName':'s','RetentionPeriodHours':" + hours + "}");
    }

    @Test
    void whenTheRetentionIsOverRecordsAreGoneAndTheirDiskIsGivenBackThoughNothingFollowsThem() {
        load("s");
        clock.advance(Duration.ofHours(23));
        assertEquals(RECORDS, client.readAll("s", FIRST).size());
        assertTrue(bytes() > LOAD);
        clock.advance(Duration.ofHours(2));
        await().until(() -> client.readAll("s", FIRST).isEmpty());
        awaitLittleDisk();
        client.put("s", "k", "later");
        assertEquals(List.of("later"), client.readAll("s", FIRST));
    }

    @Test
    void everyDaysLoadGivesItsDiskBack() {
        for (int day = 0; day < 2; day++) {
            load("s");
            clock.advance(Duration.ofHours(25));
            awaitLittleDisk();
        }
    }

    @Test
    void aLongerRetentionKeepsRecordsAndAShorterOneGivesTheirDiskBack() {
        setRetention("Increase", 72);
        load("s");
        clock.advance(Duration.ofHours(48));
        client.put("s", "k", "later");
        assertEquals(RECORDS + 1, client.readAll("s", FIRST).size());
        assertTrue(bytes() > LOAD);
        setRetention("Decrease", 24);
        clock.advance(Duration.ofMinutes(2));
        await().until(() -> client.readAll("s", FIRST).size() == 1);
        clock.advance(Duration.ofHours(24));
        await().until(() -> client.readAll("s", FIRST).isEmpty());
        awaitLittleDisk();
    }

    @Test
    void aDeletedStreamGivesItsDiskBackAndItsNeighbourKeepsItsRecords() {
        client.createStream("neighbour", 1);
        client.put("neighbour", "k", "stays");
        load("s");
        assertTrue(bytes() > LOAD);
        client.ok("DeleteStream", "{'StreamName':'s'}");
        awaitLittleDisk();
        client.createStream("s", 1);
        assertEquals(List.of(), client.readAll("s", FIRST));
        assertEquals(List.of("stays"), client.readAll("neighbour", FIRST));
    }
}
