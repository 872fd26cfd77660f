package io.penstock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadInputTest {
    private static StreamEngine engine;
    private static JsonClient client;

    @BeforeAll
    static void start() throws IOException {
        engine = StreamEngine.start(EngineSettings.ephemeral()
                .withHosts(List.of("kinesis.test"))
                .withOrigins(List.of("https://console.test")));
        client = new JsonClient(engine);
        client.createStream("s", 1);
    }

    @AfterAll
    static void close() throws IOException {
        engine.close();
    }

    private static void assertMessage(String operation, String body, String message) {
        JsonClient.Reply reply = client.call(operation, body);
        assertEquals("ValidationException", reply.errorType(), reply.text());
        assertEquals(400, reply.status());
        assertEquals(message, reply.message());
    }

    @Test
    void brokenConstraintsAreToldInTheServicesWords() {
        assertMessage(
                "DescribeStream",
                "{'StreamName':''}",
                "2 validation errors detected: Value '' at 'streamName' failed to satisfy constraint: Member must have"
                        + " length greater than or equal to 1; Value '' at 'streamName' failed to satisfy constraint:"
                        + " Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
        assertMessage(
                "CreateStream",
                "{'StreamName':'x','ShardCount':0}",
                "1 validation error detected: Value '0' at 'shardCount' failed to satisfy constraint: Member must have"
                        + " value greater than or equal to 1");
        assertMessage(
                "GetShardIterator",
                "{'StreamName':'s','ShardId':'shardId-000000000000','ShardIteratorType':'NEWEST'}",
                "1 validation error detected: Value 'NEWEST' at 'shardIteratorType' failed to satisfy constraint: Member"
                        + " must satisfy enum value set: [AT_SEQUENCE_NUMBER, AFTER_SEQUENCE_NUMBER, TRIM_HORIZON,"
                        + " LATEST, AT_TIMESTAMP]");
        assertMessage(
                "PutRecords",
                "{'StreamName':'s','Records':[{'PartitionKey':'k','Data':''},{'Data':''}]}",
                "1 validation error detected: Value null at 'records.2.member.partitionKey' failed to satisfy"
                        + " constraint: Member must not be null");
        assertMessage(
                "PutRecord",
                "{'StreamName':'s','PartitionKey':'k','Data':'','ExplicitHashKey':'007'}",
                "1 validation error detected: Value '007' at 'explicitHashKey' failed to satisfy constraint: Member must"
                        + " satisfy regular expression pattern: 0|([1-9]\\d{0,38})");
        assertMessage(
                "PutRecords",
                "{'StreamName':'s','Records':[]}",
                "1 validation error detected: Value '[]' at 'records' failed to satisfy constraint: Member must have"
                        + " length greater than or equal to 1");
    }

    @Test
    void aPartitionKeyHasOneTo256Characters() {
        client.put("s", "k".repeat(256), "x");
        for (String key : List.of("", "k".repeat(257))) {
            assertEquals(
                    "ValidationException",
                    client.call("PutRecord", "{'StreamName':'s','PartitionKey':'" + key + "','Data':''}")
                            .errorType());
        }
    }

    @Test
    void moreThan500RecordsAreRefused() {
        String entry = "{'PartitionKey':'k','Data':''}";
        String many = "{'StreamName':'s','Records':[" + (entry + ",").repeat(500) + entry + "]}";
        assertMessage(
                "PutRecords",
                many,
                "1 validation error detected: Value '501 members' at 'records' failed to satisfy constraint: Member must"
                        + " have length less than or equal to 500");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "DescribeStream|{'StreamName':7}",
                "DescribeStream|{'StreamName':['s']}",
                "DescribeStream|{'StreamName':'s','Limit':'7'}",
                "DescribeStream|{'StreamName':'s','Limit':1.5}",
                "DescribeStream|{'StreamName':'s','Limit':1e99}",
                "DeleteStream|{'StreamName':'s','EnforceConsumerDeletion':'yes'}",
                "PutRecord|{'StreamName':'s','PartitionKey':'k','Data':7}",
                "PutRecord|{'StreamName':'s','PartitionKey':'k','Data':'*'}",
                "PutRecord|{'StreamName':'s','PartitionKey':'k','Data':'abc'}",
                "PutRecord|{'StreamName':'s','PartitionKey':{},'Data':''}",
                "PutRecord|{'StreamName':{'a':'s'},'PartitionKey':'k','Data':''}",
                "PutRecords|{'StreamName':'s','Records':{}}",
                "PutRecords|{'StreamName':'s','Records':['x']}",
                "PutRecords|{'StreamName':'s','Records':[{'PartitionKey':'k','Data':''}}",
                "PutRecords|[]",
                "PutRecords|{'StreamName':'s'",
                "PutRecords|",
                "ListStreams|{} {}",
                "ListStreams|{}x",
                "ListStreams|nonsense",
                "ListStreams|'text'",
                "ListShards|{'StreamName':'s','ShardFilter':'AT_LATEST'}",
                "GetShardIterator|{'StreamName':'s','ShardId':'a','ShardIteratorType':'AT_TIMESTAMP','Timestamp':'x'}"
            })
    void whatDoesNotParseIsASerializationException(String operation, String body) {
        JsonClient.Reply reply = client.call(operation, body == null ? "" : body);
        assertEquals("SerializationException", reply.errorType(), reply.text());
        assertEquals(400, reply.status());
        assertTrue(!reply.message().isEmpty());
    }

    @Test
    void deepNestingIsRefused() {
        for (String operation : List.of("ListStreams", "PutRecords", "PutRecord")) {
            JsonClient.Reply reply = client.call(operation, "{'x':" + "[".repeat(100_000) + "]".repeat(100_000) + "}");
            assertEquals("SerializationException", reply.errorType(), reply.text());
        }
    }

    @Test
    void unknownMembersAreIgnored() {
        client.ok("DescribeStream", "{'StreamName':'s','Colour':{'deep':[1,2,{'x':null}]}}");
        client.ok(
                "PutRecords",
                "{'Colour':[{}],'Records':[{'Data':'','Note':{'a':1},'PartitionKey':'k'}],'StreamName':'s'}");
        client.ok("PutRecord", "{'Colour':[{}],'Data':'','PartitionKey':'k','StreamName':'s'}");
    }

    @Test
    void nullMembersAreAbsent() {
        client.ok("DescribeStream", "{'StreamName':'s','Limit':null}");
        client.ok(
                "PutRecord",
                "{'StreamName':'s','StreamARN':null,'PartitionKey':'k','Data':'','ExplicitHashKey':null,"
                        + "'SequenceNumberForOrdering':null}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Kinesis_20131202.Nothing", "Kinesis_20131202.", "DynamoDB_20120810.PutItem", "x"})
    void unknownTargetsAreUnknownOperations(String target) {
        JsonClient.Reply reply = client.send(HttpRequest.newBuilder(client.uri())
                .header("X-Amz-Target", target)
                .header("Content-Type", "application/x-amz-json-1.1")
                .POST(BodyPublishers.ofString("{}"))
                .build());
        assertEquals(400, reply.status());
        assertEquals("UnknownOperationException", reply.errorType());
    }

    @Test
    void anotherMethodOrContentTypeIsRefused() {
        assertEquals(
                405,
                client.send(HttpRequest.newBuilder(client.uri()).GET().build()).status());
        assertEquals(
                404,
                client.send("ListStreams", "{}".getBytes(StandardCharsets.UTF_8), "text/plain")
                        .status());
    }

    @Test
    void everyAnswerCarriesAnIdAndAnErrorItsType() {
        JsonClient.Reply good = client.call("ListStreams", "{}");
        assertEquals(
                36,
                good.raw()
                        .headers()
                        .firstValue("x-amzn-RequestId")
                        .orElseThrow()
                        .length());
        assertTrue(good.raw().headers().firstValue("x-amz-id-2").isPresent());
        assertEquals(
                "application/x-amz-json-1.1",
                good.raw().headers().firstValue("content-type").orElseThrow());
        JsonClient.Reply bad = client.call("DescribeStream", "{'StreamName':'none'}");
        assertEquals(
                "ResourceNotFoundException",
                bad.raw().headers().firstValue("x-amzn-errortype").orElseThrow());
        assertEquals("Stream none under account 000000000000 not found.", bad.message());
    }

    @Test
    void aWebPageCannotCall() {
        JsonClient.Reply reply = client.send(
                "ListStreams",
                "{}".getBytes(StandardCharsets.UTF_8),
                "application/x-amz-json-1.1",
                "Origin",
                "https://evil.test");
        assertEquals(403, reply.status());
        assertTrue(reply.message().contains("https://evil.test"), reply.message());
        assertEquals(
                200,
                client.send(
                                "ListStreams",
                                "{}".getBytes(StandardCharsets.UTF_8),
                                "application/x-amz-json-1.1",
                                "Origin",
                                "https://console.test")
                        .status());
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,200",
        "[::1]:4567,200",
        "[::1].evil.test,403",
        "localhost:4567:4567,403",
        "localhost:99,200",
        "LOCALHOST,200",
        "kinesis.test,200",
        "evil.test,403",
        "127.0.0.1.evil.test,403"
    })
    void onlyAddressesAndListedHostsAreAnswered(String host, int status) throws IOException {
        String request = "POST / HTTP/1.1\r\nHost: " + host + "\r\nX-Amz-Target: Kinesis_20131202.ListStreams\r\n"
                + "Content-Type: application/x-amz-json-1.1\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
        assertEquals("HTTP/1.1 " + status, RawHttp.exchange(engine, request).substring(0, 12));
    }

    @ParameterizedTest
    @CsvSource({
        "/ HTTP/1.1,,400",
        "/ HTTP/1.0,,200",
        "/ HTTP/1.1,localhost|localhost,400",
        "http://localhost:4567/ HTTP/1.1,evil.test,200",
        "http://evil.test/ HTTP/1.1,localhost,403",
        "http://localhost HTTP/1.1,,400"
    })
    void aRequestNamesOneHostAndATargetInAbsoluteFormNamesItFirst(String target, String hosts, int status)
            throws IOException {
        String lines = hosts == null ? "" : "Host: " + hosts.replace("|", "\r\nHost: ") + "\r\n";
        String answer = RawHttp.exchange(
                engine,
                "POST " + target + "\r\n" + lines + "X-Amz-Target: Kinesis_20131202.ListStreams\r\n"
                        + "Content-Type: application/x-amz-json-1.1\r\nContent-Length: 2\r\n"
                        + "Connection: close\r\n\r\n{}");
        assertEquals(" " + status, answer.substring(8, 12), answer);
        assertFalse(answer.contains(InetAddress.getLocalHost().getHostName() + ":"), answer);
    }

    @Test
    void aChunkedBodyIsTaken() throws IOException {
        String request = "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: Kinesis_20131202.ListStreams\r\n"
                + "Content-Type: application/x-amz-json-1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                + "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n";
        String reply = RawHttp.exchange(engine, request);
        assertTrue(reply.startsWith("HTTP/1.1 200"), reply);
    }

    private static byte[] gzip(byte[] body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(body);
        }
        return bytes.toByteArray();
    }

    /** The JDK's client offers the upgrade with the first request of every connection. */
    @Test
    void anUpgradeToHttp2IsNotTakenAndTheCallIsAnswered() throws IOException {
        String answer = RawHttp.exchange(
                engine,
                "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                        + "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\n"
                        + "X-Amz-Target: Kinesis_20131202.ListStreams\r\n"
                        + "Content-Type: application/x-amz-json-1.1\r\nContent-Length: 2\r\n\r\n{}");
        assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
        assertTrue(answer.contains("StreamNames"), answer);
    }

    @Test
    void aCompressedBodyIsTakenUnlessItIsABomb() throws IOException {
        String json = "application/x-amz-json-1.1";
        byte[] small = gzip("{\"Limit\":1}".getBytes(StandardCharsets.UTF_8));
        assertEquals(
                200,
                client.send("ListStreams", small, json, "Content-Encoding", "gzip")
                        .status());
        byte[] bomb = gzip(new byte[100 << 20]);
        assertEquals(
                413,
                client.send("ListStreams", bomb, json, "Content-Encoding", "gzip")
                        .status());
    }

    @Test
    void aBodyThatIsNotPackedAsItSaysIsItsCallersFault() throws IOException {
        byte[] json = "{\"ExclusiveStartStreamName\":\"s\",\"Limit\":1}".getBytes(StandardCharsets.UTF_8);
        byte[] wrongChecksum = gzip(json);
        wrongChecksum[wrongChecksum.length - 8] ^= 1;
        byte[] cutShort = Arrays.copyOf(gzip(json), 20);
        for (byte[] body : List.of("{}".getBytes(StandardCharsets.UTF_8), json, wrongChecksum, cutShort)) {
            JsonClient.Reply answer =
                    client.send("ListStreams", body, "application/x-amz-json-1.1", "Content-Encoding", "gzip");
            assertEquals(400, answer.status(), answer.toString());
            assertEquals("SerializationException", answer.errorType());
        }
    }

    @Test
    void anAddressInUseIsNamed() {
        IOException failure = org.junit.jupiter.api.Assertions.assertThrows(
                IOException.class,
                () -> StreamEngine.start(EngineSettings.ephemeral().withListen(engine.address())));
        assertTrue(failure.getMessage().contains("127.0.0.1:" + engine.address().getPort()), failure.getMessage());
    }

    @Test
    void aSecondEngineOnTheSameFolderIsRefused() {
        IOException failure = org.junit.jupiter.api.Assertions.assertThrows(
                IOException.class,
                () -> StreamEngine.start(EngineSettings.persistent(engine.data())
                        .withListen(new java.net.InetSocketAddress("127.0.0.1", 0))));
        assertTrue(failure.getMessage().contains(engine.data().toString()), failure.getMessage());
    }

    @Test
    void pathsDoNotMatter() {
        JsonClient.Reply reply = client.send(HttpRequest.newBuilder(URI.create(client.uri() + "any/path?x=1"))
                .header("X-Amz-Target", "Kinesis_20131202.ListStreams")
                .header("Content-Type", "application/x-amz-json-1.1; charset=utf-8")
                .POST(BodyPublishers.ofString("{}"))
                .build());
        assertEquals(200, reply.status());
    }
}
