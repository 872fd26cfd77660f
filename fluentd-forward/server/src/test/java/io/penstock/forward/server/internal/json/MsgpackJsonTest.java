package io.penstock.forward.server.internal.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.forward.server.FieldSet;
import io.penstock.forward.server.FieldValues;
import io.penstock.forward.server.JsonDialect;
import io.penstock.forward.server.Pack;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

class MsgpackJsonTest {
    private final MsgpackJson json = new MsgpackJson();

    @Test
    void integersAreExactToTheirLastDigit() {
        assertJson("18446744073709551615", "cf ffffffffffffffff");
        assertJson("9223372036854775808", "cf 8000000000000000");
        assertJson("9223372036854775807", "cf 7fffffffffffffff");
        assertJson("-9223372036854775808", "d3 8000000000000000");
        assertJson("4294967295", "ce ffffffff");
        assertJson("-2147483648", "d2 80000000");
        assertJson("-1", "d3 ffffffffffffffff");
        assertJson("-32", "e0");
        assertJson("127", "7f");
        assertJson("255", "cc ff");
        assertJson("-128", "d0 80");
        assertJson("0", "d1 0000");
        assertJson("1000000000000000000", "cf 0de0b6b3a7640000");
    }

    @Test
    void floatsHaveTheFewestDigitsAndWhatIsNoNumberIsNull() {
        assertJson("0.1", "ca 3dcccccd");
        assertJson("0.1", "cb 3fb999999999999a");
        assertJson("-0.0", "cb 8000000000000000");
        assertJson("null", "cb 7ff8000000000000");
        assertJson("null", "cb 7ff0000000000000");
        assertJson("null", "ca ff800000");
    }

    @Test
    void textIsEscapedAsJsonDemands() {
        assertJson("\"\\u0000\\u001f\\\"\\\\\\n\\r\\t\\b\\f/\u007f\"", "ab 00 1f 22 5c 0a 0d 09 08 0c 2f 7f");
        assertJson("\"\u00e9\u20ac\ud83d\ude00\"", "a9 c3a9 e282ac f09f9880");
    }

    @Test
    void whatIsNoUtf8IsReplacedAndCounted() {
        assertJson("\"a\ufffdb\"", "a3 61 ff 62"); // no lead byte
        assertJson("\"\ufffd\ufffd\"", "a2 c0 af"); // overlong
        assertJson("\"\ufffd\ufffd\ufffd\"", "a3 ed a0 80"); // a surrogate
        assertJson("\"\ufffd\"", "a3 f0 9f 98"); // cut off
        assertJson("\"\ufffdx\"", "a3 e2 82 78"); // interrupted
        assertJson("\"\ufffd\ufffd\ufffd\ufffd\"", "a4 f4 90 80 80"); // beyond U+10FFFF
        assertEquals(12, json.takeReplaced());
        assertEquals(0, json.takeReplaced());
    }

    @Test
    void binaryIsBase64() {
        assertJson("\"/wA=\"", "c4 02 ff 00");
        assertJson("\"\"", "c5 0000");
    }

    @Test
    void binaryIsTextWhereTheDialectSaysSoAndAllElseAsWithoutIt() {
        json.dialect(JsonDialect.PLAIN_TEXT);
        assertJson("\"a\uFFFD\"", "c4 02 61 ff");
        assertEquals(1, json.takeReplaced());
        assertJson("{\"k\":\"\u00e9\",\"f\":0.1}", "82 c4 01 6b c4 02 c3a9 a1 66 ca 3dcccccd");
    }

    @Test
    void keysThatAreNoStringsAreTheirJsonText() {
        assertJson("{\"1\":true,\"null\":false,\"[1,{\\\"2\\\":3}]\":4}", "83 01 c3 c0 c2 92 01 81 02 03 04");
        assertJson("{\"{\\\"gQEC\\\":3}\":4}", "81 81 81 01 02 03 04");
        assertJson("{\"key\":1}", "81 c4 03 6b6579 01");
        assertJson("{\"/w==\":1}", "81 c4 01 ff 01");
    }

