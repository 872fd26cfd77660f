package io.penstock.agent.http.body;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.http.answer.Refused;
import io.penstock.agent.record.JsonScanner;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.forward.server.msgpack.MsgpackEvents;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * What must hold for any body at all, and bodies to begin with. The entry of Jazzer, which {@code agent/bench/fuzz
 * bodies} runs; {@link BodyFuzzTest} tries some in each build.
 */
public final class BodyFuzz {
    static final int LIMIT = 4096;

    static final List<BodyFormat> FORMATS =
            List.of(new BodyFormat.Json(), new BodyFormat.Lines(), new BodyFormat.Msgpack(), new BodyFormat.Form());

    static final List<String> SAMPLES = List.of(
            "{\"a\":1}{\"b\":[1,{}]}\n[{\"c\":\"\\u00fc\"},{}]",
            "\uFEFF{\"a\":1}\r\n\n{\"b\":2}\n",
            "json=%7B%22a%22%3A1%7D&time=1.5&x=+%2B",
            "a&ndjson={\"a\":1}%0A{\"b\":2}&&time=0",
            "msgpack=%81%a1a%01%81%a1b%c0&json",
            "\u0081\u00a1a\u0001\u0092\u0081\u00a1b\u00c3\u0080");

    private static final List<ContentEncoding> ENCODINGS =
            List.of(ContentEncoding.GZIP, ContentEncoding.DEFLATE, ContentEncoding.ZSTD, ContentEncoding.SNAPPY);

    private BodyFuzz() {}

    /** The first byte chooses format or encoding; the others are the body. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < 2) {
            return;
        }
        int choice = (input[0] & 0xff) % (FORMATS.size() + ENCODINGS.size());
        byte[] body = Arrays.copyOfRange(input, 1, input.length);
        if (choice < FORMATS.size()) {
            read(FORMATS.get(choice), body);
        } else {
            ContentEncoding encoding = ENCODINGS.get(choice - FORMATS.size());
            assertArrayEquals(unpack(encoding, body, () -> LIMIT), unpack(encoding, body, () -> 7));
        }
    }

    /** Writes bodies to begin with into a folder. */
    public static void main(String[] folder) throws IOException {
        Path first = Files.createDirectories(Path.of(folder[0]));
        for (int format = 0; format < FORMATS.size(); format++) {
            for (int sample = 0; sample < SAMPLES.size(); sample++) {
                String text = (char) format + SAMPLES.get(sample);
                Files.write(first.resolve(format + "-" + sample), text.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        for (int encoding = 0; encoding < ENCODINGS.size(); encoding++) {
            byte[] packed =
                    BodyFuzzTest.pack(ENCODINGS.get(encoding), "abcabcabdabcabc".getBytes(StandardCharsets.UTF_8));
            byte[] input = new byte[packed.length + 1];
            input[0] = (byte) (FORMATS.size() + encoding);
            System.arraycopy(packed, 0, input, 1, packed.length);
            Files.write(first.resolve("packed-" + encoding), input);
        }
    }

    /** The body is records or one refusal, whatever the size of the slices. */
    static void read(BodyFormat format, byte[] body) {
        assertEquals(read(format, body, 1 << 20), read(format, body, 1));
    }

    private static String read(BodyFormat format, byte[] body, int budget) {
        Counting sink = new Counting();
        try {
            // A form is decoded in its place.
            BodyReader reader = format.reader(body.clone(), body.length, sink);
            for (int calls = 0; !reader.advance(budget); calls++) {
                assertTrue(calls <= 4 * body.length + 4, "it does not come to an end");
            }
            return "records: " + sink.records;
        } catch (Refused why) {
            assertFalse(why.problem().error().isBlank());
            assertFalse(why.problem().remedy().isBlank());
            return "refused after " + sink.records + ": " + why.problem().error();
        }
    }

    /** The body is unpacked within the limit, or refused: then nothing comes back. */
    static byte[] unpack(ContentEncoding encoding, byte[] packed, IntSupplier slice) {
        try (Unpacking unpacking = new Unpacking(encoding, packed, packed.length, LIMIT)) {
            for (int calls = 0; !unpacking.advance(slice.getAsInt()); calls++) {
                assertTrue(calls <= 2 * (LIMIT + packed.length), "it does not come to an end");
            }
            assertTrue(unpacking.length() <= LIMIT);
            return Arrays.copyOf(unpacking.bytes(), unpacking.length());
        } catch (Refused why) {
            assertFalse(why.problem().error().isBlank());
            return new byte[0];
        }
    }

    private static final class Counting implements RecordSink {
        private final JsonScanner scanner = new JsonScanner();
        private final GrowingBytes json = new GrowingBytes(64, 1 << 20);
        int records;

        @Override
        public void object(byte[] body, int from, int to) {
            records++;
            assertTrue(scanner.isValue(body, from, to));
            assertEquals('{', body[from]);
        }

        @Override
        public void event(MsgpackEvents events, int length) {
            records++;
            assertTrue(length > 0);
            json.clear();
            events.write(json);
            assertTrue(scanner.isValue(json.array(), 0, json.length()), json.toString());
        }

        @Override
        public void text(byte[] body, int length, Charset charset) {
            records++;
        }

        @Override
        public void bytes(byte[] body, int length) {
            records++;
        }
    }
}
