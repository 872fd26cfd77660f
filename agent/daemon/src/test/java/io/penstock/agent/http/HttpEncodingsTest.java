package io.penstock.agent.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.compression.Snappy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Content-Encoding: what is unpacked, within which bounds, and that a damaged body is never taken for a shorter one. */
class HttpEncodingsTest {
    private static final byte[] LINES = "{\"n\":1}\n{\"n\":2}\n".getBytes(StandardCharsets.UTF_8);
    private static final List<String> RECORDS = List.of("{\"n\":1}", "{\"n\":2}");

    enum Packing {
        GZIP("gzip") {
            @Override
            byte[] pack(byte[] body) throws IOException {
                return HttpSourceTest.gzip(new String(body, StandardCharsets.UTF_8));
            }
        },
        ZLIB("deflate") {
            @Override
            byte[] pack(byte[] body) throws IOException {
                return deflate(body, false);
            }
        },
        RAW_DEFLATE("deflate") {
            @Override
            byte[] pack(byte[] body) throws IOException {
                return deflate(body, true);
            }
        },
        ZSTD("zstd") {
            @Override
            byte[] pack(byte[] body) {
                return Zstd.compress(body);
            }
        },
        SNAPPY("snappy") {
            @Override
            byte[] pack(byte[] body) {
                // As the reference does, in blocks of 64 KiB under one size.
                ByteBuf out = Unpooled.buffer();
                ByteBuf rest = Unpooled.wrappedBuffer(body);
                for (int size = body.length; size >= 0x80; size >>>= 7) {
                    out.writeByte(size | 0x80);
                    if (size >>> 7 < 0x80) {
                        out.writeByte(size >>> 7);
                    }
                }
                if (body.length < 0x80) {
                    out.writeByte(body.length);
                }
                while (rest.isReadable()) {
                    int block = Math.min(rest.readableBytes(), 32 * 1024);
                    ByteBuf packed = Unpooled.buffer();
                    new Snappy().encode(rest.readSlice(block), packed, block);
                    int head = block < 0x80 ? 1 : block < 0x4000 ? 2 : 3;
                    out.writeBytes(packed, head, packed.readableBytes() - head);
                }
                return ByteBufUtil.getBytes(out);
            }
        };

        final String encoding;

        Packing(String encoding) {
            this.encoding = encoding;
        }

        abstract byte[] pack(byte[] body) throws IOException;

