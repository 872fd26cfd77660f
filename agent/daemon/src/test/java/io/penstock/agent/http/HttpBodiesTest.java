package io.penstock.agent.http;

import static io.penstock.agent.http.Harness.JSON;
import static io.penstock.agent.http.Harness.NDJSON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.ingest.AckMode;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What records the bodies of each format become in a stream whose route adds nothing. */
class HttpBodiesTest {
    private static final String MSGPACK = "application/msgpack";
    private static final String FORM = "application/x-www-form-urlencoded";

    private static List<String> taken(String type, byte[] body) {
        try (Harness http = new Harness()) {
            HttpResponse<String> answer = http.send(http.post("s", type, body));
            assertEquals(200, answer.statusCode(), answer.body());
            return http.spools.of("s").data();
        }
    }

    private static List<String> taken(String type, String body) {
        return taken(type, body.getBytes(StandardCharsets.UTF_8));
    }

    private static void refused(int status, String words, String type, byte[] body) {
        try (Harness http = new Harness()) {
            HttpResponse<String> answer = http.send(http.post("s", type, body));
            assertEquals(status, answer.statusCode(), answer.body());
            assertTrue(answer.body().contains(words), answer.body());
            assertTrue(answer.body().contains("\"remedy\":\""), answer.body());
            assertEquals(0, http.spools.of("s").appends());
            assertEquals(1, http.refused(status == 415 ? "unsupported" : "malformed"));
        }
    }

    private static void refused(int status, String words, String type, String body) {
        refused(status, words, type, body.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1}{\"b\":2}",
                "{\"a\":1} \r\n{\"b\":2}\n",
                "[{\"a\":1}]{\"b\":2}",
                "[{\"a\":1}][][{\"b\":2}]"
            })
    void jsonValuesMayStandOneBehindTheOther(String body) {
        assertEquals(List.of("{\"a\":1}", "{\"b\":2}"), taken(JSON, body));
    }

