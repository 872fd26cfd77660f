package io.penstock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every setting of a stream, before and after a restart. */
class OptionsTest {
    private static final String ARN = "arn:aws:kinesis:us-east-1:000000000000:stream/s";

    @TempDir
    Path data;

    private final ManualClock clock = new ManualClock();
    private StreamEngine engine;
    private JsonClient client;

    @BeforeEach
    void start() throws IOException {
        open();
        client.createStream("s", 1);
    }

    private void open() throws IOException {
        engine = StreamEngine.start(EngineSettings.persistent(data)
                .withListen(new InetSocketAddress("127.0.0.1", 0))
                .withTransition(Duration.ZERO)
                .withReserveBytes(0)
                .withClock(clock));
        client = new JsonClient(engine);
    }

    private void restart() throws IOException {
        engine.close();
        open();
    }

    @AfterEach
    void close() throws IOException {
        engine.close();
    }

    private JsonNode summary() {
        return client.ok("DescribeStreamSummary", "{'StreamName':'s'}").path("StreamDescriptionSummary");
    }

    private String refused(String operation, String body) {
        JsonClient.Reply reply = client.call(operation, body);
        assertEquals(400, reply.status(), reply.text());
        return reply.errorType();
    }

    @Test
    void retentionIsRaisedAndLoweredWithinItsBounds() throws IOException {
        client.ok("IncreaseStreamRetentionPeriod", "{'StreamName':'s','RetentionPeriodHours':8760}");
        restart();
        assertEquals(8760, summary().path("RetentionPeriodHours").asInt());
        client.ok("DecreaseStreamRetentionPeriod", "{'StreamName':'s','RetentionPeriodHours':48}");
        assertEquals(48, summary().path("RetentionPeriodHours").asInt());
        for (String hours : List.of("8761", "23", "47")) {
            assertEquals(
                    "InvalidArgumentException",
                    refused(
                            "IncreaseStreamRetentionPeriod",
                            "{'StreamName':'s','RetentionPeriodHours':" + hours + "}"));
        }
        for (String hours : List.of("23", "49", "-1")) {
            assertEquals(
                    "InvalidArgumentException",
                    refused(
                            "DecreaseStreamRetentionPeriod",
                            "{'StreamName':'s','RetentionPeriodHours':" + hours + "}"));
        }
    }

    @Test
    void aLargerRecordIsTakenOnceTheStreamAllowsIt() throws IOException {
        String record = "{'StreamName':'s','PartitionKey':'k','Data':'" + JsonClient.base64("x".repeat(3 << 20)) + "'}";
        assertEquals("ValidationException", refused("PutRecord", record));
        client.ok("UpdateMaxRecordSize", "{'StreamARN':'" + ARN + "','MaxRecordSizeInKiB':10240}");
        restart();
        client.ok("PutRecord", record);
        assertEquals(10240, summary().path("MaxRecordSizeInKiB").asInt());
        String ten =
                "{'StreamName':'s','PartitionKey':'k','Data':'" + JsonClient.base64("x".repeat((10 << 20) - 1)) + "'}";
        client.ok("PutRecord", ten);
        assertEquals(
                "ValidationException",
                refused("UpdateMaxRecordSize", "{'StreamARN':'" + ARN + "','MaxRecordSizeInKiB':10241}"));
    }

    @Test
    void tagsAreAddedListedInPagesAndRemoved() throws IOException {
        client.ok("AddTagsToStream", "{'StreamName':'s','Tags':{'b':'2','a':'1','c':''}}");
        client.ok("TagResource", "{'ResourceARN':'" + ARN + "','Tags':{'a':'new'}}");
        restart();
        JsonNode page = client.ok("ListTagsForStream", "{'StreamName':'s','Limit':2}");
        assertEquals(
                "[{\"Key\":\"a\",\"Value\":\"new\"},{\"Key\":\"b\",\"Value\":\"2\"}]",
                page.path("Tags").toString());
        assertTrue(page.path("HasMoreTags").asBoolean());
        JsonNode rest = client.ok("ListTagsForStream", "{'StreamName':'s','ExclusiveStartTagKey':'b'}");
        assertEquals("[{\"Key\":\"c\",\"Value\":\"\"}]", rest.path("Tags").toString());
        assertFalse(rest.path("HasMoreTags").asBoolean());
        client.ok("RemoveTagsFromStream", "{'StreamName':'s','TagKeys':['a','none']}");
        client.ok("UntagResource", "{'ResourceARN':'" + ARN + "','TagKeys':['c']}");
        assertEquals(
                "{\"Tags\":[{\"Key\":\"b\",\"Value\":\"2\"}]}",
                client.ok("ListTagsForResource", "{'ResourceARN':'" + ARN + "'}")
                        .toString());
    }

