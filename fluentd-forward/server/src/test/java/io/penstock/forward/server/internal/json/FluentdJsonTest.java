package io.penstock.forward.server.internal.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.bytes.JsonText;
import io.penstock.forward.server.FieldSet;
import io.penstock.forward.server.JsonDialect;
import io.penstock.forward.server.Pack;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The dialect of Fluentd's JSON formatter, beside what Fluentd's own libraries made of the same bytes. */
class FluentdJsonTest {
    private final MsgpackJson json = new MsgpackJson();

    @BeforeEach
    void likeFluentd() {
        json.dialect(JsonDialect.FLUENTD);
    }

    private String write(byte[] msgpack) {
        GrowingBytes out = new GrowingBytes(64, GrowingBytes.UNBOUNDED);
        json.write(msgpack, 0, out);
        return out.toString();
    }

    /** How the file was made stands in fluentd-json.rb beside it. */
    @Test
    void isByteForByteWhatOjMakesOfTheSameMsgpack() throws IOException {
        int rows = 0;
        for (String row : made("fluentd-json.txt")) {
            int space = row.indexOf(' ');
            byte[] msgpack = HexFormat.of().parseHex(row.substring(0, space));
            assertEquals(row.substring(space + 1), write(msgpack), row);
            rows++;
        }
        assertTrue(rows > 600, rows + " rows");
        assertEquals(0, json.takeReplaced());
    }

    /** What Ruby's to_s makes of the values that data_key names; made by the same program. */
    @Test
    void aValueAloneIsByteForByteWhatRubysToSMakesOfIt() throws IOException {
        int rows = 0;
        for (String row : made("fluentd-data-key.txt")) {
            int space = row.indexOf(' ');
            GrowingBytes out = new GrowingBytes(64, GrowingBytes.UNBOUNDED);
            byte[] msgpack = HexFormat.of().parseHex(row.substring(0, space));
            json.writeText(msgpack, 0, out);
            assertEquals(row.substring(space + 1), out.toString(), row);
            assertEquals(msgpack.length, json.at(), row);
            rows++;
        }
        assertTrue(rows > 600, rows + " rows");
    }

    private static List<String> made(String name) throws IOException {
        try (InputStream file = FluentdJsonTest.class.getResourceAsStream(name)) {
            return List.of(new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n", 0));
        }
    }

    /** Oj would write NaN, Infinity, and the bytes as they are; and Ruby's way of showing an object as the key. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "cb 7ff8000000000000 | null",
                "cb fff0000000000000 | null",
                "ca 7f800000 | null",
                "a3 61 ff 62 | \"a\ufffdb\"",
                "c4 02 ff 00 | \"\ufffd\\u0000\"",
                "81 c0 01 | {\"null\":1}",
                "81 92 01 02 03 | {\"[1,2]\":3}",
                "82 a1 61 01 a1 61 02 | {\"a\":1,\"a\":2}",
                "d4 05 aa | {\"type\":5,\"data\":\"qg==\"}"
            })
    void whereThatWouldBeNoJsonOrLoseSomethingItIsAsElsewhere(String msgpack, String expected) {
        assertEquals(expected, write(Pack.of().hex(msgpack).bytes()));
    }

    @Test
    void textThatIsNoUtf8IsCountedInBinaryToo() {
        write(Pack.of().hex("92 a1 ff c4 01 ff").bytes());
        assertEquals(2, json.takeReplaced());
    }

    @Test
    void aFieldsValueAloneIsItsTextAlsoOfBinary() {
        GrowingBytes out = new GrowingBytes(64, GrowingBytes.UNBOUNDED);
        json.writeText(Pack.of().hex("c4 03 61 22 62").bytes(), 0, out);
        assertEquals("a\"b", out.toString());
    }

    @Test
    void aValueInPlaceStandsWhereTheRecordsOwnStood() {
        byte[] record =
                Pack.of().hex("83 a1 61 01 a1 74 82 01 02 03 04 a1 62 02").bytes();
        GrowingBytes out = new GrowingBytes(64, GrowingBytes.UNBOUNDED);
        long present = json.writeOpen(
                record,
                0,
                FieldSet.of(List.of("a", "t", "x")),
                (field, to) -> {
                    if (field != 1) {
                        return false;
                    }
                    JsonText.string("now", to);
                    return true;
                },
                out);
        assertEquals("{\"a\":1,\"t\":\"now\",\"b\":2", out.toString());
        assertEquals(0b011, present);
        assertEquals(record.length, json.at());
    }
}
