package io.penstock.agent.otlp;

import static io.penstock.agent.otlp.OtlpHarness.JSON;
import static io.penstock.agent.otlp.OtlpHarness.PROTOBUF;
import static io.penstock.agent.otlp.OtlpHarness.logs;
import static io.penstock.agent.otlp.OtlpHarness.record;
import static io.penstock.agent.otlp.OtlpHarness.request;
import static io.penstock.agent.otlp.OtlpHarness.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.penstock.agent.fakes.FakeSpool;
import io.penstock.delivery.spool.Spool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is stored, and how it is answered. */
class OtlpSourceTest {
    private final OtlpHarness harness = new OtlpHarness();

    @AfterEach
    void stop() {
        harness.close();
    }

    private static String body(String members) {
        return Reading.body(members);
    }

    @Test
    void logsInProtobufAreStoredAndAnsweredInProtobuf() throws Exception {
        HttpResponse<byte[]> answer =
                harness.send(harness.post(PROTOBUF, request(logs("web", record("one"), record("two")))));
        assertEquals(200, answer.statusCode());
        assertEquals(PROTOBUF, answer.headers().firstValue("content-type").orElse(""));
        assertEquals(
                ExportLogsServiceResponse.getDefaultInstance(), ExportLogsServiceResponse.parseFrom(answer.body()));
        List<String> stored = harness.spools.of("otlp").data();
        assertEquals(2, stored.size());
        assertTrue(
                stored.get(0).startsWith("{\"@timestamp\":\"1970-01-01T00:00:00.000000001Z\",\"@id\":\""),
                stored.get(0));
        assertTrue(
                stored.get(0)
                        .endsWith("\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":{\"stringValue\":"
                                + "\"web\"}}]},\"timeUnixNano\":\"1\",\"body\":{\"stringValue\":\"one\"}}"),
                stored.get(0));
        assertEquals(List.of("late", "late"), harness.spools.of("otlp").keys());
        assertEquals(2, harness.count("penstock.source.events", "source", "otlp"));
    }

    @Test
    void logsInJsonAreStoredAndAnsweredInJson() {
        HttpResponse<byte[]> answer = harness.send("\uFEFF" + body("\"severityText\":\"INFO\""));
        assertEquals(200, answer.statusCode());
        assertEquals(JSON, answer.headers().firstValue("content-type").orElse(""));
        assertEquals("{}", text(answer));
        assertTrue(harness.spools.of("otlp").data().get(0).endsWith("\"severityText\":\"INFO\"}"));
    }

    @Test
    void packedBodiesAreUnpacked() throws IOException {
        byte[] body = request(logs("web", record("one")));
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write(body);
        }
        assertEquals(
                200, harness.send(harness.packed("gzip", gzip.toByteArray())).statusCode());
        assertEquals(
                200, harness.send(harness.packed("zstd", Zstd.compress(body))).statusCode());
        assertEquals(2, harness.spools.of("otlp").size());
    }

    @Test
    void anEmptyRequestIsASuccess() {
        assertEquals(200, harness.send("{}").statusCode());
        assertEquals("{}", text(harness.send("{\"resourceLogs\":[]}")));
        assertEquals("{}", text(harness.send(harness.post(JSON, new byte[0]))));
        HttpResponse<byte[]> answer = harness.send(harness.post(PROTOBUF, new byte[0]));
        assertEquals(200, answer.statusCode());
        assertArrayEquals(new byte[0], answer.body());
        assertEquals(
                200, harness.send(harness.post(PROTOBUF, request(logs("web")))).statusCode());
        assertEquals(List.of(), List.copyOf(harness.spools.all()));
    }

    @Test
    void theAnswerWaitsUntilTheRecordsOfAllStreamsAreDurable() {
        CompletableFuture<HttpResponse<byte[]>> answer = harness.sendAsync(
                harness.post(PROTOBUF, request(logs("web", record("one")), logs("shop.cart", record("two")))));
        FakeSpool otlp = harness.spools.of("otlp");
        FakeSpool shop = harness.spools.of("shop");
        Awaitility.await().until(() -> otlp.durable.waiting() > 0 && shop.durable.waiting() > 0);
        otlp.force();
        Awaitility.await().until(() -> otlp.durable.waiting() == 0);
        assertFalse(answer.isDone());
        shop.force();
        assertEquals(200, answer.join().statusCode());
    }

    @Test
    void routesGoByTheNameOfTheService() {
        byte[] body = request(
                logs("shop.cart", record("a").setSeverityText("WARN")),
                logs("bare", record("b")),
                logs("shop.cart.x", record("c")),
                logs("shop.pay", record("d").setSeverityText("INFO")));
        assertEquals(200, harness.send(harness.post(PROTOBUF, body)).statusCode());
        assertEquals(
                List.of("shop.cart/WARN", "shop.pay/INFO"),
                harness.spools.of("shop").keys());
        assertTrue(harness.spools.of("bare").data().get(0).startsWith("{\"resource\":{"));
        assertTrue(harness.spools.of("otlp").data().get(0).contains("\"shop.cart.x\""));
    }

