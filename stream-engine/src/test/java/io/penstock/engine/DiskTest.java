package io.penstock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.time.AgeClock;
import io.penstock.journal.LogSystem;
import io.penstock.journal.LogTuning;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine over a disk that is slow, full or broken. */
class DiskTest {
    @TempDir
    Path data;

    private final ManualClock clock = new ManualClock();
    private final GatedDisk disk = new GatedDisk();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> failed = new CopyOnWriteArrayList<>();
    private LogSystem logs;
    private StreamEngine engine;
    private JsonClient client;

    @BeforeEach
    void start() throws IOException {
        open(Durability.FSYNC);
        client.createStream("a", 1);
        client.createStream("b", 1);
    }

    private void open(Durability durability) throws IOException {
        logs = LogSystem.create(disk, threads, AgeClock.of(clock), new Random(1), LogTuning.standard());
        engine = StreamEngine.start(EngineSettings.persistent(data)
                .withListen(new InetSocketAddress("127.0.0.1", 0))
                .withTransition(Duration.ZERO)
                .withReserveBytes(0)
                .withClock(clock)
                .withDurability(durability)
                .withLogs(logs)
                .withListener(new EngineListener() {
                    @Override
                    public void streamFailed(String stream, Throwable cause) {
                        failed.add(stream);
                    }
                }));
        client = new JsonClient(engine);
    }

    @AfterEach
    void close() throws IOException {
        disk.open();
        engine.close();
        logs.close();
        threads.shutdown();
    }

    private JsonClient.Reply put(String stream, String data) {
        return client.call(
                "PutRecord",
                "{'StreamName':'" + stream + "','PartitionKey':'k','Data':'" + JsonClient.base64(data) + "'}");
    }

    @Test
    void noAnswerLeavesBeforeTheForceOfItsBytes() {
        disk.close();
        CompletableFuture<JsonClient.Reply> answer = CompletableFuture.supplyAsync(() -> put("a", "x"), threads);
        Awaitility.await().until(() -> disk.held() > 0);
        assertFalse(answer.isDone());
        assertEquals(List.of(), client.readAll("a", JsonClient.shardId(0)), "nobody reads it before either");
        disk.open();
        assertEquals(200, answer.join().status());
        assertEquals(List.of("x"), client.readAll("a", JsonClient.shardId(0)));
    }

    @Test
    void aStopAnswersWhatIsUnderWayAndRefusesWhatComes() {
        disk.close();
        CompletableFuture<JsonClient.Reply> answer = CompletableFuture.supplyAsync(() -> put("a", "x"), threads);
        Awaitility.await().until(() -> disk.held() > 0);
        CompletableFuture<Void> stopping = CompletableFuture.runAsync(this::stop, threads);
        Awaitility.await()
                .until(() -> client.call("ListStreams", "{}").errorType().equals("ServiceUnavailable"));
        assertFalse(answer.isDone());
        disk.open();
        assertEquals(200, answer.join().status());
        stopping.join();
    }

    private void stop() {
        try {
            engine.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void withDurabilityOsTheAnswerWaitsForTheWriteAndNotForTheForce() throws IOException {
        engine.close();
        logs.close();
        open(Durability.OS);
        disk.close();
        assertEquals(200, put("a", "x").status());
        assertEquals(List.of("x"), client.readAll("a", JsonClient.shardId(0)));
        disk.open();
    }

    @Test
    void aFailedForceFailsItsPutsAndItsStreamAndNoOther() {
        assertEquals(200, put("a", "before").status());
        disk.broken(true);
        JsonClient.Reply reply = put("a", "lost");
        assertEquals(500, reply.status());
        assertEquals("InternalFailure", reply.errorType());
        disk.broken(false);
        assertEquals(500, put("a", "after").status());
        assertEquals(200, put("b", "elsewhere").status());
        assertEquals(List.of("before"), client.readAll("a", JsonClient.shardId(0)));
        assertEquals(List.of("a"), failed);
    }

    @Test
    void aFailedStreamTakesRecordsAgainAfterARestart() throws IOException {
        put("a", "before");
        disk.broken(true);
        put("a", "lost");
        disk.broken(false);
        engine.close();
        logs.close();
        open(Durability.FSYNC);
        assertEquals(200, put("a", "after").status());
        List<String> records = client.readAll("a", JsonClient.shardId(0));
        assertEquals("before", records.get(0));
        assertEquals("after", records.get(records.size() - 1));
    }

    @Test
    void aReshardOfAFailedStreamIsRefusedAndTheShardsStayAsTheyAre() {
        disk.broken(true);
        put("a", "lost");
        disk.broken(false);
        JsonClient.Reply reply = client.call(
                "SplitShard", "{'StreamName':'a','ShardToSplit':'shardId-000000000000','NewStartingHashKey':'5'}");
        assertEquals(500, reply.status());
        assertEquals(
                1, client.ok("ListShards", "{'StreamName':'a'}").path("Shards").size());
    }

    @Test
    void aFullDiskTurnsPutsAwayUntilThereIsRoomAgain() {
        disk.capacity(0);
        String large = "x".repeat(1_000_000);
        JsonClient.Reply reply = Awaitility.await().until(() -> put("a", large), answer -> answer.status() != 200);
        assertEquals(503, reply.status(), reply.text());
        assertTrue(reply.message().contains("disk is full"), reply.message());
        disk.capacity(1L << 30);
        logs.tick();
        Awaitility.await().until(() -> put("a", "again").status() == 200);
    }

    @Test
    void aStreamForWhichTheDiskHasNoRoomIsNotCreatedAndLaterItIs() {
        disk.full(true);
        JsonClient.Reply refused = client.call("CreateStream", "{'StreamName':'c','ShardCount':1}");
        assertEquals(503, refused.status(), refused.text());
        assertTrue(refused.message().contains("disk is full"), refused.message());
        assertEquals("ResourceNotFoundException", put("c", "x").errorType());
        disk.full(false);
        client.createStream("c", 1);
        assertEquals(200, put("c", "x").status());
    }

    /** Three times 4 MB, each expired before the next is stored; two of them together would exceed the disk. */
    @Test
    void whatOutlivedItsRetentionGivesItsDiskToWhatComes() throws IOException {
        String record = "x".repeat(1 << 19);
        for (int day = 0; day < 3; day++) {
            for (int i = 0; i < 8; i++) {
                assertEquals(200, put("a", record).status());
            }
            clock.advance(Duration.ofHours(25));
            assertEquals(200, put("a", "the day's last").status());
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertTrue(folderBytes() < 6 << 20, "bytes: " + folderBytes()));
        }
        Awaitility.await()
                .until(() -> client.readAll("a", JsonClient.shardId(0)).size() == 1);
    }

    private long folderBytes() throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
