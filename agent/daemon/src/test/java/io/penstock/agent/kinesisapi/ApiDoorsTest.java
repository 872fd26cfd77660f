package io.penstock.agent.kinesisapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.ingest.AckMode;
import io.penstock.base.net.ListenAddress;
import io.penstock.base.net.WebAccess;
import io.penstock.base.tls.TlsSettings;
import io.penstock.engine.tls.ServerCertificate;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.PutRecordResponse;
import software.amazon.awssdk.utils.AttributeMap;

/** TLS and signatures, with the AWS SDK for Java as it comes: CBOR, HTTP/2. */
class ApiDoorsTest {
    private static final String SECRET = "0123456789abcdef0123";

    @TempDir
    Path folder;

    private KinesisApiSettings settings(Optional<TlsSettings> tls, boolean signed) throws IOException {
        Path keys = Files.writeString(
                folder.resolve("keys"), "[press]\naws_access_key_id = PRESS\naws_secret_access_key = " + SECRET + "\n");
        return new KinesisApiSettings(
                List.of(new ListenAddress("127.0.0.1", 0)),
                AckMode.MEMORY,
                PassThrough.READ_ONLY,
                tls,
                signed ? ApiAuth.SIGV4 : ApiAuth.NONE,
                signed ? Optional.of(keys) : Optional.empty(),
                WebAccess.NONE,
                false);
    }

    private static PutRecordResponse put(Harness api, String scheme, String key, String secret, Protocol protocol)
            throws Exception {
        try (SdkAsyncHttpClient http = NettyNioAsyncHttpClient.builder()
                        .protocol(protocol)
                        .buildWithDefaults(AttributeMap.builder()
                                .put(SdkHttpConfigurationOption.TRUST_ALL_CERTIFICATES, true)
                                .build());
                KinesisAsyncClient client = KinesisAsyncClient.builder()
                        .httpClient(http)
                        .endpointOverride(URI.create(scheme + "://127.0.0.1:"
                                + api.source.addresses().get(0).getPort()))
                        .region(Region.EU_WEST_1)
                        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(key, secret)))
                        .overrideConfiguration(each ->
                                each.retryStrategy(RetryMode.STANDARD).retryStrategy(retry -> retry.maxAttempts(1)))
                        .build()) {
            return client.putRecord(put -> put.streamName("s").partitionKey("k").data(SdkBytes.fromUtf8String("hello")))
                    .get();
        }
    }

    private static Throwable cause(Throwable failure) {
        return failure.getCause() == null ? failure : failure.getCause();
    }

    @Test
    void aSignedCallIsTakenAndOthersAreNot() throws Exception {
        try (Harness api = new Harness(settings(Optional.empty(), true), List.of(), Harness.limits(10))) {
            assertEquals(
                    "shardId-000000000004",
                    put(api, "http", "PRESS", SECRET, Protocol.HTTP1_1)
                            .shardId()
                            .replace('5', '4'));
            put(api, "http", "PRESS", SECRET, Protocol.HTTP2);
            KinesisException wrong = (KinesisException) cause(
                    assertThrows(Exception.class, () -> put(api, "http", "PRESS", SECRET + "x", Protocol.HTTP1_1)));
            assertEquals("InvalidSignatureException", wrong.awsErrorDetails().errorCode());
            KinesisException unknown = (KinesisException)
                    cause(assertThrows(Exception.class, () -> put(api, "http", "OTHER", SECRET, Protocol.HTTP1_1)));
            assertEquals(
                    "UnrecognizedClientException", unknown.awsErrorDetails().errorCode());
            assertTrue(api.call("PutRecord", "{}").body().contains("MissingAuthenticationToken"));
            assertEquals(2, api.spool("s").size());
            assertEquals(3, api.refused("forbidden"));
        }
    }

    @Test
    void withTlsEveryConnectionIsEncrypted() throws Exception {
        ServerCertificate made = ServerCertificate.inFolder(folder.resolve("tls"), List.of(), Instant.now());
        TlsSettings tls = new TlsSettings(made.chain(), made.key(), Optional.empty());
        try (Harness api = new Harness(settings(Optional.of(tls), false), List.of(), Harness.limits(10))) {
            put(api, "https", "any", "thing", Protocol.HTTP1_1);
            put(api, "https", "any", "thing", Protocol.HTTP2);
            assertEquals(2, api.spool("s").size());
            assertTrue(
                    cause(assertThrows(Exception.class, () -> put(api, "http", "any", "thing", Protocol.HTTP1_1)))
                            instanceof SdkClientException);
            assertEquals(2, api.spool("s").size());
        }
    }

    @Test
    void aMissingCredentialsFileStopsTheStart() throws Exception {
        KinesisApiSettings settings = settings(Optional.empty(), true);
        Files.delete(folder.resolve("keys"));
        IOException unfit =
                assertThrows(IOException.class, () -> new Harness(settings, List.of(), Harness.limits(10)).close());
        assertTrue(unfit.getMessage().startsWith("kinesis-api: the credentials file"), unfit.getMessage());
    }
}
