package io.penstock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecordsTest {
    private static final String FIRST = JsonClient.shardId(0);

    private final ManualClock clock = new ManualClock();
    private StreamEngine engine;
    private JsonClient client;

    @BeforeEach
    void start() throws IOException {
        engine = StreamEngine.start(EngineSettings.ephemeral().withClock(clock));
        client = new JsonClient(engine);
        client.createStream("s", 1);
        client.createStream("four", 4);
    }

    @AfterEach
    void close() throws IOException {
        engine.close();
    }

    private static String entries(List<String> data) {
        return String.join(
                ",",
                data.stream()
                        .map(text -> "{'PartitionKey':'" + text + "','Data':'" + JsonClient.base64(text) + "'}")
                        .toList());
    }

    private JsonNode putAll(String stream, List<String> data) {
        return client.ok("PutRecords", "{'StreamName':'" + stream + "','Records':[" + entries(data) + "]}");
    }

    @Test
    void aRecordIsReadAsItWasPut() {
        JsonNode put = client.put("s", "käse \uD83E\uDDC0", "data");
        JsonNode page = client.records(client.iterator("s", FIRST, "TRIM_HORIZON"));
        JsonNode record = page.path("Records").path(0);
        assertEquals("data", JsonClient.text(record));
        assertEquals("käse \uD83E\uDDC0", record.path("PartitionKey").asText());
        assertEquals(put.path("SequenceNumber"), record.path("SequenceNumber"));
        assertEquals(
                clock.millis() / 1000.0,
                record.path("ApproximateArrivalTimestamp").asDouble());
        assertEquals(0, page.path("MillisBehindLatest").asLong(-1));
        assertEquals(FIRST, put.path("ShardId").asText());
    }

    @Test
    void emptyDataIsARecord() {
        client.put("s", "k", "");
        assertEquals(List.of(""), client.readAll("s", FIRST));
    }

    @Test
    void sequenceNumbersRiseOverTheWholeStream() {
        BigInteger last = BigInteger.ZERO;
        for (int call = 0; call < 3; call++) {
            for (JsonNode entry : putAll(
                            "four",
                            IntStream.range(0, 50).mapToObj(i -> "k" + i).toList())
                    .path("Records")) {
                BigInteger number = new BigInteger(entry.path("SequenceNumber").asText());
                assertTrue(number.compareTo(last) > 0);
                last = number;
            }
        }
    }

    @Test
    void aKeyGoesToTheShardOfItsMd5() {
        // MD5("a") is 0cc1..., MD5("b") 92eb..., MD5("c") 4a8a..., MD5("f") 8fa1... and MD5("d") 8277...
        assertEquals(
                JsonClient.shardId(0),
                client.put("four", "a", "x").path("ShardId").asText());
        assertEquals(
                JsonClient.shardId(2),
                client.put("four", "b", "x").path("ShardId").asText());
        assertEquals(
                JsonClient.shardId(1),
                client.put("four", "c", "x").path("ShardId").asText());
        assertEquals(
                JsonClient.shardId(2),
                client.put("four", "f", "x").path("ShardId").asText());
    }

    @Test
    void anExplicitHashKeyDecidesTheShardAtBothEnds() {
        JsonNode answer = client.ok(
                "PutRecords",
                "{'StreamName':'four','Records':["
                        + "{'PartitionKey':'a','ExplicitHashKey':'340282366920938463463374607431768211455','Data':''},"
                        + "{'Data':'','ExplicitHashKey':'0','PartitionKey':'b'}]}");
        assertEquals(
                JsonClient.shardId(3),
                answer.path("Records").path(0).path("ShardId").asText());
        assertEquals(
                JsonClient.shardId(0),
                answer.path("Records").path(1).path("ShardId").asText());
        JsonClient.Reply beyond = client.call(
                "PutRecord",
                "{'StreamName':'four','PartitionKey':'a','Data':'',"
                        + "'ExplicitHashKey':'340282366920938463463374607431768211456'}");
        assertEquals("InvalidArgumentException", beyond.errorType());
    }

    @Test
    void theAnswerHasNoBlankAfterAColon() {
        String text = client.call("PutRecords", "{'StreamName':'s','Records':[" + entries(List.of("a")) + "]}")
                .text();
        assertTrue(text.contains("\"FailedRecordCount\":0"), text);
    }

    @Test
    void whatWasPutInOneCallIsReadInThatOrder() {
        List<String> data = IntStream.range(0, 500).mapToObj(i -> "record-" + i).toList();
        assertEquals(0, putAll("s", data).path("FailedRecordCount").asInt(-1));
        assertEquals(data, client.readAll("s", FIRST));
    }

    @Test
    void aLimitEndsAPageAndTheNextIteratorGoesOn() {
        putAll("s", List.of("a", "b", "c"));
        clock.advance(Duration.ofMillis(1500));
        JsonNode page = client.ok(
                "GetRecords", "{'ShardIterator':'" + client.iterator("s", FIRST, "TRIM_HORIZON") + "','Limit':2}");
        assertEquals(2, page.path("Records").size());
        assertEquals(1500, page.path("MillisBehindLatest").asLong());
        JsonNode rest = client.records(page.path("NextShardIterator").asText());
        assertEquals("c", JsonClient.text(rest.path("Records").path(0)));
        assertEquals(0, rest.path("MillisBehindLatest").asLong(-1));
    }

    @Test
    void everyIteratorTypeBeginsWhereItSays() {
        String first = client.put("s", "k", "a").path("SequenceNumber").asText();
        clock.advance(Duration.ofSeconds(1));
        long second = clock.millis();
        client.put("s", "k", "b");
        assertEquals(List.of("a", "b"), texts(client.iterator("s", FIRST, "TRIM_HORIZON")));
        String at = ",'StartingSequenceNumber':'" + first + "'";
        assertEquals(List.of("a", "b"), texts(client.iterator("s", FIRST, "AT_SEQUENCE_NUMBER", at)));
        assertEquals(List.of("b"), texts(client.iterator("s", FIRST, "AFTER_SEQUENCE_NUMBER", at)));
        String time = ",'Timestamp':" + second / 1000 + "." + second % 1000;
        assertEquals(List.of("b"), texts(client.iterator("s", FIRST, "AT_TIMESTAMP", time)));
        String latest = client.iterator("s", FIRST, "LATEST");
        assertEquals(List.of(), texts(latest));
        client.put("s", "k", "c");
        assertEquals(List.of("c"), texts(latest));
    }

    private List<String> texts(String iterator) {
        List<String> texts = new ArrayList<>();
        client.records(iterator).path("Records").forEach(record -> texts.add(JsonClient.text(record)));
        return texts;
    }

    @Test
    void aShardGivesOnlyItsOwnRecords() {
        client.put("four", "a", "zero");
        client.put("four", "c", "one");
        client.put("four", "a", "zero again");
        assertEquals(List.of("zero", "zero again"), client.readAll("four", JsonClient.shardId(0)));
        assertEquals(List.of("one"), client.readAll("four", JsonClient.shardId(1)));
        assertEquals(List.of(), client.readAll("four", JsonClient.shardId(3)));
    }

    @Test
    void anIteratorExpiresAfterFiveMinutes() {
        String iterator = client.iterator("s", FIRST, "LATEST");
        clock.advance(Duration.ofMinutes(5));
        client.records(iterator);
        clock.advance(Duration.ofMillis(1));
        assertEquals(
                "ExpiredIteratorException",
                client.call("GetRecords", "{'ShardIterator':'" + iterator + "'}")
                        .errorType());
    }

    @Test
    void aMadeUpIteratorIsRefused() {
        for (String iterator : List.of("x", "AAAA", "AAAAAAAAAAGVLDKn", " ")) {
            JsonClient.Reply reply = client.call("GetRecords", "{'ShardIterator':'" + iterator + "'}");
            assertEquals("InvalidArgumentException", reply.errorType());
            assertEquals(400, reply.status());
        }
        String good = client.iterator("s", FIRST, "LATEST");
        String changed = (good.charAt(60) == 'A' ? "B" : "A") + good.substring(61);
        assertEquals(
                "InvalidArgumentException",
                client.call("GetRecords", "{'ShardIterator':'" + good.substring(0, 60) + changed + "'}")
                        .errorType());
    }

    @Test
    void aForeignSequenceNumberIsRefused() {
        String ofOtherShard =
                client.put("four", "b", "x").path("SequenceNumber").asText();
        for (String number : List.of("0", "1234", ofOtherShard)) {
            JsonClient.Reply reply = client.call(
                    "GetShardIterator",
                    "{'StreamName':'four','ShardId':'shardId-000000000000','ShardIteratorType':'AT_SEQUENCE_NUMBER',"
                            + "'StartingSequenceNumber':'" + number + "'}");
            assertEquals("InvalidArgumentException", reply.errorType(), reply.text());
        }
    }

    @Test
    void aTimeInTheFutureIsRefused() {
        JsonClient.Reply reply = client.call(
                "GetShardIterator",
                "{'StreamName':'s','ShardId':'shardId-000000000000','ShardIteratorType':'AT_TIMESTAMP','Timestamp':"
                        + (clock.millis() / 1000 + 10) + "}");
        assertEquals("InvalidArgumentException", reply.errorType());
    }

    @Test
    void aPageEndsBeforeTenMebibytes() {
        String big = "x".repeat(900_000);
        for (int i = 0; i < 13; i++) {
            client.put("s", "k", big);
        }
        JsonNode page = client.records(client.iterator("s", FIRST, "TRIM_HORIZON"));
        assertEquals(11, page.path("Records").size());
        assertEquals(
                2,
                client.records(page.path("NextShardIterator").asText())
                        .path("Records")
                        .size());
    }

    @Test
    void theLargestRecordPassesAndOneByteMoreDoesNot() {
        String largest = "x".repeat((1 << 20) - 1);
        client.put("s", "k", largest);
        assertEquals(List.of(largest), client.readAll("s", FIRST));
        JsonClient.Reply reply = client.call(
                "PutRecord", "{'StreamName':'s','PartitionKey':'k','Data':'" + JsonClient.base64(largest + "x") + "'}");
        assertEquals("ValidationException", reply.errorType());
        assertTrue(reply.message().contains("at 'data'"), reply.message());
    }

    @Test
    void aCallOfMoreThanTenMebibytesIsRefused() {
        List<String> data =
                IntStream.range(0, 11).mapToObj(i -> "x".repeat(1_000_000)).toList();
        String records = String.join(
                ",",
                data.stream()
                        .map(text -> "{'PartitionKey':'k','Data':'" + JsonClient.base64(text) + "'}")
                        .toList());
        JsonClient.Reply reply = client.call("PutRecords", "{'StreamName':'s','Records':[" + records + "]}");
        assertEquals("InvalidArgumentException", reply.errorType());
        assertEquals(List.of(), client.readAll("s", FIRST));
    }

    @Test
    void aBodyBeyondTheLimitIsRefusedAsTooLarge() {
        byte[] body = ("{\"StreamName\":\"s\",\"PartitionKey\":\"k\",\"Data\":\"" + "A".repeat(21 << 20) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        assertEquals(
                413,
                client.send("PutRecord", body, "application/x-amz-json-1.1").status());
    }

    @Test
    void recordsOutliveTheirRetentionByNothing() {
        client.put("s", "k", "old");
        clock.advance(Duration.ofHours(24).plusMillis(1));
        client.put("s", "k", "new");
        org.awaitility.Awaitility.await().untilAsserted(() -> assertEquals(List.of("new"), client.readAll("s", FIRST)));
    }

    @Test
    void aNextIteratorOfAnOpenShardIsAlwaysThere() {
        JsonNode page = client.records(client.iterator("s", FIRST, "LATEST"));
        assertTrue(page.has("NextShardIterator"));
        assertFalse(page.has("ChildShards"));
    }
}
