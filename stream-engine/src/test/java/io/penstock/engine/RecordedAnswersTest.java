package io.penstock.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that were recorded at Amazon's service, where they are not what its documents lead to expect. */
class RecordedAnswersTest {
    private static final String ARN = "arn:aws:kinesis:us-east-1:000000000000:stream/s";
    private static final String JSON = "application/x-amz-json-1.1";

    private final ManualClock clock = new ManualClock();
    private StreamEngine engine;
    private JsonClient client;

    @BeforeEach
    void start() throws IOException {
        engine = StreamEngine.start(EngineSettings.ephemeral().withClock(clock));
        client = new JsonClient(engine);
    }

    @AfterEach
    void close() throws IOException {
        engine.close();
    }

    private void refused(String type, String message, JsonClient.Reply reply) {
        assertEquals(400, reply.status(), reply.text());
        assertEquals(type, reply.errorType(), reply.text());
        assertEquals(message, reply.message());
    }

    private List<String> shards(String filter) {
        List<String> ids = new ArrayList<>();
        client.ok("ListShards", "{'StreamName':'s'" + filter + "}")
                .path("Shards")
                .forEach(shard -> ids.add(shard.path("ShardId").asText().substring(18)));
        return ids;
    }

    private static String merge(String one, String other) {
        return "{'StreamName':'s','ShardToMerge':'" + one + "','AdjacentShardToMerge':'" + other + "'}";
    }

    @Test
    void aStreamWithoutAShardCountHasFourShards() {
        client.ok("CreateStream", "{'StreamName':'s'}");
        assertEquals(4, shards("").size());
    }

    @Test
    void shardsOfAnOnDemandStreamAreNotChangedByCallers() {
        client.ok("CreateStream", "{'StreamName':'s','StreamModeDetails':{'StreamMode':'ON_DEMAND'}}");
        for (JsonClient.Reply reply : List.of(
                client.call("MergeShards", merge("shardId-0", "shardId-1")),
                client.call("SplitShard", "{'StreamName':'s','ShardToSplit':'shardId-0','NewStartingHashKey':'10'}"),
                client.call(
                        "UpdateShardCount",
                        "{'StreamName':'s','TargetShardCount':8,'ScalingType':'UNIFORM_SCALING'}"))) {
            assertEquals("ValidationException", reply.errorType());
            assertTrue(
                    reply.message().contains("only supported for data streams with the provisioned capacity mode"),
                    reply.message());
        }
    }

    @Test
    void iteratorsAndTokensAreTakenInQuotes() {
        client.createStream("s", 3);
        String iterator = client.iterator("s", JsonClient.shardId(0), "TRIM_HORIZON");
        client.ok("GetRecords", "{'ShardIterator':'\\'" + iterator + "\\''}");
        String token = client.ok("ListShards", "{'StreamName':'s','MaxResults':1}")
                .path("NextToken")
                .asText();
        assertEquals(
                2,
                client.ok("ListShards", "{'NextToken':'\\'" + token + "\\''}")
                        .path("Shards")
                        .size());
        client.createStream("t", 1);
        String next = client.ok("ListStreams", "{'Limit':1}").path("NextToken").asText();
        assertEquals(
                1,
                client.ok("ListStreams", "{'NextToken':'\\'" + next + "\\''}")
                        .path("StreamNames")
                        .size());
        assertEquals(
                "InvalidArgumentException",
                client.call("GetRecords", "{'ShardIterator':'\\'" + iterator + "'}")
                        .errorType());
    }

    @ParameterizedTest
    @ValueSource(strings = {"shardId-0", "shardId-000000000000", "0", "other-0", "shardId-00000000000000000"})
    void shortShardIdsResolve(String id) {
        client.createStream("s", 1);
        client.put("s", "k", "found");
        assertEquals(List.of("found"), client.readAll("s", id));
    }

    @ParameterizedTest
    @ValueSource(strings = {"shardId-", "shardId", "shardId-x", "shardId-0-0", "shardId-2147483648", "shardId--1"})
    void whatIsNoShardIdIsNotFound(String id) {
        client.createStream("s", 1);
        refused(
                "ResourceNotFoundException",
                "Shard " + id + " in stream s under account 000000000000 does not exist",
                client.call(
                        "GetShardIterator", "{'StreamName':'s','ShardId':'" + id + "','ShardIteratorType':'LATEST'}"));
    }