    @Test
    void tagsBeyondTheRulesAreRefused() {
        assertEquals("InvalidArgumentException", refused("AddTagsToStream", "{'StreamName':'s','Tags':{'a!':'1'}}"));
        assertEquals("InvalidArgumentException", refused("AddTagsToStream", "{'StreamName':'s','Tags':{'aws:x':'1'}}"));
        assertEquals("ValidationException", refused("AddTagsToStream", "{'StreamName':'s','Tags':{}}"));
        assertEquals("ValidationException", refused("AddTagsToStream", "{'StreamName':'s','Tags':{'':'1'}}"));
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 51; i++) {
            many.add("'k" + i + "':'v'");
        }
        assertEquals(
                "InvalidArgumentException",
                refused("AddTagsToStream", "{'StreamName':'s','Tags':{" + String.join(",", many) + "}}"));
    }

    @Test
    void aStreamIsCreatedWithItsTags() {
        client.ok("CreateStream", "{'StreamName':'t','ShardCount':1,'Tags':{'team':'data'}}");
        assertEquals(
                "data",
                client.ok("ListTagsForStream", "{'StreamName':'t'}")
                        .path("Tags")
                        .path(0)
                        .path("Value")
                        .asText());
    }

    @Test
    void monitoringIsSwitchedOnAndOff() throws IOException {
        JsonNode on = client.ok(
                "EnableEnhancedMonitoring", "{'StreamName':'s','ShardLevelMetrics':['OutgoingBytes','IncomingBytes']}");
        assertEquals("[]", on.path("CurrentShardLevelMetrics").toString());
        assertEquals(
                "[\"IncomingBytes\",\"OutgoingBytes\"]",
                on.path("DesiredShardLevelMetrics").toString());
        restart();
        client.ok("EnableEnhancedMonitoring", "{'StreamName':'s','ShardLevelMetrics':['ALL']}");
        assertEquals(
                7,
                summary()
                        .path("EnhancedMonitoring")
                        .path(0)
                        .path("ShardLevelMetrics")
                        .size());
        client.ok("DisableEnhancedMonitoring", "{'StreamName':'s','ShardLevelMetrics':['ALL']}");
        assertEquals(
                0,
                summary()
                        .path("EnhancedMonitoring")
                        .path(0)
                        .path("ShardLevelMetrics")
                        .size());
        assertEquals(
                "ValidationException",
                refused("EnableEnhancedMonitoring", "{'StreamName':'s','ShardLevelMetrics':['Colour']}"));
    }

    @Test
    void encryptionIsNotedInEveryAnswer() throws IOException {
        client.ok("StartStreamEncryption", "{'StreamName':'s','EncryptionType':'KMS','KeyId':'alias/aws/kinesis'}");
        restart();
        assertEquals("KMS", summary().path("EncryptionType").asText());
        assertEquals("alias/aws/kinesis", summary().path("KeyId").asText());
        assertEquals("KMS", client.put("s", "k", "x").path("EncryptionType").asText());
        JsonNode record = client.records(client.iterator("s", JsonClient.shardId(0), "TRIM_HORIZON"))
                .path("Records")
                .path(0);
        assertEquals("KMS", record.path("EncryptionType").asText());
        client.ok("StopStreamEncryption", "{'StreamName':'s','EncryptionType':'KMS','KeyId':'alias/aws/kinesis'}");
        assertEquals("NONE", summary().path("EncryptionType").asText());
        assertFalse(client.put("s", "k", "x").has("EncryptionType"));
        assertEquals(
                "InvalidArgumentException",
                refused("StartStreamEncryption", "{'StreamName':'s','EncryptionType':'NONE','KeyId':'k'}"));
    }

    @Test
    void modeAndWarmThroughputAreStored() throws IOException {
        assertEquals(
                "ValidationException",
                refused("UpdateStreamWarmThroughput", "{'StreamName':'s','WarmThroughputMiBps':10}"));
        client.ok("UpdateStreamMode", "{'StreamARN':'" + ARN + "','StreamModeDetails':{'StreamMode':'ON_DEMAND'}}");
        JsonNode warm = client.ok("UpdateStreamWarmThroughput", "{'StreamName':'s','WarmThroughputMiBps':10}");
        assertEquals(10, warm.path("WarmThroughput").path("TargetMiBps").asInt());
        restart();
        assertEquals(
                "ON_DEMAND",
                summary().path("StreamModeDetails").path("StreamMode").asText());
        assertEquals(10, summary().path("WarmThroughput").path("CurrentMiBps").asInt());
        assertEquals(
                "ValidationException",
                refused("UpdateShardCount", "{'StreamName':'s','TargetShardCount':2,'ScalingType':'UNIFORM_SCALING'}"));
    }

    @Test
    void consumersAreRegisteredListedDescribedAndDeregistered() throws IOException {
        for (String name : List.of("c", "a", "b")) {
            JsonNode consumer = client.ok(
                            "RegisterStreamConsumer", "{'StreamARN':'" + ARN + "','ConsumerName':'" + name + "'}")
                    .path("Consumer");
            assertEquals(
                    ARN + "/consumer/" + name + ":" + clock.millis() / 1000,
                    consumer.path("ConsumerARN").asText());
            assertEquals("ACTIVE", consumer.path("ConsumerStatus").asText());
        }
        assertEquals(
                "ResourceInUseException",
                refused("RegisterStreamConsumer", "{'StreamARN':'" + ARN + "','ConsumerName':'a'}"));
        restart();
        JsonNode page = client.ok("ListStreamConsumers", "{'StreamARN':'" + ARN + "','MaxResults':2}");
        assertEquals("a", page.path("Consumers").path(0).path("ConsumerName").asText());
        JsonNode rest = client.ok(
                "ListStreamConsumers",
                "{'StreamARN':'" + ARN + "','NextToken':'"
                        + page.path("NextToken").asText() + "'}");
        assertEquals("c", rest.path("Consumers").path(0).path("ConsumerName").asText());
        assertEquals(3, summary().path("ConsumerCount").asInt());
        String arn = rest.path("Consumers").path(0).path("ConsumerARN").asText();
        assertEquals(
                client.ok("DescribeStreamConsumer", "{'ConsumerARN':'" + arn + "'}"),
                client.ok("DescribeStreamConsumer", "{'StreamARN':'" + ARN + "','ConsumerName':'c'}"));
        client.ok("TagResource", "{'ResourceARN':'" + arn + "','Tags':{'k':'v'}}");
        assertEquals(
                "v",
                client.ok("ListTagsForResource", "{'ResourceARN':'" + arn + "'}")
                        .path("Tags")
                        .path(0)
                        .path("Value")
                        .asText());
        assertEquals("ResourceInUseException", refused("DeleteStream", "{'StreamName':'s'}"));
        client.ok("DeregisterStreamConsumer", "{'ConsumerARN':'" + arn + "'}");
        assertEquals("ResourceNotFoundException", refused("DescribeStreamConsumer", "{'ConsumerARN':'" + arn + "'}"));
        assertEquals("InvalidArgumentException", refused("DescribeStreamConsumer", "{'StreamARN':'" + ARN + "'}"));
        client.ok("DeleteStream", "{'StreamName':'s','EnforceConsumerDeletion':true}");
    }

    @Test
    void aStreamHasTwentyConsumersAtMost() {
        for (int i = 0; i < 20; i++) {
            client.ok("RegisterStreamConsumer", "{'StreamARN':'" + ARN + "','ConsumerName':'c" + i + "'}");
        }
        assertEquals(
                "LimitExceededException",
                refused("RegisterStreamConsumer", "{'StreamARN':'" + ARN + "','ConsumerName':'c20'}"));
    }

    @Test
    void policiesAreStoredAndReturned() throws IOException {
        String resource = "{'ResourceARN':'" + ARN + "'}";
        assertEquals(
                "{}", client.ok("GetResourcePolicy", resource).path("Policy").asText());
        client.ok("PutResourcePolicy", "{'ResourceARN':'" + ARN + "','Policy':'{}'}");
        restart();
        assertEquals(
                "{}", client.ok("GetResourcePolicy", resource).path("Policy").asText());
        assertEquals(
                "InvalidArgumentException",
                refused("PutResourcePolicy", "{'ResourceARN':'" + ARN + "','Policy':'none'}"));
        client.ok("PutResourcePolicy", "{'ResourceARN':'" + ARN + "','Policy':'{\\'a\\':1}'}");
        client.ok("DeleteResourcePolicy", resource);
        assertEquals(
                "{}", client.ok("GetResourcePolicy", resource).path("Policy").asText());
        assertEquals("ResourceNotFoundException", refused("DeleteResourcePolicy", resource));
    }

    @Test
    void limitsAndAccountSettingsAreTold() throws IOException {
        JsonNode limits = client.ok("DescribeLimits", "{}");
        assertEquals(20_000, limits.path("ShardLimit").asInt());
        assertEquals(1, limits.path("OpenShardCount").asInt());
        assertEquals(0, limits.path("OnDemandStreamCount").asInt());
        String member = "MinimumThroughputBillingCommitment";
        assertEquals(
                "DISABLED",
                client.ok("DescribeAccountSettings", "{}")
                        .path(member)
                        .path("Status")
                        .asText());
        client.ok("UpdateAccountSettings", "{'" + member + "':{'Status':'ENABLED'}}");
        restart();
        JsonNode told = client.ok("DescribeAccountSettings", "{}").path(member);
        assertEquals("ENABLED", told.path("Status").asText());
        assertEquals(clock.millis() / 1000.0, told.path("StartedAt").asDouble());
    }
}
