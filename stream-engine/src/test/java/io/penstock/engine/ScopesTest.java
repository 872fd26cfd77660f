package io.penstock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Regions and accounts: what one has, the others do not see. */
class ScopesTest {
    private static final String OTHER = "111122223333";

    @TempDir
    Path data;

    private StreamEngine engine;
    private JsonClient client;

    @BeforeEach
    void open() throws IOException {
        start("us-east-1");
    }

    private void start(String region) throws IOException {
        start(settings().withRegion(region));
    }

    private void start(EngineSettings settings) throws IOException {
        engine = StreamEngine.start(settings);
        client = new JsonClient(engine);
    }

    private EngineSettings settings() {
        return EngineSettings.persistent(data)
                .withListen(new InetSocketAddress("127.0.0.1", 0))
                .withTransition(Duration.ZERO)
                .withTls(new Tls.Off())
                .withReserveBytes(0);
    }

    @AfterEach
    void close() throws IOException {
        engine.close();
    }

    /** A call of that access key in that region. */
    private JsonClient.Reply call(String key, String region, String operation, String body) {
        return client.send(
                operation,
                body.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
                "application/x-amz-json-1.1",
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=" + key + "/20261130/" + region
                        + "/kinesis/aws4_request, SignedHeaders=host;x-amz-date, Signature=00");
    }

    private JsonNode ok(String key, String region, String operation, String body) {
        JsonClient.Reply reply = call(key, region, operation, body);
        assertEquals(200, reply.status(), reply.text());
        return reply.json();
    }

    private List<String> names(String key, String region) {
        List<String> names = new ArrayList<>();
        ok(key, region, "ListStreams", "{}").path("StreamNames").forEach(name -> names.add(name.asText()));
        return names;
    }

    private void create(String key, String region, String name, int shards) {
        ok(key, region, "CreateStream", "{'StreamName':'" + name + "','ShardCount':" + shards + "}");
    }

    private String arn(String key, String region, String name) {
        return ok(key, region, "DescribeStreamSummary", "{'StreamName':'" + name + "'}")
                .path("StreamDescriptionSummary")
                .path("StreamARN")
                .asText();
    }

    private static String put(String name, String data) {
        return "{'StreamName':'" + name + "','PartitionKey':'k','Data':'" + JsonClient.base64(data) + "'}";
    }

    private List<String> read(String key, String region, String name) {
        String iterator = ok(
                        key,
                        region,
                        "GetShardIterator",
                        "{'StreamName':'" + name + "','ShardId':'shardId-0','ShardIteratorType':'TRIM_HORIZON'}")
                .path("ShardIterator")
                .asText();
        List<String> found = new ArrayList<>();
        ok(key, region, "GetRecords", "{'ShardIterator':'" + iterator + "'}")
                .path("Records")
                .forEach(record -> found.add(JsonClient.text(record)));
        return found;
    }

    @Test
    void streamsOfOneNameInThreeScopesAreThreeStreamsAlsoAfterARestart() throws IOException {
        String[][] scopes = {{"any", "us-east-1"}, {"any", "eu-west-1"}, {OTHER, "us-east-1"}};
        for (String[] scope : scopes) {
            assertEquals(List.of(), names(scope[0], scope[1]));
            create(scope[0], scope[1], "orders", 1);
            ok(scope[0], scope[1], "PutRecord", put("orders", scope[0] + scope[1]));
        }
        for (int round = 0; round < 2; round++) {
            for (String[] scope : scopes) {
                assertEquals(List.of("orders"), names(scope[0], scope[1]));
                assertEquals(List.of(scope[0] + scope[1]), read(scope[0], scope[1], "orders"));
            }
            assertEquals("arn:aws:kinesis:eu-west-1:000000000000:stream/orders", arn("any", "eu-west-1", "orders"));
            assertEquals("arn:aws:kinesis:us-east-1:" + OTHER + ":stream/orders", arn(OTHER, "us-east-1", "orders"));
            engine.close();
            open();
        }
        ok("any", "eu-west-1", "DeleteStream", "{'StreamName':'orders'}");
        assertEquals(List.of(), names("any", "eu-west-1"));
        assertEquals(List.of("orders"), names("any", "us-east-1"));
    }

