package io.penstock.delivery.kinesis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.base.condition.ConditionName;
import io.penstock.base.settings.Secret;
import io.penstock.delivery.kinesis.StubKinesis.Reply;
import io.penstock.delivery.kinesis.fault.Fault;
import io.penstock.delivery.kinesis.fault.FaultRules;
import io.penstock.delivery.kinesis.put.PutCall;
import io.penstock.delivery.kinesis.put.PutEntry;
import io.penstock.delivery.kinesis.put.PutOutcome;
import io.penstock.delivery.kinesis.settings.AutoCreate;
import io.penstock.delivery.kinesis.settings.Credentials;
import io.penstock.delivery.kinesis.settings.TargetSettings;
import io.penstock.delivery.kinesis.shards.Shard;
import io.penstock.delivery.kinesis.shards.ShardsOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The requests and answers on the wire, with a real HTTP server. */
class KinesisEndpointTest {
    private StubKinesis stub;

    private record Entry(byte[] partitionKey, String explicitHashKey, byte[] data) implements PutEntry {
        static Entry of(String key, String explicitHashKey, String data) {
            return new Entry(
                    key.getBytes(StandardCharsets.UTF_8), explicitHashKey, data.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static final PutCall TWO = new PutCall(
            "sensors", List.of(Entry.of("kéy \"1\"", "", "data 1"), Entry.of("k2", "12345", "data 2")), true);
    private static final PutCall ONE = new PutCall("sensors", List.of(Entry.of("k", "", "data")), false);

    @BeforeEach
    void start() throws IOException {
        stub = new StubKinesis();
    }

    @AfterEach
    void stop() {
        stub.close();
    }

    private TargetSettings settings() {
        return TargetSettings.url(stub.uri(), "us-east-1");
    }

    private static PutOutcome put(TargetSettings settings, PutCall call) throws Exception {
        try (KinesisEndpoint endpoint = KinesisEndpoint.create(settings)) {
            CompletableFuture<PutOutcome> outcome = new CompletableFuture<>();
            endpoint.put(call, outcome::complete);
            return outcome.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void putRecordsIsSignedCborWithOneResultPerRecord() throws Exception {
        stub.answer = request -> new Reply(200, """
                {"FailedRecordCount": 1, "EncryptionType": "NONE", "Records": [
                  {"SequenceNumber": "1", "ShardId": "shardId-1"},
                  {"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "Rate exceeded"}]}
                """, "1");
        PutOutcome.Answered answered = assertInstanceOf(PutOutcome.Answered.class, put(settings(), TWO));
        assertEquals(new PutOutcome.Stored("shardId-1"), answered.entries().get(0));
        assertEquals(
                new PutOutcome.NotStored(new Fault.Throttled("ProvisionedThroughputExceededException: Rate exceeded")),
                answered.entries().get(1));
        assertTrue(answered.ordered());

        StubKinesis.Received request = stub.received.get(0);
        assertEquals("Kinesis_20131202.PutRecords", request.headers().getFirst("X-Amz-Target"));
        assertEquals("1", request.headers().getFirst("x-penstock-ordered-put"));
        assertTrue(request.headers().getFirst("Authorization").startsWith("AWS4-HMAC-SHA256 Credential=penstock/"));
        assertTrue(request.headers().getFirst("Authorization").contains("/us-east-1/kinesis/aws4_request"));
        JsonNode body = request.body();
        assertEquals("sensors", body.get("StreamName").textValue());
        assertEquals("kéy \"1\"", body.get("Records").get(0).get("PartitionKey").textValue());
        assertFalse(body.get("Records").get(0).has("ExplicitHashKey"));
        assertEquals("12345", body.get("Records").get(1).get("ExplicitHashKey").textValue());
        assertTrue(body.get("Records").get(1).get("Data").isBinary());
        assertArrayEquals(
                "data 2".getBytes(StandardCharsets.UTF_8),
                body.get("Records").get(1).get("Data").binaryValue());
    }

    @Test
    void putRecordIsJsonWithBase64() throws Exception {
        stub.answer = request -> Reply.ok("{\"SequenceNumber\": \"1\", \"ShardId\": \"shardId-7\"}");
        PutOutcome.Answered answered = assertInstanceOf(
                PutOutcome.Answered.class, put(settings().withApi(TargetSettings.Api.PUT_RECORD), ONE));
        assertEquals(List.of(new PutOutcome.Stored("shardId-7")), answered.entries());
        StubKinesis.Received request = stub.received.get(0);
        assertEquals("PutRecord", request.operation());
        assertEquals("application/x-amz-json-1.1", request.headers().getFirst("Content-Type"));
        assertEquals("ZGF0YQ==", request.body().get("Data").textValue());
        assertEquals("k", request.body().get("PartitionKey").textValue());
    }

    @ParameterizedTest
    @CsvSource({
        "400, ProvisionedThroughputExceededException, Throttled",
        "400, LimitExceededException, Throttled",
        "429, '', Throttled",
        "500, InternalFailure, Unavailable",
        "503, '', Unavailable",
        "400, ResourceInUseException, Unavailable",
        "400, ExpiredTokenException, Expired",
        "400, AccessDeniedException, Denied",
        "400, com.amazon.coral#KMSDisabledException, Denied",
        "400, SomethingUnheardOf, Denied",
        "400, ResourceNotFoundException, MissingStream",
        "400, ValidationException, Rejected",
        "400, InvalidArgumentException, Rejected",
        "413, RequestEntityTooLargeException, Rejected",
        "400, UnrecognizedClientException, Expired",
        "404, '', Denied",
        "413, '', RequestTooLarge",
        "413, SomethingUnheardOf, RequestTooLarge"
    })
    void errorsAreClassed(int status, String code, String fault) throws Exception {
        stub.answer = request -> new Reply(status, "{\"__type\": \"" + code + "\", \"message\": \"because\"}", "");
        PutOutcome.Failed failed = assertInstanceOf(PutOutcome.Failed.class, put(settings(), ONE));
        assertEquals(fault, failed.fault().getClass().getSimpleName());
        assertTrue(failed.fault().detail().contains("because"), failed.fault().detail());
    }

    /** An intermediate server answers with its own page: no record is rejected, and the server is named. */
    @ParameterizedTest
    @CsvSource({
        "200, Unavailable",
        "204, Unavailable",
        "302, Denied",
        "400, Denied",
        "401, Denied",
        "403, Denied",
        "404, Denied",
        "407, Denied",
        "408, Unavailable",
        "413, RequestTooLarge",
        "414, Denied",
        "429, Throttled",
        "431, Denied",
        "502, Unavailable",
        "503, Unavailable"
    })
    void aPageOfSomethingBetweenCondemnsNoRecordAndIsNamed(int status, String fault) throws Exception {
        for (String page : List.of("", "<html><body>log in first</body></html>", "\u007f\u0000{[")) {
            if (status == 204 && !page.isEmpty()) {
                continue;
            }
            for (TargetSettings.Api api : TargetSettings.Api.values()) {
                stub.answer = request -> Reply.foreign(status, page);
                PutOutcome.Failed failed =
                        assertInstanceOf(PutOutcome.Failed.class, put(settings().withApi(api), ONE));
                assertEquals(fault, failed.fault().getClass().getSimpleName(), failed::toString);
                assertTrue(
                        failed.fault().detail().contains("HTTP " + status + " from gateway/1.0 (text/html, "),
                        failed::toString);
                assertFalse(failed.fault().detail().contains("log in first"), failed::toString);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"message\": \"log in first\"}",
                "{}",
                "{\"ShardId\": \"s-1\"}",
                "{\"SequenceNumber\": \"1\"}",
                "{\"SequenceNumber\": 1, \"ShardId\": \"s-1\"}",
                "{\"SequenceNumber\": \"1\", \"ShardId\": \"s-1\", \"ErrorCode\": 7}",
                "{\"SequenceNumber\": null, \"ShardId\": null}"
            })
    void anAnswerToPutRecordThatDoesNotSayStoredIsUnclear(String json) throws Exception {
        stub.answer = request -> Reply.ok(json);
        PutOutcome.Answered answered = assertInstanceOf(
                PutOutcome.Answered.class, put(settings().withApi(TargetSettings.Api.PUT_RECORD), ONE));
        assertInstanceOf(PutOutcome.Unclear.class, answered.entries().get(0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"SequenceNumber\", \"ShardId\"]",
                "{\"SequenceNumber\": \"1\", \"ShardId\": \"s-1\"",
                "{\"SequenceNumber\": \"1\", \"ShardId\": \"s-1\"}<html>",
                "\"stored\"",
                "null"
            })
    void anAnswerToPutRecordThatIsNoObjectLeavesTheOutcomeUnknown(String json) throws Exception {
        stub.answer = request -> Reply.foreign(200, json);
        PutOutcome.Failed failed =
                assertInstanceOf(PutOutcome.Failed.class, put(settings().withApi(TargetSettings.Api.PUT_RECORD), ONE));
        assertTrue(assertInstanceOf(Fault.Unavailable.class, failed.fault()).perhapsStored(), failed::toString);
    }

    @Test
    void anErrorOfTheServiceInJsonIsReadWhateverTheRequestWas() throws Exception {
        stub.answer = request -> Reply.foreign(
                400, "{\"__type\": \"com.amazonaws.kinesis.v20131202#ValidationException\", \"Message\": \"no\"}");
        PutOutcome.Failed failed = assertInstanceOf(PutOutcome.Failed.class, put(settings(), ONE));
        assertEquals(new Fault.Rejected("ValidationException: no"), failed.fault());
    }

    @Test
    void anAnswerLongerThanAnyAnswerIsCutOff() throws Exception {
        stub.answer = request -> Reply.raw(200, new byte[5 << 20]);
        PutOutcome.Failed failed = assertInstanceOf(PutOutcome.Failed.class, put(settings(), ONE));
        assertTrue(failed.fault().detail().contains("the answer is longer than"), failed::toString);
    }

    @Test
    void aRefusedConnectionCannotHaveStoredAnything() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        PutOutcome.Failed failed = assertInstanceOf(
                PutOutcome.Failed.class,
                put(TargetSettings.url(URI.create("http://127.0.0.1:" + port), "us-east-1"), ONE));
        Fault.Unavailable unavailable = assertInstanceOf(Fault.Unavailable.class, failed.fault());
        assertFalse(unavailable.perhapsStored(), unavailable.detail());
    }

    @Test
    void aConnectionCutAfterTheRequestMayHaveStoredIt() throws Exception {
        try (ServerSocket server = new ServerSocket(0)) {
            CompletableFuture<Void> cut = CompletableFuture.runAsync(() -> {
                try (Socket socket = server.accept()) {
                    socket.getInputStream().read(new byte[1]);
                } catch (IOException closed) {
                    throw new UncheckedIOException(closed);
                }
            });
            PutOutcome.Failed failed = assertInstanceOf(
                    PutOutcome.Failed.class,
                    put(TargetSettings.url(URI.create("http://127.0.0.1:" + server.getLocalPort()), "us-east-1"), ONE));
            assertTrue(assertInstanceOf(Fault.Unavailable.class, failed.fault()).perhapsStored());
            cut.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void anEndpointThatNeverAnswersIsGivenUpInTime() throws Exception {
        CountDownLatch forever = new CountDownLatch(1);
        stub.answer = request -> {
            try {
                forever.await();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            return Reply.ok("{}");
        };
        PutOutcome.Failed failed =
                assertInstanceOf(PutOutcome.Failed.class, put(settings().withCallTimeout(Duration.ofMillis(300)), ONE));
        assertTrue(assertInstanceOf(Fault.Unavailable.class, failed.fault()).perhapsStored());
        assertEquals(ConditionName.NO_ANSWER, failed.fault().why().name());
        forever.countDown();
    }

    @Test
    void aTimeLimitThatEndsACallIsSaidInWords() {
        assertEquals(
                "kinesis.example was called, and its whole answer did not come in time",
                FaultRules.ofException(new CompletionException(new TimeoutException()), "kinesis.example")
                        .detail());
    }

    @Test
    void anAnswerThatIsNoAnswerLeavesTheOutcomeUnknown() throws Exception {
        stub.answer = request -> Reply.ok("[1, 2]");
        PutOutcome.Failed failed = assertInstanceOf(PutOutcome.Failed.class, put(settings(), ONE));
        assertTrue(assertInstanceOf(Fault.Unavailable.class, failed.fault()).perhapsStored());
    }

    @Test
    void openShardsAreListedPageByPage() throws Exception {
        stub.answer = request -> request.body().has("NextToken") ? Reply.ok("""
                        {"Shards": [{"ShardId": "s2", "HashKeyRange": {"StartingHashKey": "100", "EndingHashKey": "200"},
                          "SequenceNumberRange": {"StartingSequenceNumber": "5"}}]}
                        """) : Reply.ok("""
                        {"NextToken": "more", "Shards": [
                          {"ShardId": "s0", "HashKeyRange": {"StartingHashKey": "0", "EndingHashKey": "200"},
                            "SequenceNumberRange": {"StartingSequenceNumber": "1", "EndingSequenceNumber": "4"}},
                          {"ShardId": "s1", "HashKeyRange": {"StartingHashKey": "0", "EndingHashKey": "99"},
                            "SequenceNumberRange": {"StartingSequenceNumber": "5"}}]}
                        """);
        try (KinesisEndpoint endpoint = KinesisEndpoint.create(settings())) {
            ShardsOutcome.Known known = assertInstanceOf(ShardsOutcome.Known.class, ListedShards.of(endpoint));
            assertEquals(
                    List.of("s1", "s2"),
                    known.map().shards().stream().map(Shard::id).toList());
        }
    }

    @Test
    void aStreamIsMadeInProvisionedModeAndAwaited() throws Exception {
        int[] describes = {0};
        stub.answer = request -> switch (request.operation()) {
            case "CreateStream" -> Reply.ok("{}");
            case "DescribeStreamSummary" ->
                Reply.ok("{\"StreamDescriptionSummary\": {\"StreamStatus\": \""
                        + (++describes[0] < 3 ? "CREATING" : "ACTIVE") + "\"}}");
            default -> Reply.ok("""
                    {"Shards": [{"ShardId": "s0", "HashKeyRange": {"StartingHashKey": "0", "EndingHashKey": "9"},
                      "SequenceNumberRange": {"StartingSequenceNumber": "1"}}]}
                    """);
        };
        try (KinesisEndpoint endpoint = KinesisEndpoint.create(settings())) {
            CompletableFuture<ShardsOutcome> outcome = new CompletableFuture<>();
            endpoint.create("sensors", new AutoCreate(true, 3), outcome::complete);
            assertInstanceOf(ShardsOutcome.Known.class, outcome.get(30, TimeUnit.SECONDS));
        }
        JsonNode create = stub.received.get(0).body();
        assertEquals(3, create.get("ShardCount").intValue());
        assertEquals(
                "PROVISIONED", create.get("StreamModeDetails").get("StreamMode").textValue());
    }

    @Test
    void aMissingStreamIsSaidToBeMissing() throws Exception {
        stub.answer = request -> new Reply(
                400, "{\"__type\": \"ResourceNotFoundException\", \"message\": \"Stream sensors not found\"}", "");
        try (KinesisEndpoint endpoint = KinesisEndpoint.create(settings())) {
            ShardsOutcome.Unknown unknown = assertInstanceOf(ShardsOutcome.Unknown.class, ListedShards.of(endpoint));
            assertInstanceOf(Fault.MissingStream.class, unknown.fault());
        }
    }

    @Test
    void secretsDoNotShowInText() {
        TargetSettings secret =
                settings().withCredentials(new Credentials.Fixed("AKID", new Secret("s3cr3t"), Optional.empty()));
        assertFalse(secret.toString().contains("s3cr3t"));
    }
}
