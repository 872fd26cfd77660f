package io.penstock.agent.kinesisapi;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.agent.ingest.AckMode;
import io.penstock.agent.record.FieldNames;
import io.penstock.agent.record.RecordFormat;
import io.penstock.agent.route.KeyTemplate;
import io.penstock.agent.route.Route;
import io.penstock.agent.route.RoutePattern;
import io.penstock.agent.route.Source;
import io.penstock.agent.route.Texts;
import io.penstock.base.settings.Parsed;
import io.penstock.delivery.kinesis.shards.ShardMap;
import io.penstock.delivery.spool.Spool;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KinesisApiSourceTest {
    /** "hello" and "world" in Base64. */
    private static final String TWO =
            "{\"StreamName\":\"s\",\"Records\":[{\"Data\":\"aGVsbG8=\",\"PartitionKey\":\"a\"},"
                    + "{\"Data\":\"d29ybGQ=\",\"PartitionKey\":\"b\",\"ExplicitHashKey\":\"340282366920938463463374607431768211455\"}]}";

    private static final String ONE = "{\"StreamName\":\"s\",\"Data\":\"aGVsbG8=\",\"PartitionKey\":\"a\"}";

    private static Route route(String match, String stream, KeyTemplate key, RecordFormat format) {
        return new Route(
                ((Parsed.Right<RoutePattern>) RoutePattern.parse(match)).value(),
                stream,
                "default",
                key,
                format,
                FieldNames.DEFAULT);
    }

    @Test
    void aCallIsAnsweredOnlyAfterTheForce() throws IOException {
        try (Harness api = new Harness()) {
            CompletableFuture<HttpResponse<String>> answer = api.later("PutRecords", TWO);
            await().until(() -> api.spool("s").durable.waiting() >= 1);
            assertFalse(answer.isDone());
            api.spool("s").force();
            JsonNode body = Harness.json(answer.join());
            assertEquals(0, body.get("FailedRecordCount").intValue());
            assertEquals(List.of("hello", "world"), api.spool("s").data());
            assertEquals(List.of("a", "b"), api.spool("s").keys());
            assertEquals("shardId-000000000004", body.at("/Records/0/ShardId").textValue());
            assertEquals("shardId-000000000005", body.at("/Records/1/ShardId").textValue());
            String first = body.at("/Records/0/SequenceNumber").textValue();
            String second = body.at("/Records/1/SequenceNumber").textValue();
            assertTrue(first.matches("[1-9]\\d{0,128}") && first.compareTo(second) < 0, first + " " + second);
        }
    }

    @Test
    void theBytesOfARecordStayAsTheyAre() throws IOException {
        try (Harness api = new Harness(AckMode.MEMORY, List.of())) {
            api.call("PutRecord", "{\"StreamName\":\"s\",\"Data\":\"AP+A\",\"PartitionKey\":\"\\u00fc\"}");
            assertArrayEquals(
                    new byte[] {0, (byte) 0xff, (byte) 0x80}, api.spool("s").bytes(0));
            assertEquals(List.of("\u00fc"), api.spool("s").keys());
        }
    }

    @Test
    void aStreamIsNamedByItsArnToo() throws IOException {
        try (Harness api = new Harness(AckMode.MEMORY, List.of())) {
            HttpResponse<String> answer = api.call(
                    "PutRecord",
                    ONE.replace("StreamName\":\"s", "StreamARN\":\"arn:aws:kinesis:eu-west-1:123456789012:stream/s"));
            assertEquals(200, answer.statusCode(), answer.body());
            assertEquals(1, api.spool("s").size());
        }
    }

    @Test
    void aRouteMaySayOtherwise() throws IOException {
        List<Route> routes = List.of(
                route("kinesis:js*", "made", KeyTemplate.RECORD_KEY, RecordFormat.JSON),
                route("kinesis:random", "other", KeyTemplate.RANDOM, RecordFormat.RAW));
        try (Harness api = new Harness(AckMode.MEMORY, routes)) {
            api.call("PutRecord", ONE.replace("\"s\"", "\"json\""));
            api.call("PutRecord", ONE.replace("\"s\"", "\"random\""));
            assertTrue(
                    api.spool("made").data().get(0).contains("\"message\":\"hello\""),
                    api.spool("made").data()::toString);
            assertEquals(List.of("a"), api.spool("made").keys());
            assertEquals(List.of("hello"), api.spool("other").data());
            assertEquals(List.of("late"), api.spool("other").keys());
        }
    }

    @Test
    void aPartitionKeyMayBeMadeOfTheRecordsOwn() {
        Parsed<KeyTemplate> template = KeyTemplate.parse("x-{key}", Source.KINESIS);
        assertTrue(template instanceof Parsed.Right<KeyTemplate>);
    }

    @Test
    void aPartitionKeyMayBeMadeOfTheStreamsThatClientsName() throws IOException {
        KeyTemplate template =
                ((Parsed.Right<KeyTemplate>) KeyTemplate.parse("{stream}-{key}", Source.KINESIS)).value();
        List<Route> routes = List.of(route("kinesis:shop-*", "shops", template, RecordFormat.RAW));
        try (Harness api = new Harness(AckMode.MEMORY, routes)) {
            api.call("PutRecords", TWO.replace("\"s\"", "\"shop-north\""));
            api.call(
                    "PutRecord",
                    ONE.replace(
                            "StreamName\":\"s",
                            "StreamARN\":\"arn:aws:kinesis:eu-west-1:123456789012:stream/shop-south"));
            assertEquals(List.of("hello", "world", "hello"), api.spool("shops").data());
            assertEquals(
                    List.of("shop-north-a", "shop-north-b", "shop-south-a"),
                    api.spool("shops").keys());
        }
    }

    @Test
    void aFullSpoolHoldsACallForAWhileAndThenAsksToComeAgain() throws IOException {
        try (Harness api = new Harness()) {
            api.spool("s").refuse(Spool.FULL);
            HttpResponse<String> answer = api.call("PutRecords", TWO);
            assertEquals(400, answer.statusCode());
            assertEquals(
                    "ProvisionedThroughputExceededException",
                    Harness.json(answer).get("__type").textValue());
            assertEquals(1, api.refused("spool_full"));
            api.spool("s").refuse(0);
            assertEquals(0, api.spool("s").size(), "what was refused is not stored later");
        }
    }

    @Test
    void aCallThatWaitedForRoomIsStoredWhenThereIsSome() throws IOException {
        try (Harness api = new Harness(
                KinesisApiSettings.open(
                        List.of(new io.penstock.base.net.ListenAddress("127.0.0.1", 0)), AckMode.MEMORY),
                List.of(),
                new ApiLimits(
                        Harness.limits(10).memory(),
                        10,
                        java.time.Duration.ofMinutes(1),
                        java.time.Duration.ofMinutes(1),
                        java.time.Duration.ZERO))) {
            api.spool("s").refuse(Spool.FULL);
            CompletableFuture<HttpResponse<String>> first = api.later("PutRecord", ONE);
            await().until(() -> api.spool("s").wantingRoom() == 1);
            api.spool("s").refuse(0);
            assertEquals(200, first.join().statusCode());
            assertEquals(List.of("hello"), api.spool("s").data());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-2, 503, ServiceUnavailable",
        "-3, 400, ProvisionedThroughputExceededException",
        "-4, 400, InvalidArgumentException",
    })
    void aSpoolThatTakesNothingIsToldOf(long refusal, int status, String type) throws IOException {
        try (Harness api = new Harness()) {
            api.spool("s").refuse(refusal);
            HttpResponse<String> answer = api.call("PutRecord", ONE);
            assertEquals(status, answer.statusCode());
            assertEquals(type, Harness.json(answer).get("__type").textValue());
        }
    }

    @Test
    void aFailedSpoolIsNoAcknowledgement() throws IOException {
        try (Harness api = new Harness()) {
            CompletableFuture<HttpResponse<String>> answer = api.later("PutRecord", ONE);
            await().until(() -> api.spool("s").durable.waiting() >= 1);
            api.spool("s").durable.fail();
            assertEquals(503, answer.join().statusCode());
        }
    }

    @Test
    void aCallWithoutAcknowledgementInTimeIsRefused() throws IOException {
        try (Harness api = new Harness(
                KinesisApiSettings.open(
                        List.of(new io.penstock.base.net.ListenAddress("127.0.0.1", 0)), AckMode.DURABLE),
                List.of(),
                Harness.impatient())) {
            HttpResponse<String> answer = api.call("PutRecord", ONE);
            assertEquals(503, answer.statusCode());
            assertTrue(answer.body().contains("may be stored"), answer.body());
            assertEquals(1, api.refused("unconfirmed"));
        }
    }

    @Test
    void callsThatWaitAreBounded() throws IOException {
        try (Harness api = new Harness(
                KinesisApiSettings.open(
                        List.of(new io.penstock.base.net.ListenAddress("127.0.0.1", 0)), AckMode.DURABLE),
                List.of(),
                Harness.limits(1))) {
            CompletableFuture<HttpResponse<String>> first = api.later("PutRecord", ONE);
            await().until(() -> api.spool("s").durable.waiting() >= 1);
            HttpResponse<String> second = api.call("PutRecord", ONE);
            assertEquals(
                    "ProvisionedThroughputExceededException",
                    Harness.json(second).get("__type").textValue());
            api.spool("s").force();
            assertEquals(200, first.join().statusCode());
            CompletableFuture<HttpResponse<String>> third = api.later("PutRecord", ONE);
            await().until(() -> api.spool("s").size() == 2);
            api.spool("s").force();
            assertEquals(200, third.join().statusCode());
        }
    }

    @Test
    void aRecordWithoutAReceiptIsAFailedEntry() throws IOException {
        try (Harness api = new Harness(AckMode.DELIVERED, List.of())) {
            CompletableFuture<HttpResponse<String>> answer = api.later("PutRecords", TWO);
            await().until(() -> api.spool("s").delivered.waiting() >= 1);
            api.spool("s").delivered.advance(2);
            JsonNode body = Harness.json(answer.join());
            assertEquals(2, body.get("FailedRecordCount").intValue());
            assertEquals("InternalFailure", body.at("/Records/1/ErrorCode").textValue());
        }
    }

    @Test
    void aStreamThatIsKnownNotToExistIsNotFound() throws IOException {
        try (Harness api = new Harness()) {
            api.absent = true;
            HttpResponse<String> answer = api.call("PutRecord", ONE);
            assertEquals(
                    "ResourceNotFoundException",
                    Harness.json(answer).get("__type").textValue());
            assertEquals(0, api.spool("s").size());
        }
    }

    @Test
    void aStreamThatNoRouteMayLeadToIsNotFound() throws IOException {
        List<Route> routes = List.of(Texts.templated("kinesis:*", "{stream}.{stream}"));
        try (Harness api = new Harness(AckMode.MEMORY, routes)) {
            HttpResponse<String> answer = api.call("PutRecord", ONE.replace("\"s\"", '"' + "s".repeat(100) + '"'));
            assertEquals(
                    "ResourceNotFoundException",
                    Harness.json(answer).get("__type").textValue());
            assertTrue(answer.body().contains("The agent has no stream for it"), answer.body());
            assertEquals(1, api.refused("invalid_stream"));
        }
    }

    @Test
    void unknownShardsAreShardNull() throws IOException {
        try (Harness api = new Harness(AckMode.MEMORY, List.of())) {
            api.shards = ShardMap.UNKNOWN;
            assertEquals(
                    "shardId-000000000000",
                    Harness.json(api.call("PutRecord", ONE)).get("ShardId").textValue());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | ValidationException | Value null at 'data'",
                "nonsense | SerializationException | cannot be read",
                "{'Data':'a','PartitionKey':'k','StreamName':'s'} | SerializationException | ''",
                "{'Data':'','PartitionKey':'','StreamName':'s'} | ValidationException | 'partitionKey'",
                "{'Data':'','PartitionKey':'k','StreamName':'not a name'} | ValidationException | 'streamName'",
                "{'Data':'','PartitionKey':'k'} | InvalidArgumentException | StreamARN",
                "{'Data':'','PartitionKey':'k','StreamName':'s','StreamARN':'arn:aws:kinesis:eu-west-1:123456789012:stream/t'}"
                        + " | InvalidArgumentException | different streams",
                "{'Data':'','PartitionKey':'k','StreamName':'s','ExplicitHashKey':'340282366920938463463374607431768211456'}"
                        + " | InvalidArgumentException | ExplicitHashKey",
                "{'Data':'','PartitionKey':'k','StreamName':'s','ExplicitHashKey':'01'} | ValidationException |"
                        + " explicitHashKey",
                "{'Data':'','PartitionKey':'k','StreamName':'s','SequenceNumberForOrdering':'x'} | ValidationException"
                        + " | sequenceNumberForOrdering",
                "{'Data':'','PartitionKey':'k','StreamName':'s','SequenceNumberForOrdering':''} | ValidationException"
                        + " | sequenceNumberForOrdering",
                "{'Data':'','PartitionKey':'k','StreamName':'s','SequenceNumberForOrdering':' '} | ValidationException"
                        + " | sequenceNumberForOrdering",
            })
    void aWrongPutIsRefusedAsTheServiceRefusesIt(String body, String type, String told) throws IOException {
        try (Harness api = new Harness(AckMode.MEMORY, List.of())) {
            HttpResponse<String> answer = api.call("PutRecord", body.replace('\'', '"'));
            assertEquals(400, answer.statusCode());
            assertEquals(type, Harness.json(answer).get("__type").textValue());
            assertTrue(answer.body().contains(told), answer.body());
            assertTrue(api.spools.all().stream().allMatch(spool -> spool.size() == 0));
            assertEquals(1, api.refused("malformed"));
        }
    }

    @Test
    void tooManyRecordsAndTooManyBytesAreRefused() throws IOException {
        try (Harness api = new Harness(AckMode.MEMORY, List.of())) {
            String entry = "{\"Data\":\"\",\"PartitionKey\":\"k\"},";
            String many = "{\"StreamName\":\"s\",\"Records\":[" + entry.repeat(500)
                    + entry.substring(0, entry.length() - 1) + "]}";
            assertTrue(api.call("PutRecords", many).body().contains("'records' failed to satisfy constraint"));
            String large = "{\"Data\":\"" + "A".repeat(1 << 20) + "\",\"PartitionKey\":\"k\"},";
            String heavy = "{\"StreamName\":\"s\",\"Records\":[" + large.repeat(13)
                    + large.substring(0, large.length() - 1) + "]}";
            assertTrue(api.call("PutRecords", heavy).body().contains("Records size exceeds 10 MB limit"));
            String one = "{\"StreamName\":\"s\",\"PartitionKey\":\"k\",\"Data\":\"" + "A".repeat(1_398_104) + "\"}";
            assertTrue(api.call("PutRecord", one).body().contains("less than or equal to 1048576"));
            assertEquals(0, api.spool("s").size());
        }
    }

    /** A value of one byte takes 70 bytes as a node of a tree: such a body once ended the process. */
    @ParameterizedTest
    @ValueSource(strings = {"PutRecords", "ListShards"})
    void aBodyOfVeryManyTinyValuesIsRefusedBeforeItFillsTheHeap(String operation) throws IOException {
        try (Harness api = new Harness(AckMode.MEMORY, List.of())) {
            String many = "{\"StreamName\":\"s\",\"Records\":[" + "{},".repeat(500_000) + "{}]}";
            HttpResponse<String> answer = api.call(operation, many);
            assertEquals(400, answer.statusCode());
            assertEquals(
                    "SerializationException", Harness.json(answer).get("__type").textValue());
            assertTrue(answer.body().contains("Token count"), answer.body());
            assertEquals(1, api.refused("malformed"));
        }
    }

    /** Announced as too large, it is refused before it comes; in pieces, when it has become too large. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBodyThatIsTooLargeIsRefusedInTheFormOfTheApi(boolean announced) throws Exception {
        try (Harness api = new Harness(AckMode.MEMORY, List.of())) {
            String body =
                    "{\"x\":\"" + " ".repeat((int) io.penstock.engine.api.KinesisServer.MAX_REQUEST_BYTES) + "\"}";
            HttpResponse<String> answer = announced
                    ? api.call("PutRecord", body)
                    : api.chunked("PutRecord", body).join();
            assertEquals(413, answer.statusCode());
            assertEquals(
                    "RequestEntityTooLargeException",
                    Harness.json(answer).get("__type").textValue());
            await().until(() -> api.refused("too_large") == 1);
        }
    }

    @Test
    void aRecordThatItsRouteCannotMakeJsonOfRefusesTheCallWhole() throws IOException {
        List<Route> routes = List.of(route("kinesis:s", "s", KeyTemplate.RECORD_KEY, RecordFormat.JSON));
        try (Harness api = new Harness(AckMode.MEMORY, routes)) {
            HttpResponse<String> answer = api.call("PutRecords", TWO.replace("d29ybGQ=", "/w=="));
            assertEquals(
                    "InvalidArgumentException",
                    Harness.json(answer).get("__type").textValue());
            assertTrue(answer.body().contains("records.2.member.data"), answer.body());
            assertEquals(0, api.spool("s").size());
            assertEquals(200, api.call("PutRecords", TWO).statusCode(), "the next call is not harmed");
            assertEquals(2, api.spool("s").size());
        }
    }

    @Test
    void moreStreamsThanMayBeAreRefused() throws IOException {
        try (Harness api = new Harness()) {
            api.spools.refuseStreams(io.penstock.delivery.spool.TooManyStreams.exception("3 streams are open"));
            HttpResponse<String> answer = api.call("PutRecord", ONE);
            assertEquals(
                    "LimitExceededException", Harness.json(answer).get("__type").textValue());
            assertEquals(1, api.refused("too_many_streams"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CreateStream", "DeleteStream", "SplitShard", "RegisterStreamConsumer", "AddTagsToStream"})
    void aCallThatChangesSomethingIsNotPassedOn(String operation) throws IOException {
        try (Harness api = new Harness()) {
            HttpResponse<String> answer = api.call(operation, "{}");
            assertEquals(
                    "AccessDeniedException", Harness.json(answer).get("__type").textValue());
            assertTrue(answer.body().contains("kinesis-api.pass-through"), answer.body());
            assertEquals(List.of(), api.passed);
            assertEquals(1, api.refused("forbidden"));
        }
    }

    @Test
    void aCallIsPassedOnToTheTargetAndUnderTheNameOfItsStream() throws IOException {
        List<Route> routes = List.of(route("kinesis:s", "renamed", KeyTemplate.RECORD_KEY, RecordFormat.RAW));
        try (Harness api = new Harness(AckMode.DURABLE, routes)) {
            HttpResponse<String> answer = api.call("ListShards", "{\"StreamName\":\"s\"}");
            assertEquals(503, answer.statusCode());
            assertTrue(answer.body().contains("target default: connection refused"), answer.body());
            api.call("ListShards", "{\"StreamName\":\"other\"}");
            assertEquals(
                    List.of(
                            "default ListShards {\"StreamName\":\"renamed\"}",
                            "default ListShards {\"StreamName\":\"other\"}"),
                    api.passed);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-target, Kinesis_20131202.Nonsense, 400, unsupported",
        "content-type, text/plain, 404, unsupported",
        "origin, https://evil.example.com, 403, forbidden",
    })
    void aHeadThatIsNotOfTheApiIsRefused(String header, String value, int status, String reason) throws IOException {
        try (Harness api = new Harness()) {
            HttpResponse<String> answer = api.call("PutRecord", ONE, header, value);
            assertEquals(status, answer.statusCode());
            assertEquals(1, api.refused(reason));
        }
    }

    @Test
    void aBodyThatIsNotPackedAsItSaysIsRefusedAsOneThatCannotBeRead() throws IOException {
        try (Harness api = new Harness()) {
            HttpResponse<String> answer = api.call("PutRecord", ONE, "content-encoding", "gzip");
            assertEquals(400, answer.statusCode(), answer.body());
            assertEquals(
                    "SerializationException",
                    Harness.json(answer).path("__type").asText());
            assertEquals(1, api.refused("malformed"));
        }
    }

    @Test
    void readingOperationsAreThoseThatChangeNothing() {
        assertTrue(PassThrough.READ_ONLY.allows(io.penstock.engine.wire.KinesisModel.SUBSCRIBE_TO_SHARD));
        assertTrue(PassThrough.READ_ONLY.allows(io.penstock.engine.wire.KinesisModel.GET_RECORDS));
        assertFalse(PassThrough.READ_ONLY.allows(io.penstock.engine.wire.KinesisModel.MERGE_SHARDS));
        assertFalse(PassThrough.NONE.allows(io.penstock.engine.wire.KinesisModel.LIST_SHARDS));
        assertTrue(PassThrough.ALL.allows(io.penstock.engine.wire.KinesisModel.DELETE_STREAM));
    }
}
