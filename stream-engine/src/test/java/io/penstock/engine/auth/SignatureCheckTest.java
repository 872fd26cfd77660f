package io.penstock.engine.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Requests are signed by the SDK's signer. */
class SignatureCheckTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final ClientKey PRESS = new ClientKey("press-17", "PRESS17", "a secret that is long enough");
    private static final byte[] BODY = "{\"StreamName\":\"s\"}".getBytes(StandardCharsets.UTF_8);

    private final SignatureCheck check = new SignatureCheck(
            id -> Optional.of(PRESS).filter(key -> key.accessKeyId().equals(id)), () -> NOW);

    private static RequestHeadersBuilder signed(String id, String secret, Instant at, String service, String path) {
        SdkHttpRequest request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.POST)
                .protocol("http")
                .host("kinesis.example.com")
                .port(4568)
                .encodedPath(path)
                .putHeader("Content-Type", "application/x-amz-json-1.1")
                .putHeader("X-Amz-Target", "Kinesis_20131202.PutRecord")
                .putHeader("X-Odd", " two   blanks ")
                .build();
        SignedRequest signed = AwsV4HttpSigner.create()
                .sign(each -> each.identity(AwsCredentialsIdentity.create(id, secret))
                        .request(request)
                        .payload(ContentStreamProvider.fromByteArray(BODY))
                        .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-west-1")
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(at, ZoneOffset.UTC)));
        RequestHeadersBuilder headers = RequestHeaders.builder(HttpMethod.POST, path);
        headers.authority("kinesis.example.com:4568");
        for (Map.Entry<String, java.util.List<String>> each :
                signed.request().headers().entrySet()) {
            each.getValue().forEach(value -> headers.add(each.getKey(), value));
        }
        return headers;
    }

    private static RequestHeadersBuilder signed() {
        return signed(PRESS.accessKeyId(), PRESS.secret(), NOW, "kinesis", "/");
    }

    private ServiceException refusal(RequestHeadersBuilder headers) {
        return assertThrows(ServiceException.class, () -> check.check(headers.build(), BODY));
    }

    @Test
    void whatTheSdkHasSignedIsTaken() {
        assertEquals(PRESS, check.check(signed().build(), BODY));
        assertEquals(PRESS, check.check(signed().build(), BODY), "also with the derived key of the first call");
    }

    @Test
    void theAuthorityOfHttp2IsSignedInsteadOfTheHostByTheSdkForJavaScript() {
        SignatureCheck recorded = new SignatureCheck(
                id -> Optional.of(new ClientKey("press", id, "0123456789abcdef0123")),
                () -> Instant.parse("2026-11-30T14:02:56Z"));
        RequestHeaders headers = RequestHeaders.builder(HttpMethod.POST, "/")
                .authority("127.0.0.1:46275")
                .add("content-type", "application/x-amz-json-1.1")
                .add("x-amz-target", "Kinesis_20131202.PutRecord")
                .add("content-length", "52")
                .add("x-amz-user-agent", "aws-sdk-js/3.1142.0")
                .add("amz-sdk-invocation-id", "2c6c9977-e330-4fa7-afc4-b8660695231d")
                .add("amz-sdk-request", "attempt=1; max=1")
                .add("x-amz-date", "20261130T140256Z")
                .add("x-amz-content-sha256", "c2a9813eb45f45351083afa4606dcc095386a3b7f3c3a82758350967ec2fff9e")
                .add(
                        "authorization",
                        "AWS4-HMAC-SHA256 Credential=PRESS17/20261130/us-east-1/kinesis/aws4_request,"
                                + " SignedHeaders=:authority;amz-sdk-invocation-id;amz-sdk-request;content-length;"
                                + "content-type;x-amz-content-sha256;x-amz-date;x-amz-target;x-amz-user-agent,"
                                + " Signature=f9e5b9179f37acf18e1167e09e577e79af48203f16fdc821a3ebeff8965c2739")
                .build();
        byte[] body =
                "{\"Data\":\"AQ==\",\"StreamName\":\"js\",\"PartitionKey\":\"u\"}".getBytes(StandardCharsets.UTF_8);
        assertEquals("press", recorded.check(headers, body).name());
    }

    @Test
    void aPathWithOddCharactersIsTaken() {
        RequestHeaders headers = signed(PRESS.accessKeyId(), PRESS.secret(), NOW, "kinesis", "/a%20b/c~d")
                .build();
        assertEquals(PRESS, check.check(headers, BODY));
    }

    @Test
    void anotherBodyIsRefused() {
        RequestHeaders headers = signed().build();
        ServiceException refusal =
                assertThrows(ServiceException.class, () -> check.check(headers, new byte[] {'{', '}'}));
        assertEquals(ErrorType.INVALID_SIGNATURE, refusal.type());
    }

    @Test
    void anotherTargetIsRefused() {
        RequestHeadersBuilder headers = signed();
        headers.set("x-amz-target", "Kinesis_20131202.DeleteStream");
        assertEquals(ErrorType.INVALID_SIGNATURE, refusal(headers).type());
    }

    @Test
    void aWrongSecretIsRefusedWithoutTellingAnything() {
        ServiceException refusal = refusal(signed(PRESS.accessKeyId(), "another secret", NOW, "kinesis", "/"));
        assertEquals(ErrorType.INVALID_SIGNATURE, refusal.type());
        assertFalse(refusal.text().contains(PRESS.secret()));
    }

    @Test
    void anUnknownClientIsRefused() {
        assertEquals(
                ErrorType.UNRECOGNIZED_CLIENT,
                refusal(signed("OTHER", PRESS.secret(), NOW, "kinesis", "/")).type());
    }

    @Test
    void aMissingSignatureIsRefused() {
        assertEquals(
                ErrorType.MISSING_AUTHENTICATION_TOKEN,
                refusal(RequestHeaders.builder(HttpMethod.POST, "/")).type());
    }

    @ParameterizedTest
    @CsvSource({"299, taken", "301, Signature expired", "-299, taken", "-301, Signature not yet current"})
    void theDateMayBeFiveMinutesOff(long age, String outcome) {
        RequestHeadersBuilder headers =
                signed(PRESS.accessKeyId(), PRESS.secret(), NOW.minusSeconds(age), "kinesis", "/");
        if (outcome.equals("taken")) {
            assertEquals(PRESS, check.check(headers.build(), BODY));
        } else {
            ServiceException refusal = refusal(headers);
            assertEquals(ErrorType.INVALID_SIGNATURE, refusal.type());
            assertTrue(refusal.text().startsWith(outcome), refusal.text());
        }
    }

    @Test
    void aSignatureForAnotherServiceIsRefused() {
        ServiceException refusal = refusal(signed(PRESS.accessKeyId(), PRESS.secret(), NOW, "dynamodb", "/"));
        assertTrue(refusal.text().contains("correct service"), refusal.text());
    }

    @Test
    void aHashThatIsNotTheBodysIsRefused() {
        RequestHeadersBuilder headers = signed();
        headers.set("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
        assertTrue(refusal(headers).text().contains("x-amz-content-sha256"));
    }

    @ParameterizedTest
    @CsvSource({"host;", "x-amz-date;", ";x-amz-target"})
    void headersThatDecideWhatACallMeansMustBeSigned(String left) {
        RequestHeadersBuilder headers = signed();
        String authorization = headers.get("authorization");
        headers.set("authorization", authorization.replace(left, ""));
        ServiceException refusal = refusal(headers);
        assertTrue(refusal.text().contains("SignedHeader"), refusal.text());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Basic abc | algorithm",
                "AWS4-HMAC-SHA256 | requires 'Credential' parameter",
                "AWS4-HMAC-SHA256 Credential=a/20261130/r/kinesis/aws4_request | requires 'Signature' parameter",
                "AWS4-HMAC-SHA256 Credential=a/20261130/r, SignedHeaders=host, Signature=0 | 5 slash-delimited",
                "AWS4-HMAC-SHA256 Credential=a/20261130/r/kinesis/x, SignedHeaders=host, Signature=0 | terminator",
                "AWS4-HMAC-SHA256 Credential=a/20261130/r/kinesis/aws4_request, SignedHeaders=Host, Signature=0"
                        + " | lower case",
                "AWS4-HMAC-SHA256 Credential=a/20261130/r/kinesis/aws4_request, SignedHeaders=b;a, Signature=0"
                        + " | ascending",
                "AWS4-HMAC-SHA256 Credential=a/20261130/r/kinesis/aws4_request, SignedHeaders=a, Signature=0"
                        + " | 64 hexadecimal",
                "AWS4-HMAC-SHA256 Other=1 | not known",
            })
    void anIncompleteHeaderIsToldWhatIsMissing(String header, String told) {
        ServiceException refusal = assertThrows(ServiceException.class, () -> AuthorizationHeader.parse(header));
        assertEquals(ErrorType.INCOMPLETE_SIGNATURE, refusal.type());
        assertTrue(refusal.text().contains(told), refusal.text());
    }

    @Test
    void aMissingDateIsToldOf() {
        RequestHeadersBuilder headers = signed();
        headers.set("x-amz-date", "yesterday");
        assertEquals(ErrorType.INCOMPLETE_SIGNATURE, refusal(headers).type());
    }

    @Test
    void damagedHeadersAreRefusedAndNothingElseHappens() {
        long seed = 20_261_130;
        SplittableRandom random = new SplittableRandom(seed);
        String whole = signed().get("authorization");
        for (int round = 0; round < 20_000; round++) {
            StringBuilder damaged = new StringBuilder(whole);
            for (int i = random.nextInt(4); i >= 0; i--) {
                int at = random.nextInt(damaged.length());
                switch (random.nextInt(3)) {
                    case 0 -> damaged.setCharAt(at, (char) (' ' + random.nextInt(95)));
                    case 1 -> damaged.delete(at, Math.min(damaged.length(), at + 1 + random.nextInt(20)));
                    default -> damaged.insert(at, ",=/; 0");
                }
                if (damaged.isEmpty()) {
                    damaged.append('A');
                }
            }
            if (damaged.toString().replace(" ", "").equals(whole.replace(" ", ""))) {
                continue;
            }
            RequestHeadersBuilder headers = signed();
            headers.set("authorization", damaged.toString());
            assertThrows(
                    ServiceException.class,
                    () -> check.check(headers.build(), BODY),
                    () -> "seed " + seed + ": " + damaged);
        }
    }

    @Test
    void theWindowIsThatOfTheService() {
        assertEquals(Duration.ofMinutes(5), SignatureCheck.WINDOW);
    }
}
