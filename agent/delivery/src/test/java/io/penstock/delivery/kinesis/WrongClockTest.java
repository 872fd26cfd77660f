package io.penstock.delivery.kinesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.Server;
import io.penstock.base.settings.Secret;
import io.penstock.delivery.kinesis.credentials.CredentialGenerations;
import io.penstock.delivery.kinesis.credentials.CredentialProviders;
import io.penstock.delivery.kinesis.credentials.CredentialSource;
import io.penstock.delivery.kinesis.fault.Fault;
import io.penstock.delivery.kinesis.settings.Credentials;
import io.penstock.delivery.kinesis.settings.Network;
import io.penstock.delivery.kinesis.settings.TargetSettings;
import io.penstock.delivery.kinesis.shards.ShardsOutcome;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkGlobalTime;

/**
 * Services whose clock is an hour ahead of this machine's, and that refuse signatures older than five minutes: calls
 * about streams, and those to STS. {@link TargetCredentialsTest} has the calls with records.
 */
class WrongClockTest {
    private static final Duration AHEAD = Duration.ofHours(1);
    private static final DateTimeFormatter SIGNED =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /** Later clients of the SDK start with the clock correction of earlier ones. */
    @AfterEach
    void forget() {
        SdkGlobalTime.setGlobalTimeOffset(0);
    }

    private static Server service(String type, HttpData taken, HttpData refused) {
        Server server = Server.builder()
                .http(new InetSocketAddress("127.0.0.1", 0))
                .disableDateHeader()
                .service("/", (context, request) -> {
                    Instant there = Instant.now().plus(AHEAD);
                    Instant signed = Instant.from(SIGNED.parse(request.headers().get("x-amz-date", "")));
                    boolean fresh = Duration.between(signed, there).abs().compareTo(Duration.ofMinutes(5)) < 0;
                    ResponseHeaders headers = ResponseHeaders.builder(fresh ? 200 : 403)
                            .add(HttpHeaderNames.CONTENT_TYPE, type)
                            .add(
                                    HttpHeaderNames.DATE,
                                    DateTimeFormatter.RFC_1123_DATE_TIME.format(there.atZone(ZoneOffset.UTC)))
                            .build();
                    return HttpResponse.of(headers, fresh ? taken : refused);
                })
                .build();
        server.start().join();
        return server;
    }

    private static URI uri(Server server) {
        return URI.create("http://127.0.0.1:" + server.activeLocalPort());
    }

    @Test
    void callsAboutStreamsAreToBeTriedAgainAndThenSignedByTheEndpointsTime() throws Exception {
        try (Server server = service(
                        "application/x-amz-json-1.1",
                        HttpData.ofUtf8("{\"Shards\": []}"),
                        HttpData.ofUtf8("{\"__type\": \"InvalidSignatureException\", \"message\": \"expired\"}"));
                KinesisEndpoint endpoint = KinesisEndpoint.create(TargetSettings.url(uri(server), "us-east-1"))) {
            ShardsOutcome.Unknown first = assertInstanceOf(ShardsOutcome.Unknown.class, ListedShards.of(endpoint));
            Fault.Unavailable wrong = assertInstanceOf(Fault.Unavailable.class, first.fault(), first::toString);
            assertFalse(wrong.perhapsStored());
            ShardsOutcome second = ListedShards.of(endpoint);
            assertInstanceOf(ShardsOutcome.Known.class, second, second::toString);
        }
    }

    @Test
    void callsToStsAreSignedByItsTimeOnceItRefusedOne() {
        try (Server server = service(
                "text/xml",
                HttpData.ofUtf8("""
                        <AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>KEY</AccessKeyId>
                        <SecretAccessKey>hush</SecretAccessKey><SessionToken>token</SessionToken>
                        <Expiration>%s</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
                        """.formatted(Instant.now().plus(AHEAD).plus(AHEAD))),
                HttpData.ofUtf8("""
                        <ErrorResponse><Error><Type>Sender</Type><Code>SignatureDoesNotMatch</Code>
                        <Message>Signature expired</Message></Error></ErrorResponse>"""))) {
            Credentials role = new Credentials.AssumeRole(
                    "arn:aws:iam::123456789012:role/penstock",
                    Optional.empty(),
                    "agent-7",
                    Duration.ofMinutes(15),
                    new Credentials.Fixed("OWN", new Secret("own-secret"), Optional.empty()));
            TargetSettings settings =
                    TargetSettings.url(uri(server), "eu-west-1").withNetwork(Network.DIRECT.withSts(uri(server)));
            try (CredentialSource source = new CredentialSource(
                    role, new CredentialProviders(settings), new CredentialGenerations(System::nanoTime))) {
                assertEquals("KEY", source.resolve().credentials().accessKeyId());
            }
        }
    }
}
