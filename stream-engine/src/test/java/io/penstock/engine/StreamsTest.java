package io.penstock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamsTest {
    private final ManualClock clock = new ManualClock();
    private StreamEngine engine;
    private JsonClient client;

    private JsonClient start(EngineSettings settings) throws IOException {
        engine = StreamEngine.start(settings.withClock(clock));
        client = new JsonClient(engine);
        return client;
    }

    @AfterEach
    void close() throws IOException {
        engine.close();
    }

    private String status(String stream) {
        return client.ok("DescribeStreamSummary", "{'StreamName':'" + stream + "'}")
                .path("StreamDescriptionSummary")
                .path("StreamStatus")
                .asText();
    }

    @Test
    void aStreamIsCreatingThenActiveThenDeletingThenGone() throws IOException {
        start(EngineSettings.ephemeral().withTransition(Duration.ofSeconds(2)));
        client.createStream("orders", 2);
        assertEquals("CREATING", status("orders"));
        clock.advance(Duration.ofSeconds(2));
        assertEquals("ACTIVE", status("orders"));
        client.ok("DeleteStream", "{'StreamName':'orders'}");
        assertEquals("DELETING", status("orders"));
        assertEquals(
                "ResourceInUseException",
                client.call("DeleteStream", "{'StreamName':'orders'}").errorType());
        clock.advance(Duration.ofSeconds(2));
        assertEquals(
                "ResourceNotFoundException",
                client.call("DescribeStream", "{'StreamName':'orders'}").errorType());
    }

    @Test
    void aProgramIsToldWhichStreamCannotBe() throws IOException {
        start(EngineSettings.ephemeral());
        for (String name : List.of("", "a stream", "../up", "x".repeat(129))) {
            assertThrows(IllegalArgumentException.class, () -> engine.createStream(name, 1), name);
        }
        for (int shards : new int[] {-1, 0, 10_001}) {
            assertThrows(IllegalArgumentException.class, () -> engine.createStream("s", shards));
        }
        assertThrows(IllegalArgumentException.class, () -> engine.createStream("s", 1, "no/region"));
        assertEquals(0, engine.streamCount());
    }

    @Test
    void aClockThatIsSetBackHoldsNoStreamInATransition() throws IOException {
        start(EngineSettings.ephemeral().withTransition(Duration.ofSeconds(2)));
        client.createStream("orders", 2);
        clock.advance(Duration.ofHours(-2));
        assertEquals("CREATING", status("orders"));
        clock.advance(Duration.ofSeconds(2));
        assertEquals("ACTIVE", status("orders"));
        client.ok("DeleteStream", "{'StreamName':'orders'}");
        assertEquals("DELETING", status("orders"));
        clock.advance(Duration.ofHours(-2));
        assertEquals("DELETING", status("orders"));
        clock.advance(Duration.ofSeconds(2));
        assertEquals(
                "ResourceNotFoundException",
                client.call("DescribeStream", "{'StreamName':'orders'}").errorType());
    }

    @Test
    void aStreamThatIsNotYetActiveTakesAndGivesNoRecords() throws IOException {
        start(EngineSettings.ephemeral().withTransition(Duration.ofSeconds(2)));
        client.createStream("orders", 1);
        assertEquals(
                "ResourceNotFoundException",
                client.call("PutRecord", "{'StreamName':'orders','PartitionKey':'k','Data':''}")
                        .errorType());
        assertEquals(
                "ResourceNotFoundException",
                client.call(
                                "GetShardIterator",
                                "{'StreamName':'orders','ShardId':'shardId-000000000000','ShardIteratorType':'LATEST'}")
                        .errorType());
        assertEquals(
                "ResourceInUseException",
                client.call("ListShards", "{'StreamName':'orders'}").errorType());
    }

    @Test
    void aDeletedStreamsNameIsFreeAtOnceWithoutTransitionAndItsRecordsAreGone() throws IOException {
        start(EngineSettings.ephemeral());
        client.createStream("orders", 1);
        client.put("orders", "k", "old");
        String iterator = client.iterator("orders", JsonClient.shardId(0), "TRIM_HORIZON");
        client.ok("DeleteStream", "{'StreamName':'orders'}");
        client.createStream("orders", 1);
        assertEquals(List.of(), client.readAll("orders", JsonClient.shardId(0)));
        assertEquals(
                "ResourceNotFoundException",
                client.call("GetRecords", "{'ShardIterator':'" + iterator + "'}")
                        .errorType());
    }

    @Test
    void aNameIsTakenOnce() throws IOException {
        start(EngineSettings.ephemeral());
        client.createStream("orders", 1);
        JsonClient.Reply again = client.call("CreateStream", "{'StreamName':'orders','ShardCount':1}");
        assertEquals(400, again.status());
        assertEquals("ResourceInUseException", again.errorType());
        assertEquals("Stream orders under account 000000000000 already exists.", again.message());
    }

    @Test
    void dotsAreNames() throws IOException {
        start(EngineSettings.ephemeral());
        for (String name : List.of(".", "..", "A", "a")) {
            client.createStream(name, 1);
            client.put(name, "k", "in " + name);
        }
        for (String name : List.of(".", "..", "A", "a")) {
            assertEquals(List.of("in " + name), client.readAll(name, JsonClient.shardId(0)));
        }
    }

    @Test
    void aDescriptionTellsEverything() throws IOException {
        start(EngineSettings.ephemeral());
        client.createStream("orders", 2);
        JsonNode stream = client.ok("DescribeStream", "{'StreamName':'orders'}").path("StreamDescription");
        assertEquals(
                "arn:aws:kinesis:us-east-1:000000000000:stream/orders",
                stream.path("StreamARN").asText());
        assertEquals("ACTIVE", stream.path("StreamStatus").asText());
        assertEquals(
                "PROVISIONED",
                stream.path("StreamModeDetails").path("StreamMode").asText());
        assertEquals(24, stream.path("RetentionPeriodHours").asInt());
        assertEquals("NONE", stream.path("EncryptionType").asText());
        assertEquals(
                clock.millis() / 1000.0, stream.path("StreamCreationTimestamp").asDouble());
        assertFalse(stream.path("HasMoreShards").asBoolean());
        JsonNode second = stream.path("Shards").path(1);
        assertEquals("shardId-000000000001", second.path("ShardId").asText());
        assertEquals(
                "170141183460469231731687303715884105728",
                second.path("HashKeyRange").path("StartingHashKey").asText());
        assertEquals(
                "340282366920938463463374607431768211455",
                second.path("HashKeyRange").path("EndingHashKey").asText());
    }

    @Test
    void streamsAreFoundByNameAndArn() throws IOException {
        start(EngineSettings.ephemeral());
        client.createStream("orders", 1);
        String arn = "arn:aws-cn:kinesis:us-east-1:000000000000:stream/orders";
        JsonNode byArn = client.ok("DescribeStreamSummary", "{'StreamARN':'" + arn + "'}");
        assertEquals(byArn, client.ok("DescribeStreamSummary", "{'StreamName':'orders'}"));
        assertEquals(
                "InvalidArgumentException",
                client.call("DescribeStreamSummary", "{'StreamName':'other','StreamARN':'" + arn + "'}")
                        .errorType());
        assertEquals(
                "InvalidArgumentException",
                client.call("DescribeStreamSummary", "{}").errorType());
    }

    /**
     * The AWS SDKs send a call with a StreamId to a host named after it, even with an endpoint override; so does the
     * fan-out of KCL 3.5.
     */
    @Test
    void noStreamIdIsGivenOutAndAForeignOneIsUnknown() throws IOException {
        start(EngineSettings.ephemeral());
        client.createStream("orders", 1);
        assertFalse(client.call("DescribeStreamSummary", "{'StreamName':'orders'}")
                .text()
                .contains("StreamId"));
        String id = "'StreamId':'aaaaaaaaaaaaaaaaaaaa-bbb'";
        for (String body : List.of("{" + id + "}", "{'StreamName':'orders'," + id + "}")) {
            assertEquals(
                    "ResourceNotFoundException",
                    client.call("DescribeStreamSummary", body).errorType());
        }
    }

    @Test
    void shardsOfADescriptionComeInPages() throws IOException {
        start(EngineSettings.ephemeral());
        client.createStream("orders", 5);
        JsonNode first =
                client.ok("DescribeStream", "{'StreamName':'orders','Limit':2}").path("StreamDescription");
        assertEquals(2, first.path("Shards").size());
        assertTrue(first.path("HasMoreShards").asBoolean());
        JsonNode rest = client.ok(
                        "DescribeStream", "{'StreamName':'orders','ExclusiveStartShardId':'shardId-000000000001'}")
                .path("StreamDescription");
        assertEquals(3, rest.path("Shards").size());
        assertFalse(rest.path("HasMoreShards").asBoolean());
    }

    @Test
    void streamsAreListedInOrderInPages() throws IOException {
        start(EngineSettings.ephemeral());
        for (String name : List.of("c", "a", "e", "b", "d")) {
            client.createStream(name, 1);
        }
        List<String> names = new ArrayList<>();
        JsonNode page = client.ok("ListStreams", "{'Limit':2}");
        while (true) {
            page.path("StreamNames").forEach(name -> names.add(name.asText()));
            assertEquals(
                    page.path("StreamNames").size(),
                    page.path("StreamSummaries").size());
            if (!page.path("HasMoreStreams").asBoolean()) {
                break;
            }
            page = client.ok(
                    "ListStreams",
                    "{'Limit':2,'NextToken':'" + page.path("NextToken").asText() + "'}");
        }
        assertEquals(List.of("a", "b", "c", "d", "e"), names);
        assertEquals(
                List.of("d", "e"),
                names(client.ok("ListStreams", "{'ExclusiveStartStreamName':'c'}")
                        .path("StreamNames")));
    }

    private static List<String> names(JsonNode list) {
        List<String> names = new ArrayList<>();
        list.forEach(name -> names.add(name.asText()));
        return names;
    }

    @Test
    void aPageTokenExpiresAndAForeignOneIsRefused() throws IOException {
        start(EngineSettings.ephemeral());
        client.createStream("a", 1);
        client.createStream("b", 1);
        String token = client.ok("ListStreams", "{'Limit':1}").path("NextToken").asText();
        clock.advance(Duration.ofSeconds(301));
        assertEquals(
                "ExpiredNextTokenException",
                client.call("ListStreams", "{'NextToken':'" + token + "'}").errorType());
        for (String foreign : List.of("x", "AAAA", JsonClient.base64("shards/a/1/b"), JsonClient.base64("streams"))) {
            assertEquals(
                    "InvalidArgumentException",
                    client.call("ListStreams", "{'NextToken':'" + foreign + "'}")
                            .errorType());
        }
    }

    @Test
    void beyondTheMostStreamsOrShardsCreatingIsRefused() throws IOException {
        start(EngineSettings.ephemeral().withMaxStreams(2).withMaxShards(5));
        client.createStream("a", 2);
        JsonClient.Reply shards = client.call("CreateStream", "{'StreamName':'b','ShardCount':4}");
        assertEquals("LimitExceededException", shards.errorType());
        client.createStream("b", 3);
        JsonClient.Reply streams = client.call("CreateStream", "{'StreamName':'c','ShardCount':1}");
        assertEquals("LimitExceededException", streams.errorType());
        assertTrue(streams.message().contains("max-streams"), streams.message());
        assertEquals(
                "LimitExceededException",
                client.call(
                                "SplitShard",
                                "{'StreamName':'a','ShardToSplit':'shardId-000000000000','NewStartingHashKey':'7'}")
                        .errorType());
    }

    @Test
    void onDemandStreamsAreTakenWithoutACount() throws IOException {
        start(EngineSettings.ephemeral());
        client.ok("CreateStream", "{'StreamName':'a','StreamModeDetails':{'StreamMode':'ON_DEMAND'}}");
        JsonNode summary =
                client.ok("DescribeStreamSummary", "{'StreamName':'a'}").path("StreamDescriptionSummary");
        assertEquals(
                "ON_DEMAND",
                summary.path("StreamModeDetails").path("StreamMode").asText());
        assertEquals(4, summary.path("OpenShardCount").asInt());
        assertEquals(
                "ValidationException",
                client.call(
                                "CreateStream",
                                "{'StreamName':'b','ShardCount':1,'StreamModeDetails':{'StreamMode':'ON_DEMAND'}}")
                        .errorType());
    }
}
