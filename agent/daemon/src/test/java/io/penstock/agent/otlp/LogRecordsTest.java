package io.penstock.agent.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a log record becomes. */
class LogRecordsTest {
    private static final ByteString TRACE = ByteString.fromHex("5b8efff798038103d269b633813fc60c");
    private static final ByteString SPAN = ByteString.fromHex("eee19b7ec3c1b174");

    private static final String WHOLE = """
            {"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"checkout"}}],\
            "droppedAttributesCount":2,"schemaUrl":"https://r"},\
            "scope":{"name":"com.acme.Cart","version":"1","attributes":[{"key":"k","value":{"boolValue":false}}],\
            "schemaUrl":"https://s"},\
            "timeUnixNano":"1767323045000000006","observedTimeUnixNano":"18446744073709551615","severityNumber":17,\
            "severityText":"ERROR","eventName":"cart.lost","body":{"stringValue":"a \\"b\\" \u00e9"},\
            "attributes":[{"key":"n","value":{"intValue":"-9223372036854775808"}},\
            {"key":"d","value":{"doubleValue":1.5}},{"key":"empty","value":{}},\
            {"key":"list","value":{"arrayValue":{"values":[{"stringValue":""},{"bytesValue":"AQI="}]}}},\
            {"key":"map","value":{"kvlistValue":{"values":[{"key":"x","value":{"boolValue":true}}]}}}],\
            "droppedAttributesCount":4294967295,"flags":1,\
            "traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174"}""";

    private static AnyValue text(String value) {
        return AnyValue.newBuilder().setStringValue(value).build();
    }

    private static KeyValue pair(String key, AnyValue value) {
        return KeyValue.newBuilder().setKey(key).setValue(value).build();
    }

    private static LogRecord.Builder everything() {
        return LogRecord.newBuilder()
                .setTimeUnixNano(1767323045000000006L)
                .setObservedTimeUnixNano(-1)
                .setSeverityNumber(SeverityNumber.SEVERITY_NUMBER_ERROR)
                .setSeverityText("ERROR")
                .setEventName("cart.lost")
                .setBody(text("a \"b\" \u00e9"))
                .addAttributes(pair(
                        "n", AnyValue.newBuilder().setIntValue(Long.MIN_VALUE).build()))
                .addAttributes(
                        pair("d", AnyValue.newBuilder().setDoubleValue(1.5).build()))
                .addAttributes(pair("empty", AnyValue.getDefaultInstance()))
                .addAttributes(pair(
                        "list",
                        AnyValue.newBuilder()
                                .setArrayValue(ArrayValue.newBuilder()
                                        .addValues(text(""))
                                        .addValues(AnyValue.newBuilder()
                                                .setBytesValue(ByteString.copyFrom(new byte[] {1, 2}))))
                                .build()))
                .addAttributes(pair(
                        "map",
                        AnyValue.newBuilder()
                                .setKvlistValue(KeyValueList.newBuilder()
                                        .addValues(pair(
                                                "x",
                                                AnyValue.newBuilder()
                                                        .setBoolValue(true)
                                                        .build())))
                                .build()))
                .setDroppedAttributesCount(-1)
                .setFlags(1)
                .setTraceId(TRACE)
                .setSpanId(SPAN);
    }

    private static byte[] request(LogRecord record) {
        return ExportLogsServiceRequest.newBuilder()
                .addResourceLogs(ResourceLogs.newBuilder()
                        .setSchemaUrl("https://r")
                        .setResource(Resource.newBuilder()
                                .setDroppedAttributesCount(2)
                                .addAttributes(pair("service.name", text("checkout"))))
                        .addScopeLogs(ScopeLogs.newBuilder()
                                .setSchemaUrl("https://s")
                                .setScope(InstrumentationScope.newBuilder()
                                        .setName("com.acme.Cart")
                                        .setVersion("1")
                                        .addAttributes(pair(
                                                "k",
                                                AnyValue.newBuilder()
                                                        .setBoolValue(false)
                                                        .build())))
                                .addLogRecords(record)))
                .build()
                .toByteArray();
    }

    private static byte[] bare(LogRecord.Builder record) {
        return ExportLogsServiceRequest.newBuilder()
                .addResourceLogs(ResourceLogs.newBuilder()
                        .addScopeLogs(ScopeLogs.newBuilder().addLogRecords(record)))
                .build()
                .toByteArray();
    }

    @Test
    void everyFieldOfProtobufHasItsPlace() throws Exception {
        assertEquals(
                List.of(WHOLE),
                Reading.raw(Encoding.PROTOBUF, request(everything().build())).records);
    }

