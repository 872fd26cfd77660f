package io.penstock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Channels: their configuration, states, limits and tags; nothing is delivered. */
class ChannelsTest {
    private static final String ARN = "arn:aws:kinesis:us-east-1:000000000000:stream/";
    private static final String ROLE = "'ServiceExecutionRoleARN':'arn:aws:iam::000000000000:role/deliver'";
    private static final String BUCKET = "'BucketARN':'arn:aws:s3:::archive','ExpectedBucketOwner':'000000000000'";
    private static final String S3 =
            "'S3DestinationConfiguration':{'StorageConfiguration':{" + BUCKET + ",'CompressionType':'ZSTD'}}";
    private static final String TABLES =
            "'S3TablesDestinationConfiguration':{'DeadLetterQueueS3Configuration':{" + BUCKET
                    + "},'S3TablesConfigurationList':[{'TableBucketARN':'arn:aws:s3tables:us-east-1:000000000000:bucket/b',"
                    + "'Namespace':'n','TableName':'t','CompressionType':'ZSTD'}]}";
    private static final String SCHEMA = "'arn:aws:glue:us-east-1:000000000000:schema/r/s'";

    @TempDir
    Path data;

    private final ManualClock clock = new ManualClock();
    private StreamEngine engine;
    private JsonClient client;

    @BeforeEach
    void open() throws IOException {
        engine = StreamEngine.start(EngineSettings.persistent(data)
                .withListen(new InetSocketAddress("127.0.0.1", 0))
                .withTransition(Duration.ofSeconds(10))
                .withTls(new Tls.Off())
                .withReserveBytes(0)
                .withClock(clock));
        client = new JsonClient(engine);
    }

    @AfterEach
    void close() throws IOException {
        engine.close();
    }

    private void stream(String name) {
        client.ok("CreateStream", "{'StreamName':'" + name + "','StreamModeDetails':{'StreamMode':'ON_DEMAND'}}");
        settle();
    }

    private void settle() {
        clock.advance(Duration.ofSeconds(11));
    }

    private static String channel(String name, String stream, String record, String destination) {
        return "{'ChannelName':'" + name + "'," + ROLE + ",'StreamConfigurationList':[{'StreamARN':'" + ARN + stream
                + "','RecordConfiguration':{" + record + "}}]," + destination + "}";
    }

    private JsonNode create(String name, String stream) {
        return client.ok("CreateChannel", channel(name, stream, "'RecordFormatType':'JSON'", S3))
                .path("ChannelDescription");
    }

    private JsonNode describe(String arn) {
        return client.ok("DescribeChannel", "{'ChannelARN':'" + arn + "'}").path("ChannelDescription");
    }

    private static String arn(JsonNode channel) {
        return channel.path("ChannelARN").asText();
    }

    @Test
    void aChannelIsCreatedAndDescribedWithTheServicesDefaults() throws IOException {
        stream("s");
        JsonNode created = create("c", "s");
        String id = created.path("ChannelId").asText();
        assertEquals("arn:aws:kinesis:us-east-1:000000000000:channel/" + id, arn(created));
        assertEquals("CREATING", created.path("ChannelStatus").asText());
        settle();
        engine.close();
        open();
        JsonNode described = describe(arn(created));
        assertEquals("ACTIVE", described.path("ChannelStatus").asText());
        assertTrue(described.path("ChannelStatusReason").asText().contains("delivery to Amazon S3 is not simulated"));
        JsonNode s3 = described.path("S3DestinationConfiguration");
        assertEquals(300, s3.path("DataFreshnessInSeconds").asInt());
        assertEquals(
                "STANDARD", s3.path("StorageConfiguration").path("StorageClass").asText());
        assertEquals(
                "kinesis-channel/errors/c/" + id + "/",
                s3.path("DeadLetterQueueS3Configuration")
                        .path("ErrorOutputPrefix")
                        .asText());
        JsonNode source = described.path("StreamConfigurationList").get(0);
        assertEquals(ARN + "s", source.path("StreamARN").asText());
        assertTrue(source.path("StreamCreationTimestamp").isNumber());
        assertFalse(described
                .path("LoggingConfiguration")
                .path("CloudWatchLogs")
                .path("Enabled")
                .asBoolean());
        assertFalse(described.has("EncryptionConfiguration"));
        assertEquals(1, client.ok("DescribeLimits", "{}").path("ChannelCount").asInt());
        assertEquals(
                1,
                client.ok("DescribeStreamSummary", "{'StreamName':'s'}")
                        .path("StreamDescriptionSummary")
                        .path("ChannelCount")
                        .asInt());
    }

