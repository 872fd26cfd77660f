package io.penstock.forward.server.internal.message;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.penstock.forward.server.Refusal;
import io.penstock.forward.server.internal.msgpack.BadChunkException;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Unpacks Zstandard (RFC 8878): one frame or several, with a bound on the memory that a frame's window may take. */
final class Unzstd {
    /** Windows up to 8 MiB: what the format's description recommends every decoder to support. */
    private static final int MAX_WINDOW_LOG = 23;

    private Unzstd() {}

    static void unpack(byte[] bytes, int from, int to, Unpacked out) throws BadChunkException {
        try (var frames = new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(bytes, from, to - from))) {
            frames.setLongMax(MAX_WINDOW_LOG);
            while (true) {
                int room = out.room();
                int count = frames.read(out.array(), out.to(), room);
                if (count < 0) {
                    return;
                }
                out.wrote(count);
            }
        } catch (IOException e) {
            throw new BadChunkException(Refusal.BAD_COMPRESSION, from, "damaged zstd: " + e.getMessage());
        } catch (LinkageError missing) {
            throw new BadChunkException(
                    Refusal.BAD_COMPRESSION,
                    from,
                    "zstd, whose native code could not be loaded here; the log says why at the start. Send gzip");
        }
    }
}