    @Test
    void theSameInJsonBecomesTheSame() throws Exception {
        String body = """
                { "resourceLogs" : [ { "scopeLogs" : [ { "logRecords" : [ {
                  "spanId":"EEE19B7EC3C1B174","traceId":"5B8EFFF798038103D269B633813FC60C","flags":"1",
                  "droppedAttributesCount":4294967295,
                  "attributes":[{"key":"n","value":{"intValue":-9223372036854775808}},
                    {"value":{"doubleValue":"1.5"},"key":"d"},{"key":"empty","value":{}},
                    {"key":"list","value":{"arrayValue":{"values":[{"stringValue":""},{"bytesValue":"AQI="}]}}},
                    {"key":"map","value":{"kvlistValue":{"values":[{"key":"x","value":{"boolValue":true}}]}}}],
                  "body":{"stringValue":"a \\"b\\" \u00e9"}, "eventName":"cart.lost", "severityText":"ERROR",
                  "severityNumber":17,"observedTimeUnixNano":"18446744073709551615","timeUnixNano":1767323045000000006
                } ],
                "scope":{"version":"1","name":"com.acme.Cart","attributes":[{"key":"k","value":{"boolValue":false}}],
                  "droppedAttributesCount":0},
                "schemaUrl":"https://s" } ],
                "schemaUrl":"https://r",
                "resource":{"droppedAttributesCount":"2",
                  "attributes":[{"key":"service.name","value":{"stringValue":"checkout"}}]} } ] }
                """;
        Reading reading = Reading.raw(body);
        assertEquals(List.of(WHOLE), reading.records);
        assertEquals(List.of("checkout"), reading.services);
    }

    @Test
    void aRecordIsStoredUnderItsOwnTimeAndAnIdOfTheAgent() throws Exception {
        String record = only(
                Reading.whole(Encoding.PROTOBUF, bare(LogRecord.newBuilder().setTimeUnixNano(5))));
        assertTrue(
                record.matches("\\{\"@timestamp\":\"1970-01-01T00:00:00.000000005Z\",\"@id\":\"[0-9A-Z]{26}\","
                        + "\"timeUnixNano\":\"5\"}"),
                record);
    }

    @ParameterizedTest(name = "time {0}, observed {1}: {2}")
    @CsvSource({
        "1, 2, 1970-01-01T00:00:00.000000001Z",
        "0, 2, 1970-01-01T00:00:00.000000002Z",
        "0, 0, 2026-01-02T03:04:05.000000006Z",
        "18446744073709551615, 0, 2554-07-21T23:34:33.709551615Z"
    })
    void theObservedTimeStandsInForNoneAndTheAgentsForBoth(String time, String observed, String timestamp)
            throws Exception {
        byte[] body = bare(LogRecord.newBuilder()
                .setTimeUnixNano(Long.parseUnsignedLong(time))
                .setObservedTimeUnixNano(Long.parseUnsignedLong(observed)));
        assertTrue(only(Reading.whole(Encoding.PROTOBUF, body)).startsWith("{\"@timestamp\":\"" + timestamp + "\","));
    }

    @Test
    void anIdThatTheRecordHasIsKept() throws Exception {
        byte[] body = bare(LogRecord.newBuilder()
                .addAttributes(pair("other", text("log.record.uid")))
                .addAttributes(pair("log.record.uid", text("01ARZ3NDEKTSV4RRFFQ69G5FAV"))));
        String record = only(Reading.whole(Encoding.PROTOBUF, body));
        assertTrue(record.contains("\"@id\":\"01ARZ3NDEKTSV4RRFFQ69G5FAV\","), record);
    }

    @Test
    void anEmptyLogRecordIsARecordOfTimeAndId() throws Exception {
        String record = only(Reading.whole(Encoding.PROTOBUF, bare(LogRecord.newBuilder())));
        assertTrue(record.matches("\\{\"@timestamp\":\"[^\"]*\",\"@id\":\"[^\"]*\"}"), record);
        assertEquals("{}", only(Reading.raw(Reading.body(""))));
    }

    @Test
    void aResourceWithoutANameIsUnknown() throws Exception {
        assertEquals(List.of("unknown_service"), Reading.raw(Reading.body("")).services);
        String number = "{\"resourceLogs\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\","
                + "\"value\":{\"intValue\":\"1\"}}]}}]}";
        assertEquals(List.of("unknown_service"), Reading.raw(number).services);
    }

