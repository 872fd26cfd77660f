package io.penstock.agent.record;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonWriterTest {
    private final RecordBuffer out = new RecordBuffer(1 << 20);
    private final JsonWriter json = new JsonWriter(out);

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
        json.number(number);
        assertEquals(Long.toString(number), written());
    }

    @Test
    void base64IsThatOfTheJdk() {
        Random random = new Random(5);
        for (int length = 0; length < 100; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            out.clear();
            ByteBuffer source = ByteBuffer.wrap(bytes);
            json.base64(source);
            assertEquals('"' + Base64.getEncoder().encodeToString(bytes) + '"', written());
            assertEquals(length, source.remaining());
        }
    }

    @Test
    void everyCharacterIsReadBack() throws IOException {
        ObjectMapper reference = new ObjectMapper();
        for (int point = 0; point < 0x20000; point += point < 0x900 ? 1 : 37) {
            String text = point >= 0xD800 && point <= 0xDFFF ? "?" : "a" + Character.toString(point) + "b";
            out.clear();
            json.string(text);
            assertEquals(text, reference.readValue(written(), String.class));
        }
    }

    @Test
    void halfASurrogatePairBecomesAQuestionMark() {
        json.string("a\uD83Db\uDE00");
        assertEquals("\"a?b?\"", written());
    }

    private String written() {
        return new String(out.array(), 0, out.length(), StandardCharsets.UTF_8);
    }
}
