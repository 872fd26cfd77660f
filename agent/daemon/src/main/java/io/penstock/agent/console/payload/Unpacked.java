package io.penstock.agent.console.payload;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.penstock.base.compress.DamagedGzipException;
import io.penstock.base.compress.Gunzip;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * Bytes that may have been compressed: no more than the wanted number is unpacked, however large the rest would be.
 *
 * @param how "gzip", "zstd", or empty if the bytes are as they were
 * @param cut true if there is more
 */
@SuppressWarnings("ArrayRecordComponent") // made once, read once
record Unpacked(String how, byte[] bytes, boolean cut) {
    /** Windows up to 8 MiB: what the format's description recommends every decoder to support. */
    private static final int MAX_WINDOW_LOG = 23;

    /** What looks compressed and is damaged stays as it is. */
    static Unpacked of(byte[] data, int most) {
        if (PayloadReader.begins(data, 0x1f, 0x8b, 8)) {
            return gzip(data, most);
        }
        if (PayloadReader.begins(data, 0x28, 0xb5, 0x2f, 0xfd)) {
            return zstd(data, most);
        }
        return plain(data, most);
    }

    private static Unpacked plain(byte[] data, int most) {
        return data.length <= most ? new Unpacked("", data, false) : new Unpacked("", Arrays.copyOf(data, most), true);
    }

    private static Unpacked gzip(byte[] data, int most) {
        byte[] out = new byte[most + 1];
        int length = 0;
        try (Gunzip members = new Gunzip()) {
            members.begin(data, 0, data.length);
            while (length < out.length) {
                int count = members.read(out, length, out.length - length);
                if (count < 0) {
                    break;
                }
                length += count;
            }
        } catch (DamagedGzipException damaged) {
            return plain(data, most);
        }
        return new Unpacked("gzip", Arrays.copyOf(out, Math.min(length, most)), length > most);
    }

    private static Unpacked zstd(byte[] data, int most) {
        try (var frames = new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(data))) {
            frames.setLongMax(MAX_WINDOW_LOG);
            byte[] out = frames.readNBytes(most + 1);
            return new Unpacked("zstd", Arrays.copyOf(out, Math.min(out.length, most)), out.length > most);
        } catch (IOException | LinkageError damagedOrWithoutNativeCode) {
            return plain(data, most);
        }
    }
}
