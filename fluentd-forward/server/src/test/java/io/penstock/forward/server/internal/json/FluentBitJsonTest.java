package io.penstock.forward.server.internal.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.forward.server.JsonDialect;
import io.penstock.forward.server.Pack;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The dialect of Fluent Bit's src/flb_pack.c and src/flb_utils.c, with json.escape_unicode as it is by default. */
class FluentBitJsonTest {
    private final MsgpackJson json = new MsgpackJson();

    @BeforeEach
    void likeFluentBit() {
        json.dialect(JsonDialect.FLUENT_BIT);
    }

    private String write(String msgpack) {
        GrowingBytes out = new GrowingBytes(64, GrowingBytes.UNBOUNDED);
        json.write(Pack.of().hex(msgpack).bytes(), 0, out);
        return new String(out.array(), 0, out.length(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void textIsAsciiWithEscapesInSmallLetters() {
        assertEquals("\"a\\u00e9\\u20ac\\ud83d\\ude00/\\u007f\"", write("ac 61 c3a9 e282ac f09f9880 2f 7f"));
        assertEquals("\"\\u0000\\u001f\\\"\\\\\\n\\r\\t\\b\\f\"", write("a9 00 1f 22 5c 0a 0d 09 08 0c"));
    }

    @Test
    void keysAndBinaryAreTextLikeAnyOther() {
        assertEquals("{\"\\u00e9\":\"\\u00e9\"}", write("81 a2 c3a9 c402 c3a9"));
    }

    @Test
    void whatIsNoUtf8IsReplacedAndCounted() {
        assertEquals("\"a\\ufffdb\"", write("a3 61 ff 62"));
        assertEquals(1, json.takeReplaced());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.0",
        "-0.0, -0.0",
        "7, 7.0",
        "-3, -3.0",
        "1e15, 1000000000000000.0",
        "1e18, 1000000000000000000.0",
        "0.1, 0.1",
        "1.5, 1.5",
        "-2.25, -2.25",
        "3.141592653589793, 3.141592653589793",
        "0.30000000000000004, 0.3",
        "123456.789012345678, 123456.7890123457",
        "1e-5, 1e-05",
        "1.25e-7, 1.25e-07",
        "0.0001, 0.0001",
        "1e19, 1e+19",
        "1.7976931348623157e308, 1.797693134862316e+308",
        "5e-324, 4.940656458412465e-324",
        "NaN, null",
        "Infinity, null"
    })
    void floatsAreWrittenAsPrintfDoes(double value, String expected) {
        GrowingBytes out = new GrowingBytes(64, GrowingBytes.UNBOUNDED);
        new FluentBitJson().number(value, out);
        assertEquals(expected, out.toString());
    }

    @Test
    void theSinglePrecisionFloatIsWidenedFirst() {
        assertEquals("0.1000000014901161", write("ca 3dcccccd"));
    }

    @Test
    void sixteenDigitsReadBackToTheSameNumberButForTheSeventeenth() {
        Random random = new Random(16);
        for (int n = 0; n < 10_000; n++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (!Double.isFinite(value)) {
                continue;
            }
            GrowingBytes out = new GrowingBytes(64, GrowingBytes.UNBOUNDED);
            new FluentBitJson().number(value, out);
            double read = Double.parseDouble(out.toString());
            assertEquals(0, (read - value) / value, 1e-15, "seed 16, " + value);
        }
    }
}
