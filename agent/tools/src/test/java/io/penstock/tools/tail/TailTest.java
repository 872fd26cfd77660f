package io.penstock.tools.tail;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.engine.EngineSettings;
import io.penstock.engine.StreamEngine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.Shard;

/** Following a stream of a real engine. */
class TailTest {
    private static StreamEngine engine;
    private static KinesisAsyncClient client;

    private final Recorder seen = new Recorder();
    private String stream = "";
    private static int streams;

    @BeforeAll
    static void start() throws IOException {
        engine = StreamEngine.start(EngineSettings.ephemeral());
        URI endpoint = URI.create("http://127.0.0.1:" + engine.address().getPort());
        client = TailClient.create(Optional.of(endpoint), "us-east-1", Map.of());
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        engine.close();
    }

    @BeforeEach
    void name() {
        stream = "stream-" + streams++;
    }

    @Test
    void all_shards_are_read_from_the_oldest_record_and_then_live() {
        create(3);
        put(0, 30);
        try (Tail tail = tail(Tail.Settings.following(stream, new Tail.Start.Oldest()))) {
            await().until(() -> seen.records.size() == 30);
            put(30, 60);
            await().until(() -> seen.records.size() == 60);
            seen.assertEach(60);
            assertTrue(seen.records.stream().map(Tail.Record::shard).distinct().count() > 1);
            assertEquals(false, tail.done().isDone());
        }
    }

    @Test
    void without_following_it_ends_when_everything_is_read() {
        create(2);
        put(0, 25);
        Tail tail = tail(new Tail.Settings(stream, new Tail.Start.Oldest(), false, Long.MAX_VALUE));
        tail.done().orTimeout(60, TimeUnit.SECONDS).join();
        seen.assertEach(25);
    }

    @Test
    void it_ends_at_its_bound() {
        create(2);
        put(0, 25);
        Tail tail = tail(new Tail.Settings(stream, new Tail.Start.Oldest(), true, 7));
        tail.done().orTimeout(60, TimeUnit.SECONDS).join();
        assertEquals(7, seen.records.size());
    }

    @Test
    void from_now_on_skips_what_was_there_and_misses_nothing_of_a_reshard() {
        create(2);
        put(0, 10);
        try (Tail tail = tail(Tail.Settings.following(stream, new Tail.Start.Now()))) {
            await().until(() -> {
                client.putRecord(r -> r.streamName(stream).partitionKey("probe").data(SdkBytes.fromUtf8String("probe")))
                        .join();
                return !seen.records.isEmpty();
            });
            put(100, 120);
            split();
            put(120, 140);
            merge();
            put(140, 160);
            await().until(() -> seen.numbers().size() == 60);
            assertEquals(
                    IntStream.range(100, 160).boxed().toList(),
                    seen.numbers().stream().sorted().toList());
            assertTrue(seen.notices.stream().anyMatch(notice -> notice.contains("has ended")), seen.notices.toString());
        }
    }

