package io.penstock.agent.otlp;

import static io.penstock.agent.otlp.OtlpHarness.JSON;
import static io.penstock.agent.otlp.OtlpHarness.PROTOBUF;
import static io.penstock.agent.otlp.OtlpHarness.logs;
import static io.penstock.agent.otlp.OtlpHarness.record;
import static io.penstock.agent.otlp.OtlpHarness.request;
import static io.penstock.agent.otlp.OtlpHarness.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.UnknownFieldSet;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.TooManyStreams;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused, and what the sender sees: the table in docs/otlp.md. */
class OtlpRefusalTest {
    private static final byte[] GOOD = request(logs("web", record("one")));

    private final OtlpHarness harness = new OtlpHarness();

    @AfterEach
    void stop() {
        harness.close();
    }

    private void nothingIsStored() {
        assertEquals(0, harness.spools.of("otlp").size());
    }

    private static String retryAfter(HttpResponse<byte[]> answer) {
        return answer.headers().firstValue("retry-after").orElse("never");
    }

    /** The message of a google.rpc.Status in protobuf. */
    private static String message(HttpResponse<byte[]> answer) throws Exception {
        assertEquals(PROTOBUF, answer.headers().firstValue("content-type").orElse(""));
        return UnknownFieldSet.parseFrom(answer.body())
                .getField(2)
                .getLengthDelimitedList()
                .get(0)
                .toStringUtf8();
    }

    @Test
    void brokenProtobufIsRefusedForGoodWithAStatusInProtobuf() throws Exception {
        HttpResponse<byte[]> answer = harness.send(harness.post(PROTOBUF, new byte[] {10, 5, 1}));
        assertEquals(400, answer.statusCode());
        assertEquals(
                "the body is no OTLP in protobuf: the value at byte 2 is longer than what holds it; send an"
                        + " ExportLogsServiceRequest of OTLP",
                message(answer));
        UnknownFieldSet detail = UnknownFieldSet.parseFrom(UnknownFieldSet.parseFrom(answer.body())
                .getField(3)
                .getLengthDelimitedList()
                .get(0));
        assertEquals(
                "type.googleapis.com/google.rpc.BadRequest",
                detail.getField(1).getLengthDelimitedList().get(0).toStringUtf8());
        assertEquals("never", retryAfter(answer));
        assertEquals(1, harness.refused("malformed"));
        nothingIsStored();
    }

    @Test
    void aBodyThatIsBrokenAtItsEndIsNotStoredInPart() {
        byte[] body = Arrays.copyOf(GOOD, GOOD.length + 2);
        body[GOOD.length] = 10;
        body[GOOD.length + 1] = 99;
        assertEquals(400, harness.send(harness.post(PROTOBUF, body)).statusCode());
        nothingIsStored();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\u0001',
            value = {
                "{\"resourceLogs\":[; the body is no JSON: at byte 17 a value is missing",
                "{} x; the body is no JSON: at byte 3 something follows the value",
                "[]; the body is no OTLP in JSON: the JSON value at byte 0 is no object",
                "{\"resourceLogs\":{}}; the body is no OTLP in JSON: resourceLogs at byte 16 is no array"
            })
    void brokenJsonIsRefusedForGoodWithAStatusInJson(String body, String error) {
        HttpResponse<byte[]> answer = harness.send(body);
        assertEquals(400, answer.statusCode());
        assertEquals(JSON, answer.headers().firstValue("content-type").orElse(""));
        assertTrue(text(answer).startsWith("{\"code\":3,\"message\":\"" + error + ";"), text(answer));
        assertEquals(1, harness.refused("malformed"));
    }

