package io.penstock.agent.otlp;

import static io.penstock.agent.otlp.OtlpHarness.PROTOBUF;
import static io.penstock.agent.otlp.OtlpHarness.logs;
import static io.penstock.agent.otlp.OtlpHarness.record;
import static io.penstock.agent.otlp.OtlpHarness.request;
import static io.penstock.agent.otlp.OtlpHarness.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.UnknownFieldSet;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.penstock.agent.auth.AuthSettings;
import io.penstock.agent.auth.TokenEntries;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A token that is limited to the stream {@code shop}. */
class OtlpAuthTest {
    @TempDir
    Path folder;

    private final String token = TokenEntries.random();
    private OtlpHarness harness;

    @BeforeEach
    void start() throws Exception {
        Path tokens = folder.resolve("tokens");
        TokenEntries.empty().with("web", token, List.of("shop")).write(tokens);
        harness = new OtlpHarness(true, 1 << 20, new AuthSettings(Optional.empty(), Optional.of(tokens), List.of()));
    }

    @AfterEach
    void stop() {
        harness.close();
    }

    private HttpResponse<byte[]> post(byte[] body) {
        return harness.send(harness.to("/v1/logs")
                .header("Content-Type", PROTOBUF)
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    @Test
    void whatIsPermittedIsStoredAndTheRestIsRejected() throws Exception {
        HttpResponse<byte[]> answer = post(request(logs("shop.cart", record("a")), logs("other", record("b"))));
        assertEquals(200, answer.statusCode());
        ExportLogsServiceResponse response = ExportLogsServiceResponse.parseFrom(answer.body());
        assertEquals(1, response.getPartialSuccess().getRejectedLogRecords());
        assertTrue(
                response.getPartialSuccess().getErrorMessage().contains("may not write to the stream 'otlp'"),
                response.getPartialSuccess().getErrorMessage());
        assertEquals(1, harness.spools.of("shop").size());
        assertEquals(0, harness.spools.of("otlp").size());
        assertEquals(1, harness.refused("forbidden"));
    }

    @Test
    void aRequestOfWhichNothingIsPermittedIsForbidden() {
        HttpResponse<byte[]> answer = post(request(logs("other", record("b"))));
        assertEquals(403, answer.statusCode());
        assertTrue(text(answer).contains("may not write to the stream 'otlp'"), text(answer));
        assertEquals(0, harness.spools.of("otlp").size());
    }

    @Test
    void withoutCredentialsNothingIsTaken() {
        byte[] body = request(logs("shop.cart", record("a")));
        assertEquals(401, harness.send(harness.post(PROTOBUF, body)).statusCode());
        assertEquals(0, harness.spools.of("shop").size());
    }

    @Test
    void whatIsRefusedBeforeTheEndpointSeesItHasTheFormOfTheRequestToo() throws Exception {
        byte[] body = request(logs("shop.cart", record("a")));
        HttpResponse<byte[]> unknown = harness.send(harness.post(PROTOBUF, body));
        assertEquals(401, unknown.statusCode());
        assertTrue(unknown.headers().firstValue("www-authenticate").isPresent());
        status(16, "the request has none", unknown);
        HttpResponse<byte[]> foreign = harness.send(harness.to("/v1/logs")
                .header("Content-Type", PROTOBUF)
                .header("Origin", "https://evil.example")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
        assertEquals(403, foreign.statusCode());
        status(7, "Origin 'https://evil.example'", foreign);
        HttpResponse<byte[]> large = post(new byte[4 << 20]);
        assertEquals(413, large.statusCode());
        status(3, "the body is larger", large);
        HttpResponse<byte[]> metrics = harness.send(harness.to("/v1/metrics")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
        assertEquals(401, metrics.statusCode());
        assertTrue(text(metrics).startsWith("{\"code\":16,\"message\":\""), text(metrics));
    }

    /** The body is a {@code google.rpc.Status}. */
    private static void status(int code, String message, HttpResponse<byte[]> answer) throws Exception {
        assertEquals(PROTOBUF, answer.headers().firstValue("content-type").orElse(""));
        UnknownFieldSet fields = UnknownFieldSet.parseFrom(answer.body());
        assertEquals(List.of((long) code), fields.getField(1).getVarintList());
        String said = fields.getField(2).getLengthDelimitedList().get(0).toStringUtf8();
        assertTrue(said.contains(message), said);
    }
}