    @Test
    void manyConcatenatedObjectsTakeSeveralSlices() {
        assertEquals(100_000, taken(JSON, "{\"a\":1}".repeat(100_000)).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/vnd.api+json", "application/cloudevents+json", "application/csp-report"})
    void typesThatAreBuiltOnJsonAreJson(String type) {
        assertEquals(List.of("{\"a\":1}"), taken(type, "{\"a\":1}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {JSON, NDJSON})
    void aByteOrderMarkIsPassedOver(String type) {
        assertEquals(List.of("{\"a\":1}"), taken(type, "\uFEFF{\"a\":1}\n"));
    }

    @Test
    void aByteOrderMarkAloneIsABlankBody() {
        refused(400, "blank", JSON, "\uFEFF");
        refused(400, "blank", NDJSON, "\uFEFF\n");
    }

    @Test
    void oneBrokenValueOfSeveralRefusesAll() {
        refused(400, "line 2, column 6", JSON, "{\"a\":1}\n{\"b\":}");
        refused(400, "a value after the first is a string", JSON, "{\"a\":1}\"x\"");
        refused(400, "closing bracket is missing", JSON, "{\"a\":1}[{\"b\":1}{\"c\":1}]");
    }

    @ParameterizedTest
    @ValueSource(strings = {MSGPACK, "application/x-msgpack", "application/vnd.msgpack"})
    void aMsgpackMapIsARecord(String type) {
        assertEquals(List.of("{\"n\":-7}"), taken(type, Msgpack.map("n", -7)));
    }

    @Test
    void msgpackArraysAndMapsOneBehindTheOtherAreSeveralRecords() {
        byte[] array = Msgpack.of(packer ->
                packer.packArrayHeader(2).addPayload(Msgpack.map("n", 1)).addPayload(Msgpack.map("n", 2)));
        byte[] empty = Msgpack.of(packer -> packer.packArrayHeader(0));
        assertEquals(
                List.of("{\"n\":0}", "{\"n\":1}", "{\"n\":2}", "{\"n\":3}"),
                taken(MSGPACK, Msgpack.joined(Msgpack.map("n", 0), array, empty, Msgpack.map("n", 3))));
    }

    @Test
    void msgpackIsWrittenAsTheForwardSourceWritesIt() {
        byte[] body = Msgpack.of(packer -> {
            packer.packMapHeader(4);
            packer.packString("binary").packBinaryHeader(2).writePayload(new byte[] {1, 2});
            packer.packString("float").packDouble(0.1);
            packer.packInt(5).packNil();
            packer.packString("at").packTimestamp(1_700_000_000L, 5);
        });
        assertEquals(
                List.of("{\"binary\":\"AQI=\",\"float\":0.1,\"5\":null,\"at\":\"2023-11-14T22:13:20.000000005Z\"}"),
                taken(MSGPACK, body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/streams/texts/records", "/texts.app"})
    void binaryIsTextWhereTheRouteSaysSoAndWhatIsNoUtf8InItIsMendedAndCounted(String path) {
        byte[] body = Msgpack.of(packer -> {
            packer.packMapHeader(2);
            packer.packString("message").packBinaryHeader(5).writePayload("Gr\u00fcn".getBytes(StandardCharsets.UTF_8));
            packer.packString("bytes").packBinaryHeader(3).writePayload(new byte[] {'a', (byte) 0xff, 'b'});
        });
        try (Harness http = new Harness(AckMode.MEMORY)) {
            HttpResponse<String> answer = http.send(http.postTo(path, MSGPACK, body));
            assertEquals(200, answer.statusCode(), answer.body());
            assertEquals(
                    List.of("{\"message\":\"Gr\u00fcn\",\"bytes\":\"a\uFFFDb\"}"),
                    http.spools.of("texts").data());
            assertEquals(
                    1,
                    http.metrics.get("penstock.source.text.replaced").counter().count());
        }
    }

    @Test
    void theTimeOfAnEntryIsTheRecordsTime() {
        byte[] entries = Msgpack.of(packer -> {
            packer.packArrayHeader(2);
            Msgpack.time(packer, 1_700_000_000, 250);
            packer.addPayload(Msgpack.map("n", 1));
            packer.packArrayHeader(2).packArrayHeader(2).packLong(1_700_000_001).packMapHeader(0);
            packer.addPayload(Msgpack.map("n", 2));
        });
        try (Harness http = new Harness()) {
            assertEquals(200, http.send(http.post("timed", MSGPACK, entries)).statusCode());
            List<String> data = http.spools.of("timed").data();
            assertTrue(data.get(0).startsWith("{\"@timestamp\":\"2023-11-14T22:13:20.000000250Z\","), data.get(0));
            assertTrue(data.get(1).startsWith("{\"@timestamp\":\"2023-11-14T22:13:21"), data.get(1));
            assertTrue(data.get(1).endsWith(",\"n\":2}"), data.get(1));
        }
    }

    @Test
    void fluentBitsGroupMarkersAreNoEvents() {
        byte[] group = Msgpack.of(packer -> {
            for (int mark : new int[] {-1, 0, -2}) {
                packer.packArrayHeader(2).packArrayHeader(2);
                Msgpack.time(packer, mark == 0 ? 1_700_000_000 : mark, 0);
                packer.packMapHeader(0);
                packer.addPayload(Msgpack.map("n", mark));
            }
        });
        assertEquals(List.of("{\"n\":0}"), taken(MSGPACK, group));
    }

    @Test
    void textInMsgpackThatIsNoUtf8IsMendedAndCounted() {
        byte[] body = {(byte) 0x81, (byte) 0xa1, 'a', (byte) 0xa2, (byte) 0xff, 'b'};
        try (Harness http = new Harness()) {
            assertEquals(200, http.send(http.post("s", MSGPACK, body)).statusCode());
            assertEquals(List.of("{\"a\":\"\uFFFDb\"}"), http.spools.of("s").data());
            assertEquals(
                    1,
                    http.metrics
                            .get("penstock.source.text.replaced")
                            .tag("source", "http")
                            .counter()
                            .count());
        }
    }

    @Test
    void brokenMsgpackIsRefusedWholeWithItsPlace() {
        byte[] good = Msgpack.map("n", 1);
        refused(400, "byte 4: expected a map but found an integer", MSGPACK, Msgpack.joined(good, new byte[] {7}));
        refused(400, "byte 4: ends in the middle", MSGPACK, Msgpack.joined(good, new byte[] {(byte) 0xde, 0}));
        refused(400, "announces 8 values", MSGPACK, new byte[] {(byte) 0x84, 1});
        refused(400, "array of 3 values", MSGPACK, new byte[] {(byte) 0x93, 1, 2, 3});
        refused(400, "an entry's time", MSGPACK, new byte[] {(byte) 0x92, (byte) 0xa1, 'x', (byte) 0x80});
        refused(400, "msgpack does not define", MSGPACK, new byte[] {(byte) 0x81, (byte) 0xa1, 'x', (byte) 0xc1});
        byte[] deep = Msgpack.of(packer -> {
            packer.packMapHeader(1).packString("d");
            for (int i = 0; i < 300; i++) {
                packer.packArrayHeader(1);
            }
            packer.packNil();
        });
        refused(400, "nested deeper than 256 levels", MSGPACK, deep);
    }

    @Test
    void aFormHasItsEventsInOneField() {
        assertEquals(List.of("{\"a\":\"+ %\"}"), taken(FORM, "json=%7B%22a%22:%22%2B+%25%22%7D"));
        assertEquals(List.of("{\"a\":1}", "{\"b\":2}"), taken(FORM, "other=1&json=[{\"a\":1},{\"b\":2}]&more"));
        assertEquals(
                List.of("{\"a\":1}", "{\"b\":2}"),
                taken(FORM, "ndjson=" + URLEncoder.encode("{\"a\":1}\r\n{\"b\":2}", StandardCharsets.UTF_8)));
        String packed = new String(Msgpack.map("n", 300), StandardCharsets.ISO_8859_1);
        assertEquals(
                List.of("{\"n\":300}"),
                taken(FORM, "msgpack=" + URLEncoder.encode(packed, StandardCharsets.ISO_8859_1)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1}                   | no field json",
                "a=b                         | no field json",
                "json                        | no field json",
                "json=                       | blank",
                "json=%7                     | percent sign",
                "json=%zz                    | percent sign",
                "json={\"a\":1}&ndjson={}    | more than one field with events",
                "json={}&json={}             | more than one field with events",
                "json=%7B                    | broken JSON in line 1, column 2",
                "msgpack=a                   | broken msgpack at byte 0"
            })
    void formsThatHaveNoEventsAreRefused(String form, String words) {
        refused(400, words, FORM, form);
    }
}
