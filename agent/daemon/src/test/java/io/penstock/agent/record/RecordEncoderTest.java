package io.penstock.agent.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.penstock.agent.mqtt.MqttEvent;
import io.penstock.agent.route.Destination;
import io.penstock.agent.route.KeyTemplate;
import io.penstock.delivery.spool.StreamId;
import io.penstock.mqtt.Publish;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RecordEncoderTest {
    private static final String ID = "[0-9A-HJKMNP-TV-Z]{26}";

    private final Encoding encoding = new Encoding();

    @Test
    void aPublishHasTimeIdAndWhatMqttKnows() {
        String record = encoding.mqtt(publish("{\"t\": 21.5}"), FieldNames.DEFAULT);
        assertTrue(
                record.matches(
                        "\\{\"@timestamp\":\"2026-01-02T03:04:05\\.000000678Z\",\"@id\":\"" + ID
                                + "\",\"topic\":\"a/b\",\"clientid\":\"c1\",\"qos\":1,\"retain\":false,\"payload\":\\{\"t\": 21\\.5}}"),
                record);
    }

    @Test
    void theFieldsOfMqtt5AreThereWhenTheyCame() {
        FakePublish publish = new FakePublish(
                "a",
                "c",
                Unpooled.copiedBuffer("x", StandardCharsets.UTF_8),
                2,
                true,
                Optional.empty(),
                Optional.of("text/plain"),
                Optional.of("reply/\"here\""),
                Optional.of(ByteBuffer.wrap(new byte[] {(byte) 0xFF, 0, 1, 2})),
                OptionalLong.of(3_600),
                List.of(
                        new Publish.UserProperty("k", "1"),
                        new Publish.UserProperty("l", "\n"),
                        new Publish.UserProperty("k", "2")));
        assertEquals(
                "{\"topic\":\"a\",\"clientid\":\"c\",\"qos\":2,\"retain\":true,\"content_type\":\"text/plain\","
                        + "\"user_properties\":{\"k\":[\"1\",\"2\"],\"l\":\"\\n\"},\"response_topic\":\"reply/\\\"here\\\"\","
                        + "\"correlation_base64\":\"/wABAg==\",\"message_expiry\":3600,\"payload\":\"x\"}",
                encoding.mqtt(publish, Encoding.NO_FIELDS));
    }

    @Test
    void jsonObjectsAndArraysAreEmbeddedAndAllElseIsAString() {
        assertEquals("{\"a\":[1,\n2]}", payloadOf("{\"a\":[1,\n2]}"));
        assertEquals(" [] ", payloadOf(" [] "));
        assertEquals("\"{\\\"a\\\":}\"", payloadOf("{\"a\":}"));
        assertEquals("\"42\"", payloadOf("42"));
        assertEquals("\"\\\"x\\\"\"", payloadOf("\"x\""));
        assertEquals("\"null\"", payloadOf("null"));
        assertEquals("\"\"", payloadOf(""));
        assertEquals("\"gr\u00fc\u00df\\u0000\\t\uD83D\uDE00\"", payloadOf("gr\u00fc\u00df\0\t\uD83D\uDE00"));
    }

    @Test
    void whatIsNoUtf8IsBase64() {
        FakePublish publish = FakePublish.of("t", "c", new byte[] {'a', (byte) 0x80});
        assertEquals(
                "{\"topic\":\"t\",\"clientid\":\"c\",\"qos\":1,\"retain\":false,\"payload_base64\":\"YYA=\"}",
                encoding.mqtt(publish, Encoding.NO_FIELDS));
        FakePublish brokenJson = FakePublish.of("t", "c", new byte[] {'{', '"', (byte) 0xC3, '"', ':', '1', '}'});
        assertTrue(encoding.mqtt(brokenJson, Encoding.NO_FIELDS).endsWith(",\"payload_base64\":\"eyLDIjoxfQ==\"}"));
    }

    @Test
    void addedFieldsGetTheirNamesFromTheRouteAndCanBeSwitchedOff() {
        FieldNames renamed = new FieldNames(Optional.of("when \"it\" came"), Optional.empty(), Optional.empty());
        assertTrue(encoding.mqtt(publish("x"), renamed)
                .startsWith("{\"when \\\"it\\\" came\":\"" + Encoding.TIME + "\",\"topic\":\"a/b\""));
        assertEquals("{\"message\":\"x\"}", encoding.text("x", Encoding.NO_FIELDS, "given"));
    }

    @Test
    void anAddedFieldNeverTakesTheNameOfOneOfTheRecordsOwn() {
        FieldNames clash = new FieldNames(Optional.of("topic"), Optional.of("message"), Optional.empty());
        String record = encoding.mqtt(publish("x"), clash);
        assertTrue(record.matches("\\{\"message\":\"" + ID + "\",\"topic\":\"a/b\".*"), record);
        assertEquals("{\"topic\":\"" + Encoding.TIME + "\",\"message\":\"x\"}", encoding.text("x", clash, "id"));
    }

    @Test
    void anObjectIsKeptAsItCameAndCompleted() {
        String head = "{\"@timestamp\":\"" + Encoding.TIME + "\",\"@id\":\"i-1\"";
        assertEquals(head + ",\"b\": 1.50 , \"a\":{}}", object("{\"b\": 1.50 , \"a\":{}}"));
        assertEquals(head + "}", object("{}"));
        assertEquals(head + " \n}", object("{ \n}"));
        assertEquals(head + ",\n \"a\":1}", object(" {\n \"a\":1}"));
        assertEquals(head + ",\"a\":1,\"a\":2}", object("{\"a\":1,\"a\":2}"));
    }

    @Test
    void aFieldThatTheObjectHasIsNotAddedAgain() {
        String time = "{\"@timestamp\":\"" + Encoding.TIME + "\",";
        assertEquals(time + "\"@id\":7}", object("{\"@id\":7}"));
        assertEquals("{\"@id\":\"i-1\",\"@timestamp\":null}", object("{\"@timestamp\":null}"));
        assertEquals("{\"@id\":1,\"@timestamp\":2}", object("{\"@id\":1,\"@timestamp\":2}"));
        assertEquals(time + "\"\\u0040id\":7}", object("{\"\\u0040id\":7}"));
        String nested = "\"a\":{\"@id\":1},\"b\":\"\\\"@id\\\":1\"}";
        assertEquals(time + "\"@id\":\"i-1\"," + nested, object("{" + nested));
    }

    @Test
    void anIdIsMadeWhereTheClientGivesNone() {
        String record = encoding.object("{\"a\":1}", FieldNames.DEFAULT, "");
        assertTrue(record.matches(".*,\"@id\":\"" + ID + "\",\"a\":1}"), record);
    }

    @Test
    void aTextBecomesAMessage() {
        assertEquals(
                "{\"@timestamp\":\"" + Encoding.TIME + "\",\"@id\":\"i\\\"1\",\"message\":\"a \\\\ b\"}",
                encoding.text("a \\ b", FieldNames.DEFAULT, "i\"1"));
        assertFalse(encoding.encoder.text(
                Encoding.payload(new byte[] {(byte) 0xFF}), FieldNames.DEFAULT, "", encoding.out));
    }

    @Test
    void rawIsThePayloadAndNothingElse() {
        encoding.raw(Encoding.payload("{\"a\" : 1}\n"));
        assertEquals("{\"a\" : 1}\n", encoding.record());
    }

    @Test
    void aRecordLargerThanAnyStreamTakesIsReported() {
        encoding.raw(Encoding.payload(new byte[RecordEncoder.MAX_BYTES]));
        assertFalse(encoding.out.overflowed());
        encoding.raw(Encoding.payload(new byte[RecordEncoder.MAX_BYTES + 1]));
        assertTrue(encoding.out.overflowed());
        encoding.encode(publish("\n".repeat(RecordEncoder.MAX_BYTES)), FieldNames.DEFAULT);
        assertTrue(encoding.out.overflowed());
        assertEquals("{\"message\":\"x\"}", encoding.text("x", Encoding.NO_FIELDS, ""));
    }

    @Test
    void aRecordIsAddedToWhatTheBytesHold() {
        encoding.out.clear();
        encoding.out.ascii("before");
        encoding.encoder.object(Encoding.payload("{ }"), FieldNames.DEFAULT, "i", null, encoding.out);
        encoding.encoder.raw(Encoding.payload("raw"), encoding.out);
        assertEquals("before{\"@timestamp\":\"" + Encoding.TIME + "\",\"@id\":\"i\" }raw", encoding.record());
    }

    @Test
    void payloadsOutsideTheHeapAreReadLikeOthers() {
        Payload payload = new Payload();
        var direct = Unpooled.directBuffer()
                .writeBytes("..{\"a\":1}".getBytes(StandardCharsets.UTF_8))
                .skipBytes(2);
        payload.set(direct);
        assertTrue(payload.isJsonObject());
        encoding.raw(payload);
        assertEquals("{\"a\":1}", encoding.record());
        assertEquals(7, direct.readableBytes());
        direct.release();
    }

    private String object(String json) {
        return encoding.object(json, FieldNames.DEFAULT, "i-1");
    }

    private String payloadOf(String payload) {
        String record = encoding.mqtt(publish(payload), Encoding.NO_FIELDS);
        String before = "{\"topic\":\"a/b\",\"clientid\":\"c1\",\"qos\":1,\"retain\":false,\"payload\":";
        assertTrue(record.startsWith(before), record);
        return record.substring(before.length(), record.length() - 1);
    }

    private static FakePublish publish(String payload) {
        return FakePublish.of("a/b", "c1", payload.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void constantsFollowTimeAndIdAndTheEventsOwnFieldsWin() {
        Map<String, JsonConstant> values = new LinkedHashMap<>();
        values.put("site", new JsonConstant("north", true));
        values.put("message", new JsonConstant("1.0", false));
        FieldNames fields = Encoding.NO_FIELDS.adding(new ConstantFields(values));
        assertEquals("{\"site\":\"north\",\"message\":1.0,\"a\":1}", encoding.object("{\"a\":1}", fields, ""));
        assertEquals("{\"site\":\"north\",\"message\":1.0}", encoding.object("{}", fields, ""));
        assertEquals(
                "{\"site\":\"north\", \"m\\u0065ssage\" : null}",
                encoding.object("{ \"m\\u0065ssage\" : null}", fields, ""));
        assertEquals("{\"message\":2,\"site\":{}}", encoding.object("{\"message\":2,\"site\":{}}", fields, ""));
        assertEquals("{\"site\":\"north\",\"message\":\"x\"}", encoding.text("x", fields, ""));
        assertTrue(encoding.object("{}", FieldNames.DEFAULT.adding(new ConstantFields(values)), "i")
                .endsWith(",\"@id\":\"i\",\"site\":\"north\",\"message\":1.0}"));
        assertEquals(
                "{\"site\":\"north\",\"message\":1.0,\"topic\":\"t\",\"clientid\":\"c\",\"qos\":1,\"retain\":false,"
                        + "\"payload\":\"x\"}",
                encoding.mqtt(FakePublish.of("t", "c", new byte[] {'x'}), fields));
    }

    @Test
    void theUserOfAnAuthenticatedClientIsInTheRecord() {
        assertEquals(
                "{\"topic\":\"t\",\"clientid\":\"c\",\"user\":\"jo\\\"e\",\"qos\":1,\"retain\":false,\"payload\":\"\"}",
                encoding.mqtt(FakePublish.of("t", "c", new byte[0]).from("jo\"e"), Encoding.NO_FIELDS));
    }

    @Test
    void withPayloadJsonEveryJsonValueIsEmbeddedAsItIs() {
        for (String json : List.of("42", "-1.5e300", "true", "null", "\"x\\n\"", " 7\n", "{\"a\": 1}", "[ ]")) {
            assertEquals(json, embedded(json));
        }
        assertEquals("\"\"", embedded(""));
        assertEquals("\"NaN\"", embedded("NaN"));
        assertEquals("\"01\"", embedded("01"));
        assertEquals("\"1 2\"", embedded("1 2"));
        assertEquals("\"{\"", embedded("{"));
    }

    private String embedded(String payload) {
        Destination destination = new Destination(
                new StreamId("default", "s"),
                KeyTemplate.RANDOM,
                RecordFormat.JSON,
                Encoding.NO_FIELDS,
                false,
                Compression.NONE,
                PayloadForm.JSON);
        encoding.out.clear();
        FakePublish publish = FakePublish.of("t", "c", payload.getBytes(StandardCharsets.UTF_8));
        MqttEvent.ofClients().of(publish).encode(destination, encoding.encoder, encoding.out);
        String record = encoding.record();
        return record.substring(record.indexOf("\"payload\":") + 10, record.length() - 1);
    }
}
