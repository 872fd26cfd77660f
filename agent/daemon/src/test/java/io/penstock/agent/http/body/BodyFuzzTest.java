package io.penstock.agent.http.body;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.compression.Snappy;
import io.penstock.agent.http.answer.Refused;
import io.penstock.agent.record.JsonScanner;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.forward.server.msgpack.MsgpackEvents;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Damaged bodies of every format and encoding are records or one refusal, whatever the size of the slices. */
class BodyFuzzTest {
    private static final String SEED_PROPERTY = "penstock.fuzz.seed";
    private static final long SEED = Long.getLong(SEED_PROPERTY, 20_261_130L);
    private static final int ROUNDS = Integer.getInteger("penstock.fuzz.rounds", 20_000);
    private static final int LIMIT = 4096;

    private static final List<BodyFormat> FORMATS =
            List.of(new BodyFormat.Json(), new BodyFormat.Lines(), new BodyFormat.Msgpack(), new BodyFormat.Form());

    private static final List<String> SAMPLES = List.of(
            "{\"a\":1}{\"b\":[1,{}]}\n[{\"c\":\"\\u00fc\"},{}]",
            "\uFEFF{\"a\":1}\r\n\n{\"b\":2}\n",
            "json=%7B%22a%22%3A1%7D&time=1.5&x=+%2B",
            "a&ndjson={\"a\":1}%0A{\"b\":2}&&time=0",
            "msgpack=%81%a1a%01%81%a1b%c0&json",
            "\u0081\u00a1a\u0001\u0092\u0081\u00a1b\u00c3\u0080");

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

    @Test
    void anyBodyIsRecordsOrARefusalAndSlicesChangeNothing() {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] body = mutated(
                    random,
                    SAMPLES.get(random.nextInt(SAMPLES.size()))
                            .getBytes(random.nextBoolean() ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1));
            try {
                for (BodyFormat format : FORMATS) {
                    assertEquals(read(format, body, 1 << 20), read(format, body, 1));
                }
            } catch (Throwable t) {
                throw failed(round, body, t);
            }
        }
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

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "IDENTITY")
    void anyPackedBodyIsUnpackedWithinTheLimitOrRefused(ContentEncoding encoding) throws IOException {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS / 4; round++) {
            byte[] plain = new byte[random.nextInt(LIMIT)];
            for (int i = 0; i < plain.length; i++) {
                plain[i] = (byte) "abcabcabd".charAt(random.nextInt(9));
            }
            byte[] packed = pack(encoding, plain);
            assertArrayEquals(plain, unpack(encoding, packed, random), "round " + round + ", seed " + SEED);
            byte[] damaged = mutated(random, packed);
            try {
                if (damaged.length > 0) {
                    unpack(encoding, damaged, random);
                }
            } catch (Throwable t) {
                throw failed(round, damaged, t);
            }
        }
    }

    private static byte[] unpack(ContentEncoding encoding, byte[] packed, Random random) {
        try (Unpacking unpacking = new Unpacking(encoding, packed, packed.length, LIMIT)) {
            for (int calls = 0; !unpacking.advance(1 + random.nextInt(600)); calls++) {
                assertTrue(calls <= 2 * (LIMIT + packed.length), "it does not come to an end");
            }
            assertTrue(unpacking.length() <= LIMIT);
            return Arrays.copyOf(unpacking.bytes(), unpacking.length());
        } catch (Refused why) {
            assertFalse(why.problem().error().isBlank());
            return new byte[0];
        }
    }

    private static byte[] pack(ContentEncoding encoding, byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        switch (encoding) {
            case GZIP -> {
                try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
                    gzip.write(plain);
                }
            }
            case DEFLATE -> {
                try (DeflaterOutputStream deflate = new DeflaterOutputStream(out)) {
                    deflate.write(plain);
                }
            }
            case ZSTD -> out.write(Zstd.compress(plain));
            case SNAPPY -> {
                ByteBuf packed = Unpooled.buffer();
                new Snappy().encode(Unpooled.wrappedBuffer(plain), packed, plain.length);
                out.write(ByteBufUtil.getBytes(packed));
            }
            default -> throw new IllegalStateException();
        }
        return out.toByteArray();
    }

    private static byte[] mutated(Random random, byte[] bytes) {
        byte[] changed = bytes.clone();
        for (int changes = random.nextInt(4); changes > 0 && changed.length > 0; changes--) {
            changed[random.nextInt(changed.length)] =
                    random.nextBoolean() ? (byte) random.nextInt() : (byte) "{}[]\",:&=%+\n".charAt(random.nextInt(12));
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(changed, random.nextInt(changed.length + 1)) : changed;
    }

    private static AssertionError failed(int round, byte[] body, Throwable cause) {
        return new AssertionError(
                "-D" + SEED_PROPERTY + "=" + SEED + ", round " + round + ": "
                        + HexFormat.of().formatHex(body),
                cause);
    }
}