    @Test
    void namesWithEscapesAreTheSameNames() throws Exception {
        String body = "{\"resource\\u004cogs\":[{\"resource\":{\"attributes\":[{\"\\u006bey\":\"service\\u002ename\","
                + "\"value\":{\"stringValue\":\"caf\\u00e9\"}}]},"
                + "\"scopeLogs\":[{\"logRecords\":[{\"severityText\":\"x\"}]}]}]}";
        Reading reading = Reading.raw(body);
        assertEquals(List.of("caf\u00e9"), reading.services);
        assertEquals(1, reading.records.size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"unknown\":{\"a\":[1,{}]},\"severityText\":\"x\"",
                "\"severity_text\":\"y\",\"severityText\":\"x\"",
                "\"severityText\":\"y\",\"severityText\":\"x\"",
                "\"severityText\":\"x\",\"body\":null,\"attributes\":null,\"timeUnixNano\":null",
                "\"severityText\":\"x\",\"severityNumber\":0,\"timeUnixNano\":\"0\",\"eventName\":\"\",\"flags\":0",
                "\"severityText\":\"x\",\"traceId\":\"\",\"spanId\":\"0000000000000000\"",
                "\"severityText\":\"x\",\"traceId\":\"zz8efff798038103d269b633813fc60c\",\"spanId\":\"eee19b7ec3c1b1\"",
            })
    void whatIsUnknownOrWithoutValueIsLeftOut(String members) throws Exception {
        assertEquals("{\"severityText\":\"x\"}", only(Reading.raw(Reading.body(members))));
    }