    @Test
    void onlyWhatTheModelKnowsIsKept() {
        stream("s");
        String more = S3.replace("'CompressionType'", "'Unknown':{'a':[1]},'CompressionType'");
        String arn = arn(client.ok("CreateChannel", channel("c", "s", "'RecordFormatType':'JSON'", more))
                .path("ChannelDescription"));
        assertFalse(describe(arn)
                .path("S3DestinationConfiguration")
                .path("StorageConfiguration")
                .has("Unknown"));
    }

    @Test
    void freshnessAndLoggingAreUpdatedAndNothingElse() {
        stream("s");
        String arn = arn(create("c", "s"));
        String update = "{'ChannelARN':'" + arn + "','S3DestinationConfiguration':{'DataFreshnessInSeconds':600},"
                + "'LoggingConfiguration':{'CloudWatchLogs':{'Enabled':true}}}";
        assertEquals(
                "ResourceInUseException", client.call("UpdateChannel", update).errorType());
        settle();
        JsonNode updated = client.ok("UpdateChannel", update).path("ChannelDescription");
        assertEquals("UPDATING", updated.path("ChannelStatus").asText());
        settle();
        JsonNode described = describe(arn);
        assertEquals(
                600,
                described
                        .path("S3DestinationConfiguration")
                        .path("DataFreshnessInSeconds")
                        .asInt());
        assertTrue(described
                .path("LoggingConfiguration")
                .path("CloudWatchLogs")
                .path("Enabled")
                .asBoolean());
        for (String wrong : List.of("", ",'S3TablesDestinationConfiguration':{'DataFreshnessInSeconds':600}")) {
            assertEquals(
                    "InvalidArgumentException",
                    client.call("UpdateChannel", "{'ChannelARN':'" + arn + "'" + wrong + "}")
                            .errorType());
        }
    }

    @Test
    void aDeletedChannelGoesAndFreesNameAndStream() {
        stream("s");
        String arn = arn(create("c", "s"));
        settle();
        JsonClient.Reply held = client.call("DeleteStream", "{'StreamName':'s'}");
        assertEquals("ResourceInUseException", held.errorType());
        assertTrue(held.message().contains("ListChannels"), held.message());
        client.ok("DeleteChannel", "{'ChannelARN':'" + arn + "'}");
        assertEquals("DELETING", describe(arn).path("ChannelStatus").asText());
        assertEquals(
                "ResourceInUseException",
                client.call("DeleteChannel", "{'ChannelARN':'" + arn + "'}").errorType());
        settle();
        assertEquals(
                "ResourceNotFoundException",
                client.call("DescribeChannel", "{'ChannelARN':'" + arn + "'}").errorType());
        create("c", "s");
        client.ok(
                "DeleteChannel",
                "{'ChannelARN':'"
                        + arn(client.ok("ListChannels", "{}")
                                .path("ChannelSummaries")
                                .get(0)) + "'}");
        settle();
        client.ok("DeleteStream", "{'StreamName':'s'}");
    }

    @Test
    void channelsAreListedInPagesAndByStream() {
        stream("s");
        stream("t");
        for (String name : List.of("c", "a", "b")) {
            create(name, "s");
        }
        create("d", "t");
        JsonNode first = client.ok("ListChannels", "{'MaxResults':2}");
        assertEquals(2, first.path("ChannelSummaries").size());
        assertEquals(
                "a", first.path("ChannelSummaries").get(0).path("ChannelName").asText());
        JsonNode rest = client.ok(
                "ListChannels", "{'NextToken':'" + first.path("NextToken").asText() + "'}");
        assertEquals(2, rest.path("ChannelSummaries").size());
        assertFalse(rest.has("NextToken"));
        JsonNode filtered = client.ok("ListChannels", "{'StreamFilter':[{'StreamARN':'" + ARN + "t'}]}");
        assertEquals(1, filtered.path("ChannelSummaries").size());
        JsonNode one = filtered.path("ChannelSummaries").get(0);
        assertEquals("S3", one.path("ChannelDestinationType").asText());
        assertEquals(ARN + "t", one.path("Streams").get(0).path("StreamARN").asText());
        clock.advance(Duration.ofMinutes(6));
        assertEquals(
                "ExpiredNextTokenException",
                client.call(
                                "ListChannels",
                                "{'NextToken':'" + first.path("NextToken").asText() + "'}")
                        .errorType());
    }