    @Test
    void callsWithoutAScopeAreOfTheEnginesOwn() {
        client.createStream("orders", 1);
        for (String header :
                List.of("", "Basic abc", "AWS4-HMAC-SHA256 Credential=x", "AWS4-HMAC-SHA256 Credential=a/b/")) {
            assertEquals(
                    200,
                    client.send(
                                    "DescribeStreamSummary",
                                    "{\"StreamName\":\"orders\"}".getBytes(StandardCharsets.UTF_8),
                                    "application/x-amz-json-1.1",
                                    "Authorization",
                                    header)
                            .status());
        }
        assertEquals(List.of("orders"), names("AKIAIOSFODNN7EXAMPLE", "us-east-1"));
        assertEquals(List.of("orders"), names("11112222333", "us-east-1"));
        assertEquals(List.of("orders"), names("any", "../etc"));
    }

    @Test
    void anArnSaysOfWhichScopeItIs() {
        create(OTHER, "eu-west-1", "orders", 1);
        String arn = arn(OTHER, "eu-west-1", "orders");
        ok("any", "us-east-1", "PutRecord", "{'StreamARN':'" + arn + "','PartitionKey':'k','Data':'eA=='}");
        assertEquals(List.of("x"), read(OTHER, "eu-west-1", "orders"));
        JsonClient.Reply none = call(
                "any",
                "us-east-1",
                "DescribeStreamSummary",
                "{'StreamARN':'" + arn.replace("eu-west", "eu-north") + "'}");
        assertEquals("ResourceNotFoundException", none.errorType());
        assertEquals("Stream orders under account " + OTHER + " not found.", none.message());
        String consumer = ok(
                        OTHER, "eu-west-1", "RegisterStreamConsumer", "{'StreamARN':'" + arn + "','ConsumerName':'c'}")
                .path("Consumer")
                .path("ConsumerARN")
                .asText();
        assertTrue(consumer.startsWith("arn:aws:kinesis:eu-west-1:" + OTHER + ":stream/orders/consumer/c:"), consumer);
        ok("any", "us-east-1", "DescribeStreamConsumer", "{'ConsumerARN':'" + consumer + "'}");
    }

    @Test
    void iteratorsAndTokensAreOfTheirRegion() {
        create("any", "eu-west-1", "a", 1);
        create("any", "eu-west-1", "b", 1);
        String iterator = ok(
                        "any",
                        "eu-west-1",
                        "GetShardIterator",
                        "{'StreamName':'a','ShardId':'shardId-0','ShardIteratorType':'TRIM_HORIZON'}")
                .path("ShardIterator")
                .asText();
        String token = ok("any", "eu-west-1", "ListStreams", "{'Limit':1}")
                .path("NextToken")
                .asText();
        assertEquals(
                "InvalidArgumentException",
                call("any", "us-east-1", "GetRecords", "{'ShardIterator':'" + iterator + "'}")
                        .errorType());
        assertEquals(
                "InvalidArgumentException",
                call("any", "us-east-1", "ListStreams", "{'NextToken':'" + token + "'}")
                        .errorType());
        ok("any", "eu-west-1", "GetRecords", "{'ShardIterator':'" + iterator + "'}");
        ok("any", "eu-west-1", "ListStreams", "{'NextToken':'" + token + "'}");
    }

    @Test
    void limitsCountInEachScopeAndInAll() throws IOException {
        engine.close();
        start(settings().withMaxShards(4).withMaxStreams(2));
        for (String region : List.of("r-1", "r-2", "r-3", "r-4")) {
            create("any", region, "a", 4);
            JsonNode limits = ok("any", region, "DescribeLimits", "{}");
            assertEquals(4, limits.path("OpenShardCount").asInt());
            JsonClient.Reply more = call("any", region, "CreateStream", "{'StreamName':'b','ShardCount':1}");
            assertEquals("LimitExceededException", more.errorType());
            assertTrue(more.message().contains("for the account 000000000000 in " + region), more.message());
        }
        assertEquals(
                "LimitExceededException",
                call("any", "r-5", "CreateStream", "{'StreamName':'a','ShardCount':1}")
                        .errorType());
        assertEquals(
                0,
                ok("any", "r-5", "DescribeLimits", "{}").path("OpenShardCount").asInt());
    }

