package io.penstock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With limits enforced; the clock stands still unless a test moves it. */
class LimitsTest {
    private final ManualClock clock = new ManualClock();
    private StreamEngine engine;
    private JsonClient client;

    @BeforeEach
    void start() throws IOException {
        engine = StreamEngine.start(EngineSettings.ephemeral().withClock(clock).withEnforceLimits(true));
        client = new JsonClient(engine);
        client.createStream("s", 1);
    }

    @AfterEach
    void close() throws IOException {
        engine.close();
    }

    private JsonClient.Reply put(List<String> keys, int size, String... headers) {
        String data = JsonClient.base64("x".repeat(size));
        List<String> entries = keys.stream()
                .map(key -> "{\"PartitionKey\":\"" + key + "\",\"Data\":\"" + data + "\"}")
                .toList();
        String body = "{\"StreamName\":\"s\",\"Records\":[" + String.join(",", entries) + "]}";
        return client.send("PutRecords", body.getBytes(StandardCharsets.UTF_8), "application/x-amz-json-1.1", headers);
    }

    @Test
    void recordsBeyondAThousandASecondFailOneByOne() {
        List<String> keys = Collections.nCopies(500, "k");
        assertEquals(0, put(keys, 1).json().path("FailedRecordCount").asInt());
        assertEquals(0, put(keys, 1).json().path("FailedRecordCount").asInt());
        JsonNode answer = put(keys, 1).json();
        assertEquals(500, answer.path("FailedRecordCount").asInt());
        JsonNode entry = answer.path("Records").path(0);
        assertEquals(
                "ProvisionedThroughputExceededException",
                entry.path("ErrorCode").asText());
        assertEquals(
                "Rate exceeded for shard shardId-000000000000 in stream s under account 000000000000.",
                entry.path("ErrorMessage").asText());
        assertFalse(entry.has("SequenceNumber"));
        clock.advance(Duration.ofMillis(100));
        assertEquals(400, put(keys, 1).json().path("FailedRecordCount").asInt());
        assertEquals(1100, client.readAll("s", JsonClient.shardId(0)).size());
    }

    @Test
    void aSingleRecordBeyondTheRateIsRefused() {
        put(List.of("k"), 1_000_000);
        JsonClient.Reply reply = client.call(
                "PutRecord",
                "{'StreamName':'s','PartitionKey':'k','Data':'" + JsonClient.base64("x".repeat(100_000)) + "'}");
        assertEquals(400, reply.status());
        assertEquals("ProvisionedThroughputExceededException", reply.errorType());
    }

    @Test
    void aRecordAboveOneSecondsSharePassesAndLeavesADebt() {
        client.ok(
                "UpdateMaxRecordSize",
                "{'StreamARN':'arn:aws:kinesis:us-east-1:000000000000:stream/s','MaxRecordSizeInKiB':10240}");
        assertEquals(
                0, put(List.of("k"), 4 << 20).json().path("FailedRecordCount").asInt());
        clock.advance(Duration.ofSeconds(3));
        assertEquals(1, put(List.of("k"), 1).json().path("FailedRecordCount").asInt());
        clock.advance(Duration.ofMillis(1100));
        assertEquals(0, put(List.of("k"), 1).json().path("FailedRecordCount").asInt());
    }

