package io.penstock.agent.http.body;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.github.luben.zstd.Zstd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.compression.Snappy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
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

    @Test
    void anyBodyIsRecordsOrARefusalAndSlicesChangeNothing() {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] body = mutated(
                    random,
                    BodyFuzz.SAMPLES
                            .get(random.nextInt(BodyFuzz.SAMPLES.size()))
                            .getBytes(random.nextBoolean() ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1));
            try {
                BodyFuzz.FORMATS.forEach(format -> BodyFuzz.read(format, body));
            } catch (Throwable t) {
                throw failed(round, body, t);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "IDENTITY")
    void anyPackedBodyIsUnpackedWithinTheLimitOrRefused(ContentEncoding encoding) throws IOException {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS / 4; round++) {
            byte[] plain = new byte[random.nextInt(BodyFuzz.LIMIT)];
            for (int i = 0; i < plain.length; i++) {
                plain[i] = (byte) "abcabcabd".charAt(random.nextInt(9));
            }
            byte[] packed = pack(encoding, plain);
            assertArrayEquals(
                    plain,
                    BodyFuzz.unpack(encoding, packed, () -> 1 + random.nextInt(600)),
                    "round " + round + ", seed " + SEED);
            byte[] damaged = mutated(random, packed);
            try {
                if (damaged.length > 0) {
                    BodyFuzz.unpack(encoding, damaged, () -> 1 + random.nextInt(600));
                }
            } catch (Throwable t) {
                throw failed(round, damaged, t);
            }
        }
    }

    static byte[] pack(ContentEncoding encoding, byte[] plain) throws IOException {
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