    @Test
    void aPairTurnedRoundIsNotMerged() {
        client.createStream("s", 3);
        refused(
                "InvalidArgumentException",
                "Shards shardId-000000000001 and shardId-000000000000 in stream s under account 000000000000 are not an"
                        + " adjacent pair of shards eligible for merging",
                client.call("MergeShards", merge("shardId-1", "shardId-0")));
        client.ok("MergeShards", merge("shardId-0", "shardId-1"));
    }

    @Test
    void messagesAboutShardsNameTheAccount() {
        client.createStream("s", 2);
        refused(
                "ResourceNotFoundException",
                "Could not find shard shardId-000000000005 in stream s under account 000000000000.",
                client.call("MergeShards", merge("shardId-5", "shardId-0")));
        refused(
                "ResourceNotFoundException",
                "Could not find shard none in stream s under account 000000000000.",
                client.call("SplitShard", "{'StreamName':'s','ShardToSplit':'none','NewStartingHashKey':'10'}"));
        refused(
                "InvalidArgumentException",
                "NewStartingHashKey 1 used in SplitShard() on shard shardId-000000000000 in stream s under account"
                        + " 000000000000 is not both greater than one plus the shard's StartingHashKey 0 and less than"
                        + " the shard's EndingHashKey 170141183460469231731687303715884105727.",
                client.call("SplitShard", "{'StreamName':'s','ShardToSplit':'shardId-0','NewStartingHashKey':'1'}"));
    }

    @Test
    void aStreamThatIsNotActiveIsNamedWithItsAccount() throws IOException {
        engine.close();
        engine = StreamEngine.start(EngineSettings.ephemeral().withClock(clock).withTransition(Duration.ofSeconds(5)));
        client = new JsonClient(engine);
        client.createStream("s", 2);
        refused(
                "ResourceInUseException",
                "Stream s under account 000000000000 not ACTIVE, instead in state CREATING",
                client.call("MergeShards", merge("shardId-0", "shardId-1")));
    }

    @Test
    void theShardLimitIsToldInTheServicesWords() throws IOException {
        engine.close();
        engine = StreamEngine.start(EngineSettings.ephemeral().withMaxShards(2));
        client = new JsonClient(engine);
        refused(
                "LimitExceededException",
                "This request would exceed the shard limit for the account 000000000000 in us-east-1. Current shard"
                        + " count for the account: 0. Limit: 2. Number of additional shards that would have resulted"
                        + " from this request: 3. Refer to the AWS Service Limits page"
                        + " (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits"
                        + " and how to request higher limits.",
                client.call("CreateStream", "{'StreamName':'s','ShardCount':3}"));
    }

    @Test
    void tagsWithForbiddenCharactersAreRefused() {
        client.createStream("s", 1);
        String words = "Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space,"
                + " _ . / = + - % @.";
        for (String tags : List.of("'a;':'b'", "'a':'b*'", "'a':'b\u2603'")) {
            refused(
                    "InvalidArgumentException",
                    words,
                    client.call("AddTagsToStream", "{'StreamName':'s','Tags':{" + tags + "}}"));
            refused(
                    "InvalidArgumentException",
                    words,
                    client.call("CreateStream", "{'StreamName':'t','ShardCount':1,'Tags':{" + tags + "}}"));
        }
        String illegal = " stream s under account 000000000000 because some tags contained illegal characters. The"
                + " allowed characters are Unicode letters, white-spaces, '_',',','/','=','+','-','@'.";
        for (String call : List.of("{\"StreamName\":\"s\",\"Tags\":{\"a\":\"50%\"}}")) {
            refused(
                    "InvalidArgumentException",
                    "Failed to add tags to" + illegal,
                    client.send("AddTagsToStream", call.getBytes(StandardCharsets.UTF_8), JSON));
        }
        refused(
                "InvalidArgumentException",
                "Failed to remove tags from" + illegal,
                client.call("RemoveTagsFromStream", "{'StreamName':'s','TagKeys':['%']}"));
    }