    @Test
    void callRatesCountInEachScope() throws IOException {
        engine.close();
        start(settings().withEnforceLimits(true).withClock(new ManualClock()));
        for (int i = 0; i < 5; i++) {
            ok("any", "us-east-1", "ListStreams", "{}");
        }
        JsonClient.Reply sixth = call(OTHER, "us-east-1", "ListStreams", "{}");
        assertEquals(200, sixth.status());
        assertEquals(
                "LimitExceededException",
                call("any", "us-east-1", "ListStreams", "{}").errorType());
        assertEquals(200, call("any", "eu-west-1", "ListStreams", "{}").status());
    }

    @Test
    void channelsAreKeptApart() {
        for (String region : List.of("us-east-1", "eu-west-1")) {
            ok("any", region, "CreateStream", "{'StreamName':'s','StreamModeDetails':{'StreamMode':'ON_DEMAND'}}");
            ok(
                    "any",
                    region,
                    "CreateChannel",
                    "{'ChannelName':'c','ServiceExecutionRoleARN':'arn:aws:iam::000000000000:role/r',"
                            + "'StreamConfigurationList':[{'StreamARN':'arn:aws:kinesis:" + region
                            + ":000000000000:stream/s','RecordConfiguration':{'RecordFormatType':'JSON'}}],"
                            + "'S3DestinationConfiguration':{'StorageConfiguration':{'BucketARN':'arn:aws:s3:::b',"
                            + "'ExpectedBucketOwner':'000000000000','CompressionType':'NONE'}}}");
            assertEquals(
                    1,
                    ok("any", region, "ListChannels", "{}")
                            .path("ChannelSummaries")
                            .size());
        }
    }

    @Test
    void theEnginesOwnRegionMayChangeAndStreamsStayWhereTheyAre() throws IOException {
        client.createStream("orders", 1);
        client.put("orders", "k", "east");
        engine.close();
        start("eu-west-1");
        assertEquals(List.of(), names("any", "eu-west-1"));
        assertEquals(List.of("east"), read("any", "us-east-1", "orders"));
        client.createStream("orders", 1);
        client.put("orders", "k", "west");
        engine.close();
        open();
        assertEquals(List.of("east"), read("any", "us-east-1", "orders"));
        assertEquals(List.of("west"), read("any", "eu-west-1", "orders"));
    }

    @Test
    void aFolderOfAnEarlierVersionOpensAsBefore() throws IOException {
        engine.close();
        unzip("engine-before-scopes.zip");
        open();
        assertEquals(List.of("elder", "orders"), names("any", "us-east-1"));
        assertEquals("arn:aws:kinesis:us-east-1:000000000000:stream/orders", arn("any", "us-east-1", "orders"));
        JsonNode summary =
                client.ok("DescribeStreamSummary", "{'StreamName':'orders'}").path("StreamDescriptionSummary");
        assertEquals(1, summary.path("ConsumerCount").asInt());
        assertEquals(2, summary.path("OpenShardCount").asInt());
        assertEquals(
                "PROVISIONED",
                summary.path("StreamModeDetails").path("StreamMode").asText());
        JsonNode elder =
                client.ok("DescribeStreamSummary", "{'StreamName':'elder'}").path("StreamDescriptionSummary");
        assertEquals(
                "USER_PARTITION_KEY", elder.path("RecordDistributionStrategy").asText());
        List<String> records = new ArrayList<>();
        for (int shard = 0; shard < 3; shard++) {
            records.addAll(client.readAll("orders", JsonClient.shardId(shard)));
        }
        assertEquals(20, records.size());
        client.put("orders", "k", "new");
        client.ok("AddTagsToStream", "{'StreamName':'orders','Tags':{'a':'b'}}");
        engine.close();
        start("eu-west-1");
        assertEquals(List.of("elder"), names("any", "eu-west-1"), "only what was changed has its region stored");
        assertEquals(List.of("orders"), names("any", "us-east-1"));
    }

    /** The folder was made by the engine of November 2026, before streams had a scope. */
    private void unzip(String resource) throws IOException {
        try (InputStream stored = ScopesTest.class.getResourceAsStream(resource);
                ZipInputStream zip = new ZipInputStream(stored)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = data.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(file.getParent());
                    Files.copy(zip, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"eu-west-1", "us-gov-east-1"})
    void aStreamThatTheProgramMakesMayBeOfAnotherRegion(String region) throws IOException {
        engine.createStream("made", 1, region);
        assertEquals(List.of("made"), names("any", region));
        assertEquals(List.of(), names("any", "us-east-1"));
    }
}
