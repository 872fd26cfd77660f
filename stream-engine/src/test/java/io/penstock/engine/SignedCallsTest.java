package io.penstock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.files.UnfitFileException;
import io.penstock.engine.auth.ClientKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.KinesisException;

/** An engine that takes only calls that are signed with a key of its file; signed by the SDK and its signer. */
class SignedCallsTest {
    private static final String ID = "PRESS17";
    private static final String SECRET = "a/secret+of=signs";
    private static final String BODY = "{\"StreamName\":\"s\",\"PartitionKey\":\"k\",\"Data\":\"eA==\"}";

    private final ManualClock moved = new ManualClock();

    @TempDir
    Path folder;

    private StreamEngine engine;
    private JsonClient raw;

    @BeforeEach
    void start() throws IOException {
        Path keys = Files.writeString(
                folder.resolve("keys"),
                "[press]\naws_access_key_id = " + ID + "\naws_secret_access_key = " + SECRET + "\n");
        engine = StreamEngine.start(EngineSettings.ephemeral()
                // Not the clock by which calls are dated.
                .withClock(moved)
                .withCredentialsFile(keys)
                .withOwnKey(new ClientKey("the program", "OWNKEY", "only the program has this")));
        engine.createStream("s", 1);
        raw = new JsonClient(engine);
    }

    @AfterEach
    void close() throws IOException {
        engine.close();
    }

    private KinesisAsyncClient client(String id, String secret) {
        return Sdk.client(engine)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(id, secret)))
                .build();
    }

    private void put(String id, String secret) {
        try (KinesisAsyncClient client = client(id, secret)) {
            client.putRecord(r -> r.streamName("s").partitionKey("k").data(SdkBytes.fromUtf8String("x")))
                    .join();
        }
    }

    private String refused(String id, String secret) {
        CompletionException failure = assertThrows(CompletionException.class, () -> put(id, secret));
        return assertInstanceOf(KinesisException.class, failure.getCause())
                .awsErrorDetails()
                .errorCode();
    }

    /** The headers of a call that the SDK's signer has signed, without those that the client sets by itself. */
    private Map<String, String> signed(Instant at) {
        SdkHttpRequest request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(raw.uri())
                .putHeader("X-Amz-Target", "Kinesis_20131202.PutRecord")
                .build();
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        AwsV4HttpSigner.create()
                .sign(each -> each.identity(AwsCredentialsIdentity.create(ID, SECRET))
                        .request(request)
                        .payload(ContentStreamProvider.fromUtf8String(BODY))
                        .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "kinesis")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(at, ZoneOffset.UTC)))
                .request()
                .headers()
                .forEach((name, values) -> headers.put(name, values.get(0)));
        headers.remove("Host");
        headers.remove("X-Amz-Target");
        return headers;
    }

    private JsonClient.Reply send(Map<String, String> headers, String body) {
        List<String> pairs = new ArrayList<>();
        headers.forEach((name, value) -> pairs.addAll(List.of(name, value)));
        return raw.send(
                "PutRecord",
                body.getBytes(StandardCharsets.UTF_8),
                "application/x-amz-json-1.1",
                pairs.toArray(String[]::new));
    }

    @Test
    void callsWithAKeyOfTheFileOrTheProgramsOwnAreTaken() {
        put(ID, SECRET);
        put("OWNKEY", "only the program has this");
        JsonClient.Reply reply = send(signed(Instant.now()), BODY);
        assertEquals(200, reply.status(), reply.text());
    }

    @Test
    void othersAreRefusedWithTheServicesCodes() {
        assertEquals("InvalidSignatureException", refused(ID, SECRET + "x"));
        assertEquals("UnrecognizedClientException", refused("NOBODY", SECRET));
        assertEquals(
                "MissingAuthenticationTokenException",
                raw.call("ListStreams", "{}").errorType());
    }

    @Test
    void whatWasChangedOnItsWayIsRefused() {
        Map<String, String> headers = signed(Instant.now());
        JsonClient.Reply body = send(headers, BODY.replace("eA==", "eQ=="));
        assertEquals("InvalidSignatureException", body.errorType());
        headers.put("X-Amz-Date", "20260101T000000Z");
        assertEquals("InvalidSignatureException", send(headers, BODY).errorType());
        headers.remove("X-Amz-Date");
        assertEquals("IncompleteSignatureException", send(headers, BODY).errorType());
    }

    @Test
    void aCallIsTakenAgainOnlyWithinTheWindow() {
        JsonClient.Reply late = send(signed(Instant.now().minus(Duration.ofMinutes(6))), BODY);
        assertEquals("InvalidSignatureException", late.errorType());
        assertTrue(late.message().startsWith("Signature expired: "), late.message());
        JsonClient.Reply early = send(signed(Instant.now().plus(Duration.ofMinutes(7))), BODY);
        assertTrue(early.message().startsWith("Signature not yet current: "), early.message());
    }

    @Test
    void aResetIsNotSignedAndRefused() {
        URI reset = raw.uri().resolve("/_penstock/reset");
        assertEquals(
                403,
                raw.send(HttpRequest.newBuilder(reset)
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build())
                        .status());
        assertEquals(1, engine.streamCount());
    }

    @Test
    void theStartSaysWhatIsWrongWithTheFile() {
        Path missing = folder.resolve("missing");
        UnfitFileException unfit = assertThrows(
                UnfitFileException.class,
                () -> StreamEngine.start(EngineSettings.ephemeral().withCredentialsFile(missing)));
        assertTrue(unfit.getMessage().contains(missing.toString()), unfit.getMessage());
    }
}
