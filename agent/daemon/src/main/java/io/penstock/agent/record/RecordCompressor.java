package io.penstock.agent.record;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Compresses records one by one, each so that it can be read without the others, into a buffer of its own, which the
 * next one overwrites. It keeps its compressors, and between records about a MiB at most.
 */
@OwnedBy(ThreadRole.HOLDER)
public final class RecordCompressor {
    private static final byte[] GZIP_HEAD = {0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 0, (byte) 0xff};
    private static final int GZIP_TAIL = 8;
    private static final int FIRST_BYTES = 4 << 10;
    private static final int KEPT_BYTES = 1 << 20;

    private final CRC32 crc = new CRC32();
    private @Nullable Deflater bareDeflater;
    private @Nullable Deflater zlibDeflater;
    private @Nullable ZstdCompressCtx zstd;
    private byte[] out = new byte[FIRST_BYTES];
    private int length;

    /** Compresses the first {@code recordLength} bytes. */
    public void compress(Compression how, byte[] record, int recordLength) {
        if (out.length > KEPT_BYTES) {
            out = new byte[FIRST_BYTES];
        }
        switch (how) {
            case NONE -> throw new IllegalArgumentException("nothing to compress with");
            case GZIP -> gzip(record, recordLength);
            case ZLIB -> zlib(record, recordLength);
            case ZSTD -> zstd(record, recordLength);
        }
    }

    private void gzip(byte[] record, int recordLength) {
        System.arraycopy(GZIP_HEAD, 0, out, 0, GZIP_HEAD.length);
        length = GZIP_HEAD.length;
        deflate(bareDeflater(), record, recordLength);
        reserve(length + GZIP_TAIL);
        crc.reset();
        crc.update(record, 0, recordLength);
        littleEndian((int) crc.getValue());
        littleEndian(recordLength);
    }

    private void zlib(byte[] record, int recordLength) {
        length = 0;
        deflate(zlibDeflater(), record, recordLength);
    }

    private void deflate(Deflater compressor, byte[] record, int recordLength) {
        compressor.reset();
        compressor.setInput(record, 0, recordLength);
        compressor.finish();
        while (!compressor.finished()) {
            // What does not shrink grows by a few bytes in a thousand only, so that this ends.
            reserve(length + 1);
            length += compressor.deflate(out, length, out.length - length);
        }
    }

    private void reserve(int bytes) {
        if (out.length < bytes) {
            out = Arrays.copyOf(out, Math.max(bytes, out.length * 2));
        }
    }

    private void littleEndian(int value) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            out[length++] = (byte) (value >>> shift);
        }
    }

    private void zstd(byte[] record, int recordLength) {
        reserve((int) Zstd.compressBound(recordLength));
        length = compressor().compressByteArray(out, 0, out.length, record, 0, recordLength);
    }

    private Deflater bareDeflater() {
        Deflater made = bareDeflater;
        if (made == null) {
            made = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
            bareDeflater = made;
        }
        return made;
    }

    private Deflater zlibDeflater() {
        Deflater made = zlibDeflater;
        if (made == null) {
            made = new Deflater(Deflater.DEFAULT_COMPRESSION);
            zlibDeflater = made;
        }
        return made;
    }

    private ZstdCompressCtx compressor() {
        ZstdCompressCtx made = zstd;
        if (made == null) {
            made = new ZstdCompressCtx();
            zstd = made;
        }
        return made;
    }

    /** What came of it, from index 0 to {@link #length}. */
    public byte[] array() {
        return out;
    }

    public int length() {
        return length;
    }
}
