package io.penstock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTest {
    @TempDir
    Path data;

    private EngineSettings settings() {
        return EngineSettings.persistent(data)
                .withListen(new InetSocketAddress("127.0.0.1", 0))
                .withTransition(java.time.Duration.ZERO)
                .withReserveBytes(0);
    }

    private StreamEngine start() throws IOException {
        return StreamEngine.start(settings());
    }

    @Test
    void streamsShardsAndRecordsAreThereAfterARestart() throws IOException {
        String description;
        try (StreamEngine engine = start()) {
            JsonClient client = new JsonClient(engine);
            client.createStream("s", 2);
            client.put("s", "a", "one");
            client.ok(
                    "SplitShard",
                    "{'StreamName':'s','ShardToSplit':'shardId-000000000000','NewStartingHashKey':'99999'}");
            client.put("s", "a", "two");
            description = client.call("DescribeStream", "{'StreamName':'s'}").text();
        }
        try (StreamEngine engine = start()) {
            JsonClient client = new JsonClient(engine);
            assertEquals(
                    description,
                    client.call("DescribeStream", "{'StreamName':'s'}").text());
            assertEquals(List.of("one"), client.readAll("s", JsonClient.shardId(0)));
            assertEquals(List.of("two"), client.readAll("s", JsonClient.shardId(3)));
        }
    }

    @Test
    void sequenceNumbersGoOnRisingAndIteratorsKeepTheirPlace() throws IOException {
        String before;
        String iterator;
        try (StreamEngine engine = start()) {
            JsonClient client = new JsonClient(engine);
            client.createStream("s", 1);
            before = client.put("s", "k", "one").path("SequenceNumber").asText();
            iterator = client.iterator("s", JsonClient.shardId(0), "LATEST");
        }
        try (StreamEngine engine = start()) {
            JsonClient client = new JsonClient(engine);
            String after = client.put("s", "k", "two").path("SequenceNumber").asText();
            assertTrue(new BigInteger(before).compareTo(new BigInteger(after)) < 0);
            assertEquals(
                    "two",
                    JsonClient.text(client.records(iterator).path("Records").path(0)));
        }
    }

    @Test
    void aDeletedStreamStaysDeleted() throws IOException {
        try (StreamEngine engine = start()) {
            JsonClient client = new JsonClient(engine);
            client.createStream("s", 1);
            client.ok("DeleteStream", "{'StreamName':'s'}");
        }
        try (StreamEngine engine = start()) {
            assertEquals(0, engine.streamCount());
        }
    }

    @Test
    void aStreamThatIsDamagedIsRefusedAndTheOthersAreServed() throws IOException {
        String iterator;
        try (StreamEngine engine = start()) {
            JsonClient client = new JsonClient(engine);
            client.createStream("bad", 1);
            client.createStream("good", 1);
            client.put("good", "k", "x");
            iterator = client.iterator("bad", JsonClient.shardId(0), "TRIM_HORIZON");
        }
        Path file;
        try (Stream<Path> files = Files.walk(data)) {
            file = files.filter(path -> path.endsWith("stream.meta"))
                    .filter(path -> path.getParent().getFileName().toString().startsWith("bad"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.write(file, new byte[] {0}, StandardOpenOption.APPEND);
        List<String> told = new CopyOnWriteArrayList<>();
        EngineListener listener = new EngineListener() {
            @Override
            public void streamUnusable(String reason) {
                told.add(reason);
            }
        };
        try (StreamEngine engine = StreamEngine.start(settings().withListener(listener))) {
            JsonClient client = new JsonClient(engine);
            assertEquals(1, told.size());
            assertTrue(told.get(0).contains(file.toString()), told.get(0));
            assertEquals(List.of("x"), client.readAll("good", JsonClient.shardId(0)));
            for (String[] call : new String[][] {
                {"DescribeStream", "{'StreamName':'bad'}"},
                {"PutRecord", "{'StreamName':'bad','PartitionKey':'k','Data':''}"},
                {"CreateStream", "{'StreamName':'bad','ShardCount':1}"},
                {"DeleteStream", "{'StreamName':'bad'}"},
            }) {
                JsonClient.Reply reply = client.call(call[0], call[1]);
                assertEquals(500, reply.status(), reply.text());
                assertTrue(reply.message().contains(file.toString()), reply.text());
            }
            JsonClient.Reply read = client.call("GetRecords", "{'ShardIterator':'" + iterator + "'}");
            assertEquals("InternalFailure", read.errorType(), "not told to be gone");
            assertThrows(IllegalArgumentException.class, () -> engine.createStream("bad", 1));
        }
    }

    @Test
    void anEphemeralEngineLeavesNothing() throws IOException {
        Path folder;
        try (StreamEngine engine = StreamEngine.start(EngineSettings.ephemeral())) {
            folder = engine.data();
            new JsonClient(engine).createStream("s", 1);
        }
        assertTrue(Files.notExists(folder));
    }

    @Test
    void closingTwiceIsHarmlessAndSeveralEnginesRunSideBySide() throws IOException {
        StreamEngine one = StreamEngine.start(EngineSettings.ephemeral());
        try (StreamEngine other = StreamEngine.start(EngineSettings.ephemeral())) {
            new JsonClient(one).createStream("s", 1);
            new JsonClient(other).createStream("s", 1);
            one.close();
            one.close();
            new JsonClient(other).put("s", "k", "x");
        }
    }
}