        private static byte[] deflate(byte[] body, boolean raw) throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, raw);
            try (DeflaterOutputStream packed = new DeflaterOutputStream(out, deflater)) {
                packed.write(body);
            }
            deflater.end();
            return out.toByteArray();
        }
    }

    private static HttpResponse<String> send(Harness http, Packing packing, byte[] body) {
        return http.send(http.packed(packing.encoding, body));
    }

    @ParameterizedTest
    @EnumSource
    void aPackedBodyIsUnpacked(Packing packing) throws IOException {
        try (Harness http = new Harness()) {
            assertEquals(200, send(http, packing, packing.pack(LINES)).statusCode());
            assertEquals(RECORDS, http.spools.of("s").data());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLargeBodyIsUnpackedInSlices(Packing packing) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            lines.append("{\"line\":")
                    .append(i)
                    .append(",\"text\":\"")
                    .append(i * 31L)
                    .append("\"}\n");
        }
        try (Harness http = new Harness()) {
            byte[] body = packing.pack(lines.toString().getBytes(StandardCharsets.UTF_8));
            HttpResponse<String> answer = send(http, packing, body);
            assertEquals(200, answer.statusCode(), answer.body());
            assertEquals(20_000, http.spools.of("s").size());
            assertEquals(lines.toString(), String.join("\n", http.spools.of("s").data()) + "\n");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBombIsRefusedAtTheLimitAndTheListenerGoesOn(Packing packing) throws IOException {
        byte[] bomb = packing.pack(new byte[9_000_000]);
        try (Harness http = new Harness(1_000_000, 4_000_000, Duration.ofSeconds(20), Duration.ofSeconds(20))) {
            HttpResponse<String> answer = send(http, packing, bomb);
            assertEquals(413, answer.statusCode(), answer.body());
            assertEquals(1, http.refused("too_large"));
            assertEquals(0, http.spools.of("s").appends());
            assertEquals(200, send(http, packing, packing.pack(LINES)).statusCode());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatIsCutShortOrFollowedByOtherBytesIsRefusedWhole(Packing packing) throws IOException {
        byte[] whole = packing.pack(LINES);
        try (Harness http = new Harness()) {
            for (int length = 1; length < whole.length; length++) {
                HttpResponse<String> cut = send(http, packing, Arrays.copyOf(whole, length));
                assertEquals(400, cut.statusCode(), length + " of " + whole.length + ": " + cut.body());
                assertTrue(cut.body().contains("not valid " + packing.encoding), cut.body());
            }
            HttpResponse<String> more = send(http, packing, Msgpack.joined(whole, new byte[] {'x', 'y', 'z', 0, 0}));
            assertEquals(400, more.statusCode(), more.body());
            assertEquals(0, http.spools.of("s").appends());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatIsNotPackedAsItSaysIsRefused(Packing packing) {
        try (Harness http = new Harness()) {
            assertEquals(400, send(http, packing, LINES).statusCode());
            assertEquals(1, http.refused("malformed"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatUnpacksToNothingIsEmpty(Packing packing) throws IOException {
        try (Harness http = new Harness()) {
            HttpResponse<String> answer = send(http, packing, packing.pack(new byte[0]));
            assertEquals(400, answer.statusCode());
            assertTrue(answer.body().contains("empty"), answer.body());
        }
    }

    @Test
    void oneEncodingOnTopOfAnotherIsRefusedButIdentityMayStandBesideOne() throws IOException {
        try (Harness http = new Harness()) {
            byte[] gzip = Packing.GZIP.pack(LINES);
            for (String chained : new String[] {"gzip, gzip", "deflate, gzip", "gzip,zstd"}) {
                HttpResponse<String> answer = http.send(http.packed(chained, gzip));
                assertEquals(415, answer.statusCode());
                assertTrue(answer.body().contains("is more than one"), answer.body());
            }
            assertEquals(3, http.refused("unsupported"));
            assertEquals(200, http.send(http.packed("identity, X-GZIP", gzip)).statusCode());
        }
    }

    @Test
    void severalZstdFramesAreOneBody() {
        try (Harness http = new Harness()) {
            byte[] skippable = {0x50, 0x2A, 0x4D, 0x18, 2, 0, 0, 0, 1, 2};
            byte[] body = Msgpack.joined(
                    Zstd.compress("{\"n\":1}\n".getBytes(StandardCharsets.UTF_8)),
                    skippable,
                    Zstd.compress("{\"n\":2}\n".getBytes(StandardCharsets.UTF_8)));
            assertEquals(200, http.send(http.packed("zstd", body)).statusCode());
            assertEquals(RECORDS, http.spools.of("s").data());
        }
    }

    @Test
    void theWindowThatAZstdFrameAsksForCountsAsMemory() {
        // Magic, no single segment, a window of 4 MiB, and a last raw block of 8 bytes.
        byte[] body = Msgpack.joined(
                new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, 12 << 3, 65, 0, 0},
                "{\"n\":1}\n".getBytes(StandardCharsets.UTF_8));
        try (Harness small = new Harness(1_000_000, 3_000_000, Duration.ofSeconds(20), Duration.ofSeconds(20));
                Harness large = new Harness(1_000_000, 9_000_000, Duration.ofSeconds(20), Duration.ofSeconds(20))) {
            assertEquals(200, large.send(large.packed("zstd", body)).statusCode());
            // One request at a time gets what it needs although there is no such room.
            assertEquals(200, small.send(small.packed("zstd", body)).statusCode());
        }
        // 128 MiB
        body[5] = (byte) (17 << 3);
        try (Harness http = new Harness()) {
            HttpResponse<String> answer = http.send(http.packed("zstd", body));
            assertTrue(answer.statusCode() == 400 || answer.statusCode() == 503, answer.body());
        }
    }
}