    @Test
    void aChannelHasTags() {
        stream("s");
        String arn = arn(client.ok(
                        "CreateChannel", channel("c", "s", "'RecordFormatType':'JSON'", S3 + ",'Tags':{'team':'blue'}"))
                .path("ChannelDescription"));
        client.ok("TagResource", "{'ResourceARN':'" + arn + "','Tags':{'cost':'7'}}");
        client.ok("UntagResource", "{'ResourceARN':'" + arn + "','TagKeys':['team']}");
        JsonNode tags = client.ok("ListTagsForResource", "{'ResourceARN':'" + arn + "'}")
                .path("Tags");
        assertEquals(1, tags.size());
        assertEquals("cost", tags.get(0).path("Key").asText());
    }

    @Test
    void aStreamingTableNeedsASchemaAndAFormatOfItsOwn() {
        stream("s");
        String record = "'RecordFormatType':'GSR_JSON','GSRSchemaARN':" + SCHEMA;
        JsonNode created =
                client.ok("CreateChannel", channel("c", "s", record, TABLES)).path("ChannelDescription");
        assertTrue(created.has("S3TablesDestinationConfiguration"));
        for (String wrong : List.of(
                channel("d", "s", "'RecordFormatType':'JSON'", TABLES),
                channel("d", "s", "'RecordFormatType':'STRING','GSRSchemaARN':" + SCHEMA, TABLES),
                channel("d", "s", record, S3),
                channel("d", "s", record, TABLES + "," + S3),
                channel("d", "s", "'RecordFormatType':'JSON'", "'Tags':{'a':'b'}"),
                channel(
                        "d",
                        "s",
                        "'RecordFormatType':'JSON'",
                        S3 + ",'EncryptionConfiguration':{'EncryptionType':'KMS','KeyId':'alias/aws/kinesis'}"))) {
            assertEquals(
                    "InvalidArgumentException",
                    client.call("CreateChannel", wrong).errorType(),
                    wrong);
        }
    }

    @Test
    void streamsThatCannotHaveAChannelAreRefused() {
        client.createStream("p", 1);
        settle();
        String json = "'RecordFormatType':'JSON'";
        assertEquals(
                "InvalidArgumentException",
                client.call("CreateChannel", channel("c", "p", json, S3)).errorType());
        assertEquals(
                "ResourceNotFoundException",
                client.call("CreateChannel", channel("c", "none", json, S3)).errorType());
        stream("s");
        create("c", "s");
        JsonClient.Reply again = client.call("CreateChannel", channel("c", "s", json, S3));
        assertEquals("ResourceInUseException", again.errorType());
        assertEquals("Channel c under account 000000000000 already exists.", again.message());
    }

    @Test
    void anAccountHasAHundredChannels() {
        stream("s");
        for (int i = 0; i < 100; i++) {
            create("c" + i, "s");
        }
        JsonClient.Reply more = client.call("CreateChannel", channel("more", "s", "'RecordFormatType':'JSON'", S3));
        assertEquals("LimitExceededException", more.errorType());
        assertTrue(more.message().contains("Limit: 100"), more.message());
    }

    @Test
    void aChannelAndTheDeletionOfItsStreamNeverBothSucceed() {
        for (int round = 0; round < 20; round++) {
            String stream = "s" + round;
            stream(stream);
            String body = channel("c" + round, stream, "'RecordFormatType':'JSON'", S3);
            CompletableFuture<JsonClient.Reply> created =
                    CompletableFuture.supplyAsync(() -> client.call("CreateChannel", body));
            JsonClient.Reply deleted = client.call("DeleteStream", "{'StreamName':'" + stream + "'}");
            assertEquals(
                    Set.of(200, 400),
                    Set.of(created.join().status(), deleted.status()),
                    created.join().text() + deleted.text());
            String refusal = created.join().status() == 200
                    ? deleted.errorType()
                    : created.join().errorType();
            assertEquals("ResourceInUseException", refusal);
        }
    }

    @Test
    void aDamagedFileIsNamedAtTheStart() throws IOException {
        engine.close();
        Files.write(data.resolve("channels.json"), "[{".getBytes(StandardCharsets.UTF_8));
        try {
            open();
        } catch (IOException damaged) {
            assertTrue(damaged.getMessage().contains("channels.json is damaged"), damaged.getMessage());
            Files.delete(data.resolve("channels.json"));
            open();
            return;
        }
        throw new AssertionError("started");
    }
}