    @Test
    void tagsAreLimitedInCharactersNotInBytes() {
        client.createStream("s", 1);
        String key = "\u6f22".repeat(128);
        client.ok("AddTagsToStream", "{'StreamName':'s','Tags':{'" + key + "':'" + "\u5b57".repeat(256) + "'}}");
        client.ok("AddTagsToStream", "{'StreamName':'s','Tags':{'" + "\u6f22".repeat(86) + "':'v'}}");
        JsonNode tags = client.ok("ListTagsForStream", "{'StreamName':'s'}").path("Tags");
        assertEquals(2, tags.size());
        assertEquals(
                "ValidationException",
                client.call("AddTagsToStream", "{'StreamName':'s','Tags':{'" + key + "x':'v'}}")
                        .errorType());
    }

    @Test
    void warmThroughputIsForOnDemandStreams() {
        assertEquals(
                "ValidationException",
                client.call("CreateStream", "{'StreamName':'s','ShardCount':1,'WarmThroughputMiBps':10}")
                        .errorType());
        client.ok(
                "CreateStream",
                "{'StreamName':'s','StreamModeDetails':{'StreamMode':'ON_DEMAND'},'WarmThroughputMiBps':10}");
    }

    @Test
    void theShardsAtTheTrimHorizonIncludeAParentThatNeverHadARecord() {
        client.createStream("s", 2);
        clock.advance(Duration.ofMinutes(1));
        client.ok("MergeShards", merge("shardId-0", "shardId-1"));
        assertEquals(List.of("00", "01"), shards(",'ShardFilter':{'Type':'AT_TRIM_HORIZON'}"));
        client.put("s", "k", "in the child");
        assertEquals(List.of("00", "01"), shards(",'ShardFilter':{'Type':'AT_TRIM_HORIZON'}"));
        clock.advance(Duration.ofHours(25));
        assertEquals(List.of("02"), shards(",'ShardFilter':{'Type':'AT_TRIM_HORIZON'}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud800", "\\udc00x", "x\\ud83d", "\\udc00\\ud800"})
    void halfOfASurrogatePairInAKeyIsRefused(String key) {
        client.createStream("s", 1);
        String body = "{\"StreamName\":\"s\",\"Data\":\"eA==\",\"PartitionKey\":\"" + key + "\"}";
        JsonClient.Reply reply = client.send("PutRecord", body.getBytes(StandardCharsets.UTF_8), JSON);
        assertEquals("SerializationException", reply.errorType(), reply.text());
        assertEquals(List.of(), client.readAll("s", JsonClient.shardId(0)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theBytesOfHalfASurrogatePairInAKeyAreRefused(boolean cbor) throws IOException {
        client.createStream("s", 1);
        byte[] half = {(byte) 0xED, (byte) 0xA0, (byte) 0x80};
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (cbor) {
            body.write(0xA3);
            for (String name : List.of("StreamName", "Data", "PartitionKey")) {
                body.write(0x60 + name.length());
                body.write(name.getBytes(StandardCharsets.US_ASCII));
                body.write(name.equals("Data") ? 0x41 : 0x60 + (name.equals("StreamName") ? 1 : half.length));
                body.write(
                        name.equals("PartitionKey") ? half : name.equals("Data") ? new byte[] {1} : new byte[] {'s'});
            }
        } else {
            body.write(
                    "{\"StreamName\":\"s\",\"Data\":\"eA==\",\"PartitionKey\":\"".getBytes(StandardCharsets.US_ASCII));
            body.write(half);
            body.write("\"}".getBytes(StandardCharsets.US_ASCII));
        }
        JsonClient.Reply reply =
                client.send("PutRecord", body.toByteArray(), cbor ? "application/x-amz-cbor-1.1" : JSON);
        assertEquals(400, reply.status(), reply.text());
        assertTrue(reply.text().contains("SerializationException"), reply.text());
        assertEquals(List.of(), client.readAll("s", JsonClient.shardId(0)));
    }

    @Test
    void anEmptyPolicyIsAnswered() {
        client.createStream("s", 1);
        String resource = "{'ResourceARN':'" + ARN + "'}";
        assertArrayEquals(
                "{\"Policy\":\"{}\"}".getBytes(StandardCharsets.UTF_8),
                client.call("GetResourcePolicy", resource).raw().body());
        refused(
                "ResourceNotFoundException",
                "No resource policy found for resource ARN " + ARN,
                client.call("DeleteResourcePolicy", resource));
    }
}
