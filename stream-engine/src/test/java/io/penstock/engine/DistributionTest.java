package io.penstock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The record distribution strategies: who needs a key, and what keys decide. */
class DistributionTest {
    private static final String ARN = "arn:aws:kinesis:us-east-1:000000000000:stream/";

    @TempDir
    Path data;

    private StreamEngine engine;
    private JsonClient client;

    @BeforeEach
    void open() throws IOException {
        engine = StreamEngine.start(EngineSettings.persistent(data)
                .withListen(new InetSocketAddress("127.0.0.1", 0))
                .withTransition(Duration.ZERO)
                .withTls(new Tls.Off())
                .withReserveBytes(0));
        client = new JsonClient(engine);
    }

    @AfterEach
    void close() throws IOException {
        engine.close();
    }

    private void auto(String name) {
        client.ok(
                "CreateStream",
                "{'StreamName':'" + name + "','StreamModeDetails':{'StreamMode':'ON_DEMAND'},"
                        + "'RecordDistributionStrategy':'AUTO'}");
    }

    private String strategy(String name) {
        return client.ok("DescribeStreamSummary", "{'StreamName':'" + name + "'}")
                .path("StreamDescriptionSummary")
                .path("RecordDistributionStrategy")
                .asText();
    }

    private JsonClient.Reply update(String name, String strategy) {
        return client.call(
                "UpdateStreamRecordDistributionStrategy",
                "{'StreamARN':'" + ARN + name + "','RecordDistributionStrategy':'" + strategy + "'}");
    }

    private List<JsonNode> records(String stream, int shard) {
        List<JsonNode> records = new ArrayList<>();
        client.records(client.iterator(stream, JsonClient.shardId(shard), "TRIM_HORIZON"))
                .path("Records")
                .forEach(records::add);
        return records;
    }

    private static String entries(int count, String each) {
        return String.join(",", java.util.Collections.nCopies(count, each));
    }

    @Test
    void autoSpreadsEvenlyAndIgnoresKeys() {
        auto("a");
        for (int i = 0; i < 3; i++) {
            client.ok(
                    "PutRecords",
                    "{'StreamName':'a','Records':["
                            + entries(100, "{'Data':'eA==','PartitionKey':'one','ExplicitHashKey':'0'}") + "]}");
        }
        for (int shard = 0; shard < 4; shard++) {
            List<JsonNode> records = records("a", shard);
            assertEquals(75, records.size());
            assertTrue(records.stream()
                    .allMatch(record -> record.path("PartitionKey").asText().equals("one")));
        }
    }

    @Test
    void aMissingKeyIsLeftOutOfRecordsInBothProtocolsAndAfterARestart() throws IOException {
        auto("a");
        client.ok("PutRecord", "{'StreamName':'a','Data':'eA=='}");
        client.ok("PutRecords", "{'StreamName':'a','Records':[{'Data':'eQ=='},{'Data':'eg==','PartitionKey':'k'}]}");
        engine.close();
        open();
        assertEquals("AUTO", strategy("a"));
        ObjectMapper cbor = new ObjectMapper(new CBORFactory());
        int keyless = 0;
        for (int shard = 0; shard < 4; shard++) {
            String iterator = client.iterator("a", JsonClient.shardId(shard), "TRIM_HORIZON");
            JsonNode json = client.records(iterator).path("Records");
            JsonNode binary = cbor.readTree(client.send(
                                    "GetRecords",
                                    cbor.writeValueAsBytes(Map.of("ShardIterator", iterator)),
                                    "application/x-amz-cbor-1.1")
                            .raw()
                            .body())
                    .path("Records");
            assertEquals(json.size(), binary.size());
            for (int i = 0; i < json.size(); i++) {
                boolean keyed = JsonClient.text(json.get(i)).equals("z");
                keyless += keyed ? 0 : 1;
                assertEquals(keyed, json.get(i).has("PartitionKey"));
                assertEquals(keyed, binary.get(i).has("PartitionKey"));
            }
        }
        assertEquals(2, keyless);
    }

    @Test
    void aStreamThatKeysDecideDemandsThem() {
        client.createStream("s", 1);
        JsonClient.Reply one = client.call("PutRecord", "{'StreamName':'s','Data':'eA=='}");
        assertEquals("ValidationException", one.errorType());
        assertEquals(
                "1 validation error detected: Value null at 'partitionKey' failed to satisfy constraint: Member must"
                        + " not be null",
                one.message());
        JsonClient.Reply many = client.call(
                "PutRecords",
                "{'StreamName':'s','Records':[{'Data':'eA==','PartitionKey':'k'},{'Data':'eA=='},{'Data':'eA=='}]}");
        assertEquals(
                "2 validation errors detected: Value null at 'records.2.member.partitionKey' failed to satisfy"
                        + " constraint: Member must not be null; Value null at 'records.3.member.partitionKey' failed"
                        + " to satisfy constraint: Member must not be null",
                many.message());
        assertEquals(0, records("s", 0).size());
    }

    @Test
    void theStrategyChangesAtOnceAndOnlyForLaterRecords() {
        client.ok("CreateStream", "{'StreamName':'d','StreamModeDetails':{'StreamMode':'ON_DEMAND'}}");
        assertEquals("USER_PARTITION_KEY", strategy("d"));
        assertEquals(
                400,
                client.call("PutRecord", "{'StreamName':'d','Data':'eA=='}").status());
        assertEquals(200, update("d", "AUTO").status());
        client.ok("PutRecord", "{'StreamName':'d','Data':'eA=='}");
        assertEquals(200, update("d", "USER_PARTITION_KEY").status());
        assertEquals(
                400,
                client.call("PutRecord", "{'StreamName':'d','Data':'eA=='}").status());
        String first = client.put("d", "k", "x").path("ShardId").asText();
        assertEquals(first, client.put("d", "k", "y").path("ShardId").asText());
    }