    @Test
    void aLogRecordThatItsStreamDoesNotTakeIsRejectedAlone() throws Exception {
        String large = "x".repeat(OtlpHarness.MAX_RECORD);
        HttpResponse<byte[]> answer = harness.send(harness.post(
                PROTOBUF, request(logs("web", record("one"), record(large), record("two"), record(large)))));
        assertEquals(200, answer.statusCode());
        ExportLogsServiceResponse response = ExportLogsServiceResponse.parseFrom(answer.body());
        assertEquals(2, response.getPartialSuccess().getRejectedLogRecords());
        assertEquals(
                "2 log records are not stored; the first: logRecords[1] of scopeLogs[0] of resourceLogs[0] is larger than"
                        + " 2000 bytes with its partition key, which is what the stream takes",
                response.getPartialSuccess().getErrorMessage());
        assertEquals(2, harness.spools.of("otlp").size());
        assertEquals(2, harness.refused("too_large"));
    }

    @Test
    void aBrokenLogRecordIsRejectedAlone() {
        HttpResponse<byte[]> answer = harness.send(
                "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"severityNumber\":\"INFO\"},{\"flags\":1}]}]}]}");
        assertEquals(200, answer.statusCode());
        assertEquals(
                "{\"partialSuccess\":{\"rejectedLogRecords\":\"1\",\"errorMessage\":\"one log record is not stored:"
                        + " logRecords[0] of scopeLogs[0] of resourceLogs[0] is broken: severityNumber at byte 64 is no"
                        + " integer\"}}",
                text(answer));
        assertEquals(1, harness.spools.of("otlp").size());
        assertEquals(1, harness.refused("malformed"));
    }

    @Test
    void recordsThatShareTooMuchAreRejectedAndOthersStored() throws Exception {
        byte[] body = request(logs("s".repeat(OtlpHarness.MAX_RECORD), record("a")), logs("web", record("b")));
        HttpResponse<byte[]> answer = harness.send(harness.post(PROTOBUF, body));
        assertEquals(
                1,
                ExportLogsServiceResponse.parseFrom(answer.body())
                        .getPartialSuccess()
                        .getRejectedLogRecords());
        assertEquals(1, harness.spools.of("otlp").size());
    }

    @Test
    void aServiceWhoseTemplateYieldsNoStreamIsRejectedAlone() throws Exception {
        byte[] body = request(logs("tenant/7", record("a")), logs("tenant-8", record("b")));
        HttpResponse<byte[]> answer = harness.send(harness.post(PROTOBUF, body));
        assertEquals(200, answer.statusCode());
        ExportLogsServiceResponse response = ExportLogsServiceResponse.parseFrom(answer.body());
        assertEquals(1, response.getPartialSuccess().getRejectedLogRecords());
        assertTrue(
                response.getPartialSuccess().getErrorMessage().contains("of resourceLogs[0] has no stream"),
                response.getPartialSuccess().getErrorMessage());
        assertEquals(1, harness.spools.of("t-tenant-8").size());
        assertEquals(1, harness.refused("invalid_stream"));
    }

    @Test
    void textThatIsNoUtf8IsStoredAndTold() {
        byte[] body = request(logs("web", record("a?b")));
        for (int i = 0; i < body.length; i++) {
            body[i] = body[i] == '?' ? (byte) 0xFF : body[i];
        }
        HttpResponse<byte[]> answer = harness.send(harness.post(PROTOBUF, body));
        assertEquals(200, answer.statusCode());
        assertTrue(text(answer).contains("1 sequences of bytes were no UTF-8 and are stored as U+FFFD"), text(answer));
        assertTrue(harness.spools.of("otlp").data().get(0).contains("a\uFFFDb"));
        assertEquals(1, harness.count("penstock.source.text.replaced", "source", "otlp"));
    }

    @Test
    void whatAFullSpoolDropsIsToldAsRejected() throws Exception {
        harness.spools.of("otlp").refuse(Spool.DROPPED);
        HttpResponse<byte[]> answer = harness.send(harness.post(PROTOBUF, request(logs("web", record("a")))));
        assertEquals(200, answer.statusCode());
        ExportLogsServiceResponse response = ExportLogsServiceResponse.parseFrom(answer.body());
        assertEquals(1, response.getPartialSuccess().getRejectedLogRecords());
        assertTrue(response.getPartialSuccess().getErrorMessage().contains("spool.when-full"));
    }

    @Test
    void manyLogRecordsAreStoredInTheirOrder() {
        StringBuilder body = new StringBuilder("{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[");
        for (int i = 0; i < 5_000; i++) {
            body.append(i == 0 ? "" : ",")
                    .append("{\"timeUnixNano\":")
                    .append(i + 1)
                    .append('}');
        }
        assertEquals("{}", text(harness.send(body.append("]}]}]}").toString())));
        List<String> stored = harness.spools.of("otlp").data();
        assertEquals(5_000, stored.size());
        for (int i = 0; i < stored.size(); i++) {
            assertTrue(stored.get(i).endsWith("\"timeUnixNano\":\"" + (i + 1) + "\"}"), stored.get(i));
        }
    }

    @Test
    void metricsAndTracesAreAnsweredWithASentence() {
        for (String signal : List.of("metrics", "traces")) {
            HttpResponse<byte[]> answer = harness.send(harness.to("/v1/" + signal)
                    .header("Content-Type", JSON)
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build());
            assertEquals(404, answer.statusCode());
            assertEquals(
                    "{\"code\":5,\"message\":\"" + signal + " are not taken here; send logs to /v1/logs\"}",
                    text(answer));
        }
        assertEquals(2, harness.refused("unsupported"));
    }

    @Test
    void itCanBeSwitchedOff() {
        try (OtlpHarness off = new OtlpHarness(false, 1 << 20)) {
            HttpResponse<byte[]> answer = off.send("{}");
            assertEquals(404, answer.statusCode());
            assertTrue(text(answer).contains("set http.otlp: true"), text(answer));
        }
    }
}