    @Test
    void textInJsonThatIsNoUtf8IsRefused() {
        byte[] body = Reading.body("\"severityText\":\"?\"").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < body.length; i++) {
            body[i] = body[i] == '?' ? (byte) 0xFF : body[i];
        }
        assertEquals(400, harness.send(harness.post(JSON, body)).statusCode());
        nothingIsStored();
    }

    @Test
    void aRequestOfWhichNoLogRecordCanBeStoredIsRefusedForGood() throws Exception {
        byte[] large = request(logs("web", record("x".repeat(OtlpHarness.MAX_RECORD))));
        HttpResponse<byte[]> answer = harness.send(harness.post(PROTOBUF, large));
        assertEquals(413, answer.statusCode());
        assertTrue(message(answer).startsWith("one log record is not stored: logRecords[0]"), message(answer));
        assertEquals(400, harness.send(Reading.body("\"flags\":\"x\"")).statusCode());
        nothingIsStored();
        assertEquals(1, harness.refused("too_large"));
        assertEquals(1, harness.refused("malformed"));
    }

    @ParameterizedTest
    @CsvSource({"text/plain", "application/x-ndjson", "application/json; charset=utf-16", "nonsense"})
    void anotherContentTypeIsRefused(String type) {
        HttpResponse<byte[]> answer = harness.send(harness.post(type, GOOD));
        assertEquals(415, answer.statusCode());
        assertTrue(text(answer).contains("declare application/x-protobuf or application/json"), text(answer));
        assertEquals(1, harness.refused("unsupported"));
    }

    @Test
    void noContentTypeIsRefused() {
        HttpRequest request = harness.to("/v1/logs")
                .POST(HttpRequest.BodyPublishers.ofByteArray(GOOD))
                .build();
        assertEquals(415, harness.send(request).statusCode());
    }

    @Test
    void anotherEncodingAndADamagedOneAreRefused() throws Exception {
        HttpResponse<byte[]> unknown = harness.send(harness.packed("br", GOOD));
        assertEquals(415, unknown.statusCode());
        assertTrue(message(unknown).contains("Content-Encoding br is not taken"), message(unknown));
        assertEquals(400, harness.send(harness.packed("gzip", GOOD)).statusCode());
        assertEquals(400, harness.send(harness.packed("zstd", GOOD)).statusCode());
        nothingIsStored();
    }

    @Test
    void aBodyThatIsTooLargePackedOrUnpackedIsRefused() throws Exception {
        try (OtlpHarness small = new OtlpHarness(true, 1_000)) {
            byte[] body = request(logs("web", record("x".repeat(1_001))));
            HttpResponse<byte[]> plain = small.send(small.post(PROTOBUF, body));
            assertEquals(413, plain.statusCode());
            assertTrue(message(plain).contains("larger than 1000 bytes"), message(plain));
            assertEquals(
                    413, small.send(small.packed("zstd", Zstd.compress(body))).statusCode());
            assertEquals(List.of(), List.copyOf(small.spools.all()));
        }
    }

    @Test
    void recordsThatTakeFarMoreThanTheirBodyAreRefused() {
        try (OtlpHarness small = new OtlpHarness(true, 10_000)) {
            String scope =
                    "{\"scope\":{\"name\":\"" + "n".repeat(1_000) + "\"},\"logRecords\":[" + "{},".repeat(99) + "{}]}";
            HttpResponse<byte[]> answer = small.send("{\"resourceLogs\":[{\"scopeLogs\":[" + scope + "]}]}");
            assertEquals(413, answer.statusCode());
            assertTrue(text(answer).contains("send fewer log records in one request"), text(answer));
            assertEquals(0, small.spools.of("otlp").size());
        }
    }

    @Test
    void oneStreamTooManyIsRefusedForNowBeforeAnythingIsStored() {
        harness.spools.refuseStreams(TooManyStreams.exception("there are 2 streams already"));
        HttpResponse<byte[]> answer = harness.send(harness.post(PROTOBUF, GOOD));
        assertEquals(429, answer.statusCode());
        assertEquals("60", retryAfter(answer));
        assertEquals(1, harness.refused("too_many_streams"));
    }

    @Test
    void aFullSpoolIsRefusedForNow() throws Exception {
        harness.spools.of("otlp").refuse(Spool.FULL);
        HttpResponse<byte[]> answer = harness.send(harness.post(PROTOBUF, GOOD));
        assertEquals(503, answer.statusCode());
        assertEquals("5", retryAfter(answer));
        assertTrue(message(answer).contains("the spool of stream 'otlp' is full"), message(answer));
        assertEquals(1, harness.refused("spool_full"));
        assertEquals(1, harness.count("penstock.source.held.back", "source", "otlp"));
    }

    @Test
    void aFailedSpoolIsRefusedForNow() {
        harness.spools.of("otlp").refuse(Spool.FAILED);
        HttpResponse<byte[]> answer = harness.send(harness.post(PROTOBUF, GOOD));
        assertEquals(503, answer.statusCode());
        assertEquals("5", retryAfter(answer));
        assertEquals(1, harness.refused("spool_failed"));
    }

    @Test
    void aDefectIsRefusedForNowSoThatTheSenderKeepsItsRecords() {
        harness.spools.of("otlp").throwOnce();
        HttpResponse<byte[]> answer = harness.send(harness.post(PROTOBUF, GOOD));
        assertEquals(503, answer.statusCode());
        assertEquals("5", retryAfter(answer));
        assertEquals(1, harness.refused("defect"));
        assertEquals(200, harness.send(harness.post(PROTOBUF, GOOD)).statusCode());
    }

    @Test
    void whereOneOfSeveralSpoolsIsFullOrHasFailedNothingOfTheRequestIsStored() {
        byte[] body = request(logs("web", record("one")), logs("shop.cart", record("two")));
        harness.spools.of("shop").refuse(Spool.FULL);
        assertEquals(503, harness.send(harness.post(PROTOBUF, body)).statusCode());
        harness.spools.of("shop").refuse(Spool.FAILED);
        assertEquals(503, harness.send(harness.post(PROTOBUF, body)).statusCode());
        assertEquals(0, harness.spools.of("otlp").size());
        harness.spools.of("shop").refuse(0);
        assertEquals(200, harness.send(harness.post(PROTOBUF, body)).statusCode());
        assertEquals(1, harness.spools.of("otlp").size());
        assertEquals(1, harness.spools.of("shop").size());
    }
}