    @Test
    void inAnOrderedPutNothingOfAKeyIsStoredAfterItsFirstFailure() {
        // Forty records of 26,214 bytes, including three bytes of key, leave 16 bytes of the second's MiB.
        String big = JsonClient.base64("x".repeat(26_211));
        String small = JsonClient.base64("y");
        StringBuilder entries = new StringBuilder();
        for (int i = 0; i < 41; i++) {
            entries.append("{\"PartitionKey\":\"big\",\"Data\":\"").append(big).append("\"},");
        }
        entries.append("{\"PartitionKey\":\"big\",\"Data\":\"").append(small).append("\"},");
        entries.append("{\"PartitionKey\":\"other\",\"Data\":\"").append(small).append("\"}");
        byte[] body = ("{\"StreamName\":\"s\",\"Records\":[" + entries + "]}").getBytes(StandardCharsets.UTF_8);
        JsonClient.Reply ordered =
                client.send("PutRecords", body, "application/x-amz-json-1.1", "x-penstock-ordered-put", "1");
        JsonNode records = ordered.json().path("Records");
        assertTrue(records.path(39).has("SequenceNumber"), ordered.text());
        assertEquals(
                "ProvisionedThroughputExceededException",
                records.path(40).path("ErrorCode").asText());
        assertEquals(
                "ProvisionedThroughputExceededException",
                records.path(41).path("ErrorCode").asText());
        assertTrue(records.path(42).has("SequenceNumber"), "another key is not held back");
        assertEquals(
                "1",
                ordered.raw().headers().firstValue("x-penstock-ordered-put").orElseThrow());

        clock.advance(Duration.ofSeconds(2));
        JsonClient.Reply plain = client.send("PutRecords", body, "application/x-amz-json-1.1");
        assertTrue(plain.json().path("Records").path(41).has("SequenceNumber"), "without the header it is stored");
        assertTrue(plain.raw().headers().firstValue("x-penstock-ordered-put").isEmpty());
    }

    @Test
    void fiveReadsASecondAreGiven() {
        String iterator = client.iterator("s", JsonClient.shardId(0), "TRIM_HORIZON");
        for (int i = 0; i < 5; i++) {
            client.records(iterator);
        }
        String body = "{'ShardIterator':'" + iterator + "'}";
        assertEquals(
                "ProvisionedThroughputExceededException",
                client.call("GetRecords", body).errorType());
        clock.advance(Duration.ofMillis(200));
        client.records(iterator);
    }

    @Test
    void callsAreLimitedByAccountStreamAndShard() {
        client.createStream("t", 1);
        String arn = "arn:aws:kinesis:us-east-1:000000000000:stream/";
        for (int i = 0; i < 5; i++) {
            client.ok("ListStreams", "{}");
            client.ok("ListStreamConsumers", "{'StreamARN':'" + arn + "s'}");
            client.iterator("s", JsonClient.shardId(0), "LATEST");
        }
        JsonClient.Reply sixth = client.call("ListStreams", "{}");
        assertEquals("LimitExceededException", sixth.errorType());
        assertEquals(400, sixth.status());
        assertEquals("Rate exceeded for ListStreams under account 000000000000: 5 calls per second.", sixth.message());
        assertEquals(
                "LimitExceededException",
                client.call("ListStreamConsumers", "{'StreamARN':'" + arn + "s'}")
                        .errorType());
        client.ok("ListStreamConsumers", "{'StreamARN':'" + arn + "t'}");
        assertEquals(
                "ProvisionedThroughputExceededException",
                client.call(
                                "GetShardIterator",
                                "{'StreamName':'s','ShardId':'shardId-000000000000','ShardIteratorType':'LATEST'}")
                        .errorType());
        client.iterator("t", JsonClient.shardId(0), "LATEST");
        clock.advance(Duration.ofMillis(200));
        client.ok("ListStreams", "{}");
    }

    @Test
    void aLargeReadIsPaidOffBeforeTheNext() {
        for (int i = 0; i < 6; i++) {
            put(List.of("k"), 1_000_000);
            clock.advance(Duration.ofSeconds(1));
        }
        String iterator = client.iterator("s", JsonClient.shardId(0), "TRIM_HORIZON");
        assertEquals(6, client.records(iterator).path("Records").size());
        clock.advance(Duration.ofMillis(1500));
        String body = "{'ShardIterator':'" + iterator + "'}";
        assertEquals(
                "ProvisionedThroughputExceededException",
                client.call("GetRecords", body).errorType());
        clock.advance(Duration.ofMillis(1500));
        client.records(iterator);
    }
}