    @Test
    void autoIsForOnDemandStreamsOnly() {
        client.createStream("p", 1);
        JsonClient.Reply updated = update("p", "AUTO");
        assertEquals("InvalidArgumentException", updated.errorType());
        assertTrue(updated.message().contains("only supported for streams in ON_DEMAND mode"), updated.message());
        assertEquals(200, update("p", "USER_PARTITION_KEY").status());
        assertEquals("", strategy("p"));
        assertEquals(
                "InvalidArgumentException",
                client.call("CreateStream", "{'StreamName':'q','ShardCount':1,'RecordDistributionStrategy':'AUTO'}")
                        .errorType());
        auto("a");
        assertEquals(
                "InvalidArgumentException",
                client.call(
                                "UpdateStreamMode",
                                "{'StreamARN':'" + ARN + "a','StreamModeDetails':{'StreamMode':'PROVISIONED'}}")
                        .errorType());
    }

    @Test
    void valuesOutsideTheEnumAreRefused() {
        auto("a");
        for (JsonClient.Reply reply : List.of(
                update("a", "RANDOM"),
                update("a", "auto"),
                client.call(
                        "CreateStream",
                        "{'StreamName':'b','StreamModeDetails':{'StreamMode':'ON_DEMAND'},"
                                + "'RecordDistributionStrategy':'EVEN'}"))) {
            assertEquals("ValidationException", reply.errorType());
            assertTrue(
                    reply.message()
                            .contains(
                                    "at 'recordDistributionStrategy' failed to satisfy constraint: Member must satisfy"
                                            + " enum value set: [AUTO, USER_PARTITION_KEY]"),
                    reply.message());
        }
    }

    @Test
    void aDryRunThatWouldPassHasNoEffectAndSaysSo() {
        client.createStream("s", 1);
        String shard = JsonClient.shardId(0);
        String iterator = client.iterator("s", shard, "TRIM_HORIZON");
        Map<String, String> calls = Map.of(
                "PutRecord",
                "{'StreamName':'s','Data':'eA==','PartitionKey':'k'",
                "PutRecords",
                "{'StreamName':'s','Records':[{'Data':'eA==','PartitionKey':'k'}]",
                "GetShardIterator",
                "{'StreamName':'s','ShardId':'" + shard + "','ShardIteratorType':'LATEST'",
                "GetRecords",
                "{'ShardIterator':'" + iterator + "'");
        calls.forEach((operation, call) -> {
            JsonClient.Reply dry = client.call(operation, call + ",'DryRun':true}");
            assertEquals("DryRunOperationException", dry.errorType(), operation);
            assertEquals(400, dry.status());
            assertEquals(
                    "SerializationException",
                    client.call(operation, call + ",'DryRun':'yes'}").errorType());
        });
        assertEquals(0, records("s", 0).size());
        calls.forEach((operation, call) -> assertEquals(
                200, client.call(operation, call + ",'DryRun':false}").status(), operation));
        assertEquals(2, records("s", 0).size());
    }

    @Test
    void aDryRunThatWouldFailFailsAsTheCallItself() {
        client.createStream("s", 1);
        Map<String, String> calls = Map.of(
                "PutRecord", "{'StreamName':'none','Data':'eA==','PartitionKey':'k'",
                "PutRecords", "{'StreamName':'s','Records':[{'Data':'eA=='}]",
                "GetShardIterator", "{'StreamName':'s','ShardId':'shardId-000000000009','ShardIteratorType':'LATEST'",
                "GetRecords", "{'ShardIterator':'AAAA'",
                "SubscribeToShard",
                        "{'ConsumerARN':'" + ARN + "s/consumer/c:1','ShardId':'shardId-000000000000',"
                                + "'StartingPosition':{'Type':'LATEST'}");
        calls.forEach((operation, call) -> assertEquals(
                client.call(operation, call + "}").text(),
                client.call(operation, call + ",'DryRun':true}").text()));
    }

    @Test
    void aDryRunOfASubscriptionLeavesTheShardToOthers() {
        client.createStream("s", 1);
        String consumer = client.ok("RegisterStreamConsumer", "{'StreamARN':'" + ARN + "s','ConsumerName':'c'}")
                .path("Consumer")
                .path("ConsumerARN")
                .asText();
        String call = "{'ConsumerARN':'" + consumer + "','ShardId':'shardId-000000000000',"
                + "'StartingPosition':{'Type':'LATEST'},'DryRun':true}";
        for (int i = 0; i < 2; i++) {
            assertEquals(
                    "DryRunOperationException",
                    client.call("SubscribeToShard", call).errorType());
        }
    }

    @Test
    void emptyKeysAreRefusedAlsoWhereNoKeyIsNeeded() {
        auto("a");
        JsonClient.Reply reply = client.send(
                "PutRecord",
                "{\"StreamName\":\"a\",\"Data\":\"eA==\",\"PartitionKey\":\"\"}".getBytes(StandardCharsets.UTF_8),
                "application/x-amz-json-1.1");
        assertEquals("ValidationException", reply.errorType());
        assertFalse(reply.message().isEmpty());
    }
}
