package io.penstock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTest {
    @TempDir
    Path data;

    private StreamEngine start() throws IOException {
        return StreamEngine.start(EngineSettings.persistent(data)
                .withListen(new InetSocketAddress("127.0.0.1", 0))
                .withTransition(java.time.Duration.ZERO)
                .withReserveBytes(0));
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
    void anEphemeralEngineLeavesNothing() throws IOException {
        Path folder;
        try (StreamEngine engine = StreamEngine.start(EngineSettings.ephemeral())) {
            folder = engine.data();
            new JsonClient(engine).createStream("s", 1);
        }
        assertTrue(java.nio.file.Files.notExists(folder));
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
