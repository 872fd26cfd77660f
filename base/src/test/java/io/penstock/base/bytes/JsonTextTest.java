package io.penstock.base.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
    private final GrowingBytes out = new GrowingBytes(16, 1 << 20);

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                1,
                9,
                10,
                99,
                100,
                -1,
                -10,
                1_000_000_007,
                999_999_999_999_999_999L,
                1_000_000_000_000_000_000L,
                Long.MAX_VALUE,
                Long.MIN_VALUE
            })
    void numbersAreWrittenInFull(long number) {
        out.number(number);
        assertEquals(Long.toString(number), out.toString());
    }

    @Test
    void base64IsThatOfTheJdk() {
        Random random = new Random(5);
        for (int length = 0; length < 100; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            out.clear();
            ByteBuffer source = ByteBuffer.wrap(bytes);
            JsonText.base64(source, out);
            assertEquals('"' + Base64.getEncoder().encodeToString(bytes) + '"', out.toString());
            assertEquals(length, source.remaining());
        }
    }

    @Test
    void everyCharacterIsReadBack() throws IOException {
        ObjectMapper reference = new ObjectMapper();
        for (int point = 0; point < 0x20000; point += point < 0x900 ? 1 : 37) {
            String text = point >= 0xD800 && point <= 0xDFFF ? "?" : "a" + Character.toString(point) + "b";
            out.clear();
            JsonText.string(text, out);
            assertEquals(text, reference.readValue(out.toString(), String.class));
        }
    }

    @Test
    void halfASurrogatePairBecomesAQuestionMark() {
        JsonText.string("a\uD83Db\uDE00", out);
        assertEquals("\"a?b?\"", out.toString());
    }

    @Test
    void bytesThatAreUtf8AreWrittenAlikeWhetherTheyAreCheckedOrMended() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            String text = text(random);
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            out.clear();
            JsonText.string(text, out);
            String expected = out.toString();
            out.clear();
            assertTrue(JsonText.validString(utf8, 0, utf8.length, out));
            assertEquals(expected, out.toString(), "seed " + seed);
            out.clear();
            assertEquals(0, JsonText.string(utf8, 0, utf8.length, out));
            assertEquals(expected, out.toString(), "seed " + seed);
        }
    }

    @Test
    void bytesThatAreNotUtf8AreMendedAsTheJdkDoesOrRefused() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        ObjectMapper reference = new ObjectMapper();
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            for (int at = 0; at < bytes.length; at++) {
                byte next = (byte) (random.nextBoolean() ? random.nextInt() : 'a' + random.nextInt(26));
                // The JDK makes one replacement of an encoded surrogate, where Unicode recommends three.
                bytes[at] = next == (byte) 0xED ? (byte) 0xEC : next;
            }
            String mended = new String(bytes, StandardCharsets.UTF_8);
            out.clear();
            int replaced = JsonText.string(bytes, 0, bytes.length, out);
            assertEquals(mended, reference.readValue(out.toString(), String.class), "seed " + seed);
            out.clear();
            out.put('x');
            assertEquals(replaced == 0, JsonText.validString(bytes, 0, bytes.length, out), "seed " + seed);
            assertTrue(replaced == 0 || out.length() == 1, "seed " + seed);
            assertEquals(replaced == 0, Utf8.isValid(bytes, 0, bytes.length), "seed " + seed);
        }
    }

    @Test
    void aLongPlainRunEndsAtTheFirstByteThatIsNot() {
        byte[] odd = {'"', '\\', 0x1f, 0, (byte) 0x80, (byte) 0xff};
        for (int length : new int[] {255, 256, 300}) {
            for (int at = 0; at < length; at++) {
                byte[] bytes = "~ plain".repeat(50).substring(0, length).getBytes(StandardCharsets.US_ASCII);
                assertEquals(length, Utf8.plainEnd(bytes, 0, length));
                bytes[at] = odd[at % odd.length];
                bytes[length - 1] = '"';
                assertEquals(at, Utf8.plainEnd(bytes, 0, length));
                assertEquals(at, Utf8.plainEnd(bytes, Math.min(at, 7), length));
            }
        }
    }

    @Test
    void aPlainRunEndsAtEachByteThatIsNotAndAtNoOther() {
        for (int value = 0; value < 256; value++) {
            for (int before = 0; before < 256; before++) {
                byte[] bytes = new byte[8];
                Arrays.fill(bytes, (byte) before);
                bytes[5] = (byte) value;
                int end = Utf8.isPlain((byte) before) ? Utf8.isPlain((byte) value) ? 8 : 5 : 0;
                assertEquals(end, Utf8.plainEnd(bytes, 0, 8), value + " after " + before);
            }
        }
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(30); i > 0; i--) {
            int kind = random.nextInt(4);
            text.appendCodePoint(
                    kind == 0
                            ? random.nextInt(0x20)
                            : kind == 1
                                    ? "\"\\/\u007f".codePointAt(random.nextInt(4))
                                    : kind == 2 ? 'a' + random.nextInt(26) : point(random));
        }
        return text.toString();
    }

    private static int point(Random random) {
        int point = random.nextInt(Character.MAX_CODE_POINT + 1);
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 'z' : point;
    }
}
