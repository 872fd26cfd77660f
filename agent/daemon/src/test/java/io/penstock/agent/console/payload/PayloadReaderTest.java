package io.penstock.agent.console.payload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import io.penstock.agent.console.Aggregates;
import io.penstock.agent.console.payload.Payload.Part;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What the console shows of a record's data")
class PayloadReaderTest {
    @Test
    void jsonHasALineForEachMemberAndItsNumbersAndRepeatedNamesStay() {
        Part part = only("{\"n\":1.10,\"big\":123456789012345678901234567890.5,\"n\":[2]}");
        assertEquals("JSON", part.kind());
        assertEquals(
                "{\n  \"n\" : 1.10,\n  \"big\" : 123456789012345678901234567890.5,\n  \"n\" : [\n    2\n  ]\n}",
                part.text());
    }

    @Test
    void whatLooksLikeJsonAndIsNotIsText() {
        assertEquals("text", only("{\"n\":1} {\"m\":2}").kind());
        assertEquals("text", only("{\"n\":").kind());
        assertEquals("text", only("[".repeat(5_000)).kind());
        assertEquals("text", only("12").kind());
    }

    @Test
    void textIsUtf8WithoutControlCharacters() {
        assertEquals(new Part("", "text", "Grüße\n", 8, false), only("Grüße\n"));
        assertEquals("00 01", only(new byte[] {0, 1}).text());
        assertEquals("bytes", only(new byte[] {(byte) 0xff, 'a'}).kind());
        assertEquals("empty", only("").kind());
    }

    @Test
    void compressedDataIsUnpacked() throws IOException {
        assertEquals(
                "gzip JSON",
                only(gzip("{\"n\":1}".getBytes(StandardCharsets.UTF_8))).kind());
        assertEquals(
                "zstd text",
                only(Zstd.compress("hello".getBytes(StandardCharsets.UTF_8))).kind());
        byte[] damaged = gzip("hello".getBytes(StandardCharsets.UTF_8));
        damaged[damaged.length - 5] ^= 1;
        assertEquals("bytes", only(damaged).kind(), "damaged gzip stays as it is");
    }

    @Test
    void aSmallRecordThatWouldUnpackToMuchIsCut() throws IOException {
        byte[] large = new byte[64 << 20];
        Arrays.fill(large, (byte) 'a');
        for (byte[] bomb : List.of(gzip(large), Zstd.compress(large))) {
            Part part = only(bomb);
            assertTrue(part.cut());
            assertEquals(PayloadReader.MOST_TEXT, part.text().length());
        }
    }

    @Test
    void longDataIsCut() {
        Part text = only("é".repeat(20_000));
        assertTrue(text.cut());
        assertEquals("é".repeat(PayloadReader.MOST_TEXT), text.text());
        Part json = only("[" + "1,".repeat(6_000) + "1]");
        assertEquals("JSON", json.kind());
        assertTrue(json.cut());
        assertFalse(only("\uD83D\uDE00".repeat(10_000)).text().endsWith("\uD83D"), "no half of a pair");
    }

    @Test
    void anAggregatedRecordIsTakenApart() {
        Payload payload = PayloadReader.read(Aggregates.of("k1", "{\"n\":1}", "k2", "two"));
        assertEquals("aggregated", payload.form());
        assertEquals(2, payload.all());
        assertEquals(
                List.of(new Part("k1", "JSON", "{\n  \"n\" : 1\n}", 7, false), new Part("k2", "text", "two", 3, false)),
                payload.parts());
    }

    @Test
    void ofManyUserRecordsTheFirstAreShown() {
        String[] many = new String[2_000];
        Arrays.fill(many, "x");
        Payload payload = PayloadReader.read(Aggregates.of(many));
        assertEquals(1_000, payload.all());
        assertEquals(PayloadReader.MOST_PARTS, payload.parts().size());
    }

    @Test
    void aDamagedAggregateIsBytes() {
        byte[] damaged = Aggregates.of("k1", "one");
        damaged[5] ^= 1;
        assertEquals("", PayloadReader.read(damaged).form());
        // The checksum is right, and the message is not: a length beyond the end, an index without a key.
        assertEquals(
                "",
                PayloadReader.read(Aggregates.framed(new byte[] {0x1a, 0x7f})).form());
        assertEquals(
                "",
                PayloadReader.read(Aggregates.framed(new byte[] {0x1a, 2, 8, 9}))
                        .form());
    }

    private static Part only(String text) {
        return only(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Part only(byte[] data) {
        Payload payload = PayloadReader.read(data);
        assertEquals(1, payload.parts().size());
        return payload.parts().get(0);
    }

    private static byte[] gzip(byte[] data) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(data);
        }
        return packed.toByteArray();
    }
}
