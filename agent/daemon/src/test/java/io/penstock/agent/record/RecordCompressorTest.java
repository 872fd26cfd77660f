package io.penstock.agent.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordCompressorTest {
    private final RecordCompressor compressor = new RecordCompressor();

    private byte[] compressed(Compression how, byte[] record, int length) {
        compressor.compress(how, record, length);
        return Arrays.copyOf(compressor.array(), compressor.length());
    }

    private static byte[] read(Compression how, byte[] data) throws IOException {
        return switch (how) {
            case NONE -> data;
            case GZIP -> new GZIPInputStream(new ByteArrayInputStream(data)).readAllBytes();
            case ZLIB -> new InflaterInputStream(new ByteArrayInputStream(data)).readAllBytes();
            case ZSTD -> Zstd.decompress(data, (int) Zstd.getFrameContentSize(data));
        };
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void eachRecordReadsBackByItselfWhateverCameBefore(Compression how) throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            byte[] record = new byte[random.nextInt(5_000) + 10];
            random.nextBytes(record);
            if (i % 2 == 0) {
                Arrays.fill(record, 5, record.length, (byte) 'a');
            }
            int length = i == 0 ? 0 : record.length - 3;
            assertArrayEquals(
                    Arrays.copyOf(record, length), read(how, compressed(how, record, length)), "seed " + seed);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void theLargestRecordThatDoesNotShrinkIsBoundedAndLetGoAgain(Compression how) throws IOException {
        byte[] record = new byte[RecordEncoder.MAX_BYTES];
        new Random(1).nextBytes(record);
        byte[] data = compressed(how, record, record.length);
        assertTrue(data.length < record.length + (64 << 10), data.length + " bytes");
        assertArrayEquals(record, read(how, data));
        compressed(how, record, 100);
        assertEquals(4 << 10, compressor.array().length);
    }
}