    @Test
    void records_of_a_key_come_in_order_across_reshards() {
        create(1);
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 20; i++) {
                int number = round * 20 + i;
                client.putRecord(r ->
                                r.streamName(stream).partitionKey("one").data(SdkBytes.fromUtf8String("" + number)))
                        .join();
            }
            if (round == 0) {
                split();
            } else {
                merge();
            }
        }
        Tail tail = tail(new Tail.Settings(stream, new Tail.Start.Oldest(), false, Long.MAX_VALUE));
        tail.done().orTimeout(60, TimeUnit.SECONDS).join();
        assertEquals(IntStream.range(0, 60).boxed().toList(), seen.numbers());
    }

    @Test
    void from_a_time_on_skips_what_is_older() {
        create(2);
        put(0, 10);
        Instant between = Instant.now().plusMillis(1);
        await().until(() -> Instant.now().isAfter(between.plusMillis(1)));
        put(10, 20);
        Tail tail = tail(new Tail.Settings(stream, new Tail.Start.At(between), false, Long.MAX_VALUE));
        tail.done().orTimeout(60, TimeUnit.SECONDS).join();
        assertEquals(
                IntStream.range(10, 20).boxed().toList(),
                seen.numbers().stream().sorted().toList());
    }

    @Test
    void a_stream_that_does_not_exist_yet_is_waited_for_and_read_from_its_first_record() {
        try (Tail tail = tail(Tail.Settings.following(stream, new Tail.Start.Now()))) {
            await().until(() -> seen.notices.size() == 1);
            assertTrue(seen.notices.get(0).contains("waiting for stream " + stream), seen.notices.get(0));
            create(2);
            put(0, 10);
            await().until(() -> seen.records.size() == 10);
        }
    }

    @Test
    void a_missing_stream_is_an_error_when_nobody_follows() {
        Tail tail = tail(new Tail.Settings(stream, new Tail.Start.Oldest(), false, Long.MAX_VALUE));
        Throwable failed = assertThrows(
                        CompletionException.class,
                        () -> tail.done().orTimeout(60, TimeUnit.SECONDS).join())
                .getCause();
        assertTrue(failed instanceof Tail.Failure, failed.toString());
        assertTrue(failed.getMessage().contains(stream), failed.getMessage());
    }

    @Test
    void an_endpoint_that_is_away_is_said_once_and_waited_for() throws IOException {
        StreamEngine other = StreamEngine.start(EngineSettings.ephemeral());
        URI endpoint = URI.create("http://127.0.0.1:" + other.address().getPort());
        other.close();
        try (KinesisAsyncClient lonely = TailClient.create(Optional.of(endpoint), "us-east-1", Map.of());
                Tail tail = Tail.start(lonely, Tail.Settings.following(stream, new Tail.Start.Now()), seen)) {
            await().until(() -> !seen.notices.isEmpty());
            assertTrue(seen.notices.get(0).startsWith("trying again: "), seen.notices.get(0));
            assertEquals(false, tail.done().isDone());
        }
    }

    @Test
    void an_endpoint_that_stays_away_ends_a_tail_that_does_not_follow() throws IOException {
        StreamEngine other = StreamEngine.start(EngineSettings.ephemeral());
        URI endpoint = URI.create("http://127.0.0.1:" + other.address().getPort());
        other.close();
        Tail.Settings once = new Tail.Settings(stream, new Tail.Start.Oldest(), false, Long.MAX_VALUE);
        try (KinesisAsyncClient lonely = TailClient.create(Optional.of(endpoint), "us-east-1", Map.of());
                Tail tail = Tail.start(lonely, once, seen, Duration.ofMillis(1))) {
            Throwable failed = assertThrows(
                            CompletionException.class,
                            () -> tail.done().orTimeout(60, TimeUnit.SECONDS).join())
                    .getCause();
            assertTrue(failed instanceof Tail.Failure, failed.toString());
            assertTrue(failed.getMessage().startsWith("cannot follow stream " + stream + ": "), failed.getMessage());
        }
    }

    /** Nobody waits for the two seconds that the SDK gives to loops of its own. */
    @Test
    void a_closed_client_leaves_no_event_loop_behind() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        KinesisAsyncClient passing = TailClient.create(
                Optional.of(URI.create("http://127.0.0.1:" + engine.address().getPort())), "us-east-1", Map.of());
        passing.listStreams().join();
        List<Thread> loops = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread) && thread.getName().startsWith("penstock-command"))
                .toList();
        assertEquals(1, loops.size());
        passing.close();
        await().until(() -> !loops.get(0).isAlive());
    }

    @Test
    void payloads_are_printed_so_that_a_line_stays_a_line() {
        StringWriter out = new StringWriter();
        TailPrinter plain =
                new TailPrinter(new PrintWriter(out), new PrintWriter(new StringWriter()), TailPrinter.Form.PAYLOAD);
        TailPrinter json =
                new TailPrinter(new PrintWriter(out), new PrintWriter(new StringWriter()), TailPrinter.Form.JSON);
        plain.record(record("{\"ü\":1}".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        plain.record(record(new byte[] {1, (byte) 0xff}));
        plain.record(record("a\nb".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        json.record(record("a\nb".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        json.record(record(new byte[] {(byte) 0xff}));
        String head = "{\"shard\":\"shardId-000000000000\",\"sequence_number\":\"42\",\"partition_key\":\"k\","
                + "\"arrived\":\"2026-01-02T03:04:05Z\",";
        assertEquals(
                List.of(
                        "{\"ü\":1}",
                        "base64:Af8=",
                        "base64:YQpi",
                        head + "\"data\":\"a\\nb\"}",
                        head + "\"data_base64\":\"/w==\"}"),
                out.toString().lines().toList());
    }

    private static Tail.Record record(byte[] data) {
        return new Tail.Record("shardId-000000000000", "42", "k", Instant.parse("2026-01-02T03:04:05Z"), data);
    }

    private Tail tail(Tail.Settings settings) {
        return Tail.start(client, settings, seen);
    }

    private void create(int shards) {
        client.createStream(r -> r.streamName(stream).shardCount(shards)).join();
        awaitActive();
    }

    private void awaitActive() {
        await().until(() -> client.describeStreamSummary(r -> r.streamName(stream))
                .join()
                .streamDescriptionSummary()
                .streamStatusAsString()
                .equals("ACTIVE"));
    }

    private void put(int from, int to) {
        for (int i = from; i < to; i++) {
            int number = i;
            client.putRecord(r -> r.streamName(stream)
                            .partitionKey("key " + number)
                            .data(SdkBytes.fromUtf8String("" + number)))
                    .join();
        }
    }

    private List<Shard> open() {
        return client.listShards(r -> r.streamName(stream)).join().shards().stream()
                .filter(shard -> shard.sequenceNumberRange().endingSequenceNumber() == null)
                .sorted((a, b) -> new java.math.BigInteger(a.hashKeyRange().startingHashKey())
                        .compareTo(new java.math.BigInteger(b.hashKeyRange().startingHashKey())))
                .toList();
    }

    private void split() {
        Shard first = open().get(0);
        java.math.BigInteger middle = new java.math.BigInteger(
                        first.hashKeyRange().startingHashKey())
                .add(new java.math.BigInteger(first.hashKeyRange().endingHashKey()))
                .shiftRight(1);
        client.splitShard(
                        r -> r.streamName(stream).shardToSplit(first.shardId()).newStartingHashKey(middle.toString()))
                .join();
        awaitActive();
    }

    private void merge() {
        List<Shard> open = open();
        if (open.size() < 2) {
            return;
        }
        client.mergeShards(r -> r.streamName(stream)
                        .shardToMerge(open.get(0).shardId())
                        .adjacentShardToMerge(open.get(1).shardId()))
                .join();
        awaitActive();
    }

    private static final class Recorder implements Tail.Listener {
        final List<Tail.Record> records = new CopyOnWriteArrayList<>();
        final List<String> notices = new CopyOnWriteArrayList<>();

        @Override
        public boolean record(Tail.Record record) {
            records.add(record);
            return true;
        }

        @Override
        public void notice(String text) {
            notices.add(text);
        }

        List<Integer> numbers() {
            List<Integer> numbers = new ArrayList<>();
            for (Tail.Record record : records) {
                String text = new String(record.data(), java.nio.charset.StandardCharsets.UTF_8);
                if (!text.equals("probe")) {
                    numbers.add(Integer.valueOf(text));
                }
            }
            return numbers;
        }

        void assertEach(int count) {
            assertEquals(
                    IntStream.range(0, count).boxed().toList(),
                    numbers().stream().sorted().toList());
        }
    }
}