    @Test
    void idsOfAnotherLengthOrOfZeroesAreNoIds() throws Exception {
        byte[] body = bare(LogRecord.newBuilder()
                .setSeverityText("x")
                .setTraceId(ByteString.copyFrom(new byte[16]))
                .setSpanId(ByteString.copyFrom(new byte[] {1, 2, 3})));
        assertEquals("{\"severityText\":\"x\"}", only(Reading.raw(Encoding.PROTOBUF, body)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = ';',
            value = {
                "\"severityNumber\":\"SEVERITY_NUMBER_INFO\"; severityNumber at byte 64 is no integer",
                "\"severityNumber\":1.5; severityNumber at byte 64 is no integer of 64 bits",
                "\"severityNumber\":4294967296; severityNumber at byte 64 is no integer of 32 bits",
                "\"flags\":-1; flags at byte 55 is no integer of 32 bits",
                "\"timeUnixNano\":\"-5\"; timeUnixNano at byte 62 is no integer of 64 bits",
                "\"timeUnixNano\":1e999999999; timeUnixNano at byte 62 is no integer of 64 bits",
                "\"timeUnixNano\":1e-999999999; timeUnixNano at byte 62 is no integer of 64 bits",
                "\"severityText\":1; severityText at byte 62 is no string",
                "\"body\":\"text\"; body at byte 54 is no object",
                "\"body\":{\"stringValue\":5}; stringValue at byte 69 is no string",
                "\"body\":{\"boolValue\":\"true\"}; boolValue at byte 67 is neither true nor false",
                "\"body\":{\"doubleValue\":\"x\"}; doubleValue at byte 69 is no number",
                "\"body\":{\"intValue\":\"9223372036854775808\"}; intValue at byte 66 is no integer of 64 bits",
                "\"body\":{\"bytesValue\":\"a b\"}; bytesValue at byte 68 is no string in base64",
                "\"attributes\":{}; attributes at byte 60 is no array",
                "\"attributes\":[1]; attributes at byte 61 is no object",
                "\"attributes\":[null]; attributes at byte 61 is no object",
            })
    void aValueOfAnotherKindIsNamed(String members, String damage) throws Exception {
        Reading reading = Reading.raw(Reading.body(members));
        assertEquals(List.of("logRecords[0] of scopeLogs[0] of resourceLogs[0]: " + damage), reading.damages);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"doubleValue\":1e400}; {\"doubleValue\":1e400}",
                "{\"doubleValue\":\"-Infinity\"}; {\"doubleValue\":\"-Infinity\"}",
                "{\"doubleValue\":\"-2.50\"}; {\"doubleValue\":-2.50}",
                "{\"intValue\":1.0e3}; {\"intValue\":\"1000\"}",
                "{\"intValue\":\"0\"}; {\"intValue\":\"0\"}",
                "{\"stringValue\":\"a\",\"boolValue\":false}; {\"boolValue\":false}",
                "{\"stringValue\":\"\\ud83d\"}; {\"stringValue\":\"\\ud83d\"}",
                "{\"stringValueStrindex\":4}; {}",
            })
    void valuesHaveOneSpelling(String value, String spelled) throws Exception {
        assertEquals("{\"body\":" + spelled + "}", only(Reading.raw(Reading.body("\"body\":" + value))));
    }

    @Test
    void numbersWithoutADecimalFormHaveTheirWords() throws Exception {
        byte[] body =
                bare(LogRecord.newBuilder().setBody(AnyValue.newBuilder().setDoubleValue(Double.NEGATIVE_INFINITY)));
        assertEquals("{\"body\":{\"doubleValue\":\"-Infinity\"}}", only(Reading.raw(Encoding.PROTOBUF, body)));
    }

    @Test
    void bytesThatAreNoUtf8AreReplacedAndCounted() throws Exception {
        byte[] body = bare(LogRecord.newBuilder().setBody(text("a?b")));
        for (int i = 0; i < body.length; i++) {
            body[i] = body[i] == '?' ? (byte) 0xFF : body[i];
        }
        Reading reading = Reading.raw(Encoding.PROTOBUF, body);
        assertEquals("{\"body\":{\"stringValue\":\"a\uFFFDb\"}}", only(reading));
        assertEquals(1, reading.replaced);
    }

    @Test
    void oneBrokenLogRecordHarmsNoOther() throws Exception {
        byte[] broken = {1 << 3 | 1, 0, 0};
        byte[] good = LogRecord.newBuilder().setSeverityText("x").build().toByteArray();
        WireBytes records = new WireBytes().bytes(2, good).bytes(2, broken).bytes(2, good);
        byte[] body =
                new WireBytes().message(1, new WireBytes().message(2, records)).toArray();
        Reading reading = Reading.raw(Encoding.PROTOBUF, body);
        assertEquals(List.of("{\"severityText\":\"x\"}", "{\"severityText\":\"x\"}"), reading.records);
        assertEquals(1, reading.damages.size());
        assertTrue(reading.damages.get(0).startsWith("logRecords[1] of"), reading.damages.get(0));
    }

    @Test
    void valuesThatAreNestedTooDeepAreNamed() throws Exception {
        String body = Reading.body("\"body\":" + "{\"arrayValue\":{\"values\":[".repeat(40) + "]}}".repeat(40));
        Reading reading = Reading.raw(body);
        assertEquals(1, reading.damages.size());
        assertTrue(reading.damages.get(0).contains("nested deeper"), reading.damages.get(0));
        String fits = Reading.body("\"body\":" + "{\"arrayValue\":{\"values\":[".repeat(30) + "]}}".repeat(30));
        assertEquals(1, Reading.raw(fits).records.size());
    }

    @Test
    void aBodyWithoutLogRecordsHasNone() throws Exception {
        assertEquals(List.of(), Reading.raw("{}").records);
        assertEquals(List.of(), Reading.raw("{\"resourceLogs\":[{\"scopeLogs\":[{}]},{}]}").records);
        assertEquals(List.of(), Reading.raw(Encoding.PROTOBUF, new byte[0]).records);
    }

    @Test
    void groupsOfProtobufAreUnknownFields() throws Exception {
        byte[] good = LogRecord.newBuilder().setSeverityText("x").build().toByteArray();
        byte[] group = {20 << 3 & 0x7F | 3 | -128, 1, 1 << 3, 5, 20 << 3 & 0x7F | 4 | -128, 1};
        WireBytes records = new WireBytes().bytes(2, concat(group, good));
        byte[] body =
                new WireBytes().message(1, new WireBytes().message(2, records)).toArray();
        assertEquals("{\"severityText\":\"x\"}", only(Reading.raw(Encoding.PROTOBUF, body)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0a", "0a05", "0aff", "08ffffffffffffffffffff01", "07", "0c", "0b", "00", "0a021205"})
    void brokenProtobufIsDamaged(String hex) {
        byte[] body = java.util.HexFormat.of().parseHex(hex);
        assertThrows(Damaged.class, () -> Reading.raw(Encoding.PROTOBUF, body));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "null",
                "{\"resourceLogs\":{}}",
                "{\"resourceLogs\":[[]]}",
                "{\"resourceLogs\":[{\"scopeLogs\":1}]}",
                "{\"resourceLogs\":[{\"resource\":[]}]}",
                "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[1]}]}]}"
            })
    void jsonOfAnotherShapeIsDamaged(String body) {
        assertThrows(Damaged.class, () -> Reading.raw(body));
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static String only(Reading reading) {
        assertEquals(List.of(), reading.damages);
        assertEquals(1, reading.records.size());
        return reading.records.get(0);
    }
}