    /** Each level's quotes escaped again would make 2^64 bytes of these 131. */
    @Test
    void keysNestedAsDeepAsAllowedGrowNoMoreThanAnythingElse() {
        byte[] nested = Pack.of().hex("81".repeat(64) + "01" + "02".repeat(65)).bytes();
        GrowingBytes out = new GrowingBytes(64, GrowingBytes.UNBOUNDED);
        json.write(nested, 0, out);
        assertTrue(out.length() < 12 * nested.length, out.length() + " bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"d4 80 aa", "c7 00 80", "01", "c2", "a1 01", "ca 7f7fffff", "c4 01 ff"})
    void whatATinyKeyAndValueBecomeIsBounded(String value) {
        for (JsonDialect dialect : JsonDialect.values()) {
            json.dialect(dialect);
            byte[] bytes = Pack.of().hex("81" + value + value).bytes();
            GrowingBytes out = new GrowingBytes(64, GrowingBytes.UNBOUNDED);
            json.write(bytes, 0, out);
            assertTrue(out.length() <= 12 * bytes.length, out.toString());
        }
    }

    @Test
    void extensionsBecomeTimesOrTypeAndData() {
        assertJson("\"2023-11-14T22:13:20.000000001Z\"", "d7 00 6553f100 00000001");
        assertJson("\"2023-11-14T22:13:20.000000000Z\"", "d6 ff 6553f100");
        assertJson("\"2023-11-14T22:13:20.000000001Z\"", "d7 ff 00000004 6553f100");
        assertJson("\"1969-12-31T23:59:59.000000001Z\"", "c7 0c ff 00000001 ffffffffffffffff");
        assertJson("{\"type\":5,\"data\":\"qg==\"}", "d4 05 aa");
        assertJson("{\"type\":-3,\"data\":\"qrs=\"}", "c8 0002 fd aabb");
        assertJson("{\"type\":0,\"data\":\"\"}", "c9 00000000 00");
    }

    @Test
    void aMapIsLeftOpenAndSaysWhichNamesItHas() {
        byte[] bytes = Pack.of()
                .map(3)
                .str("a")
                .hex("01")
                .str("@tag")
                .hex("02")
                .str("@id")
                .map(0)
                .bytes();
        GrowingBytes out = new GrowingBytes(64, GrowingBytes.UNBOUNDED);

        long present =
                json.writeOpen(bytes, 0, FieldSet.of(List.of("@timestamp", "@tag", "@id")), FieldValues.NONE, out);

        assertEquals("{\"a\":1,\"@tag\":2,\"@id\":{}", out.toString());
        assertEquals(0b110, present);
        assertEquals(bytes.length, json.at());
    }

    @Test
    void anyValueBecomesTheJsonThatAReferenceMakesOfIt() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            MessageBufferPacker packer = MessagePack.newDefaultBufferPacker();
            StringBuilder expected = new StringBuilder();
            generate(random, packer, expected, 0);
            byte[] bytes = packer.toByteArray();

            GrowingBytes out = new GrowingBytes(64, GrowingBytes.UNBOUNDED);
            int end = json.write(bytes, 0, out);

            assertEquals(expected.toString(), out.toString(), "seed " + seed + ", value " + i);
            assertEquals(bytes.length, end, "seed " + seed + ", value " + i);
        }
    }

    private static void generate(Random random, MessageBufferPacker packer, StringBuilder expected, int depth)
            throws IOException {
        switch (random.nextInt(depth > 4 ? 7 : 9)) {
            case 0 -> {
                packer.packNil();
                expected.append("null");
            }
            case 1 -> {
                boolean value = random.nextBoolean();
                packer.packBoolean(value);
                expected.append(value);
            }
            case 2 -> {
                long value = random.nextLong() >> random.nextInt(64);
                packer.packLong(value);
                expected.append(value);
            }
            case 3 -> {
                BigInteger value = new BigInteger(64, random);
                packer.packBigInteger(value);
                expected.append(value);
            }
            case 4 -> {
                double value = random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
                packer.packDouble(value);
                expected.append(value);
            }
            case 5 -> {
                String value = text(random);
                packer.packString(value);
                quote(value, expected);
            }
            case 6 -> {
                byte[] value = new byte[random.nextInt(300)];
                random.nextBytes(value);
                packer.packBinaryHeader(value.length).writePayload(value);
                expected.append('"')
                        .append(Base64.getEncoder().encodeToString(value))
                        .append('"');
            }
            case 7 -> {
                int count = random.nextInt(20);
                packer.packArrayHeader(count);
                expected.append('[');
                for (int i = 0; i < count; i++) {
                    expected.append(i == 0 ? "" : ",");
                    generate(random, packer, expected, depth + 1);
                }
                expected.append(']');
            }
            default -> {
                int count = random.nextInt(20);
                packer.packMapHeader(count);
                expected.append('{');
                for (int i = 0; i < count; i++) {
                    expected.append(i == 0 ? "" : ",");
                    String key = text(random);
                    packer.packString(key);
                    quote(key, expected);
                    expected.append(':');
                    generate(random, packer, expected, depth + 1);
                }
                expected.append('}');
            }
        }
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(random.nextInt(20) == 0 ? 500 : 20);
        for (int i = 0; i < length; i++) {
            int kind = random.nextInt(10);
            int point = kind < 6
                    ? 0x20 + random.nextInt(0x5f)
                    : kind == 6
                            ? random.nextInt(0x20)
                            : kind == 7 ? random.nextInt(0xd800) : 0x10000 + random.nextInt(0x100000);
            text.appendCodePoint(point);
        }
        return text.toString();
    }

    private static void quote(String text, StringBuilder target) {
        target.append('"');
        for (char c : text.toCharArray()) {
            switch (c) {
                case '"' -> target.append("\\\"");
                case '\\' -> target.append("\\\\");
                case '\n' -> target.append("\\n");
                case '\r' -> target.append("\\r");
                case '\t' -> target.append("\\t");
                case '\b' -> target.append("\\b");
                case '\f' -> target.append("\\f");
                default -> {
                    if (c < 0x20) {
                        target.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        target.append(c);
                    }
                }
            }
        }
        target.append('"');
    }

    private void assertJson(String expected, String msgpack) {
        byte[] bytes = Pack.of().hex(msgpack).bytes();
        GrowingBytes out = new GrowingBytes(64, GrowingBytes.UNBOUNDED);
        int end = json.write(bytes, 0, out);
        assertEquals(expected, new String(out.array(), 0, out.length(), StandardCharsets.UTF_8));
        assertEquals(bytes.length, end);
    }
}
