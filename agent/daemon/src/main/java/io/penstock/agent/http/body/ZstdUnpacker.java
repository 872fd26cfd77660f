package io.penstock.agent.http.body;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.linecorp.armeria.common.HttpStatus;
import io.penstock.agent.http.answer.Refused;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Zstandard (RFC 8878): one frame or several, with a bound on the window that a frame may ask for. */
final class ZstdUnpacker implements Unpacker {
    /** Windows up to 8 MiB: what the format's description recommends every decoder to support. */
    private static final int MAX_WINDOW_LOG = 23;

    /** What a decoder has beside the window. */
    private static final int CONTEXT = 256 * 1024;

    private final ByteArrayInputStream packed;
    private final ZstdInputStreamNoFinalizer frames;
    private final int length;
    private final long memory;

    ZstdUnpacker(byte[] packed, int length) throws Refused {
        this.packed = new ByteArrayInputStream(packed, 0, length);
        this.length = length;
        try {
            this.memory = CONTEXT + ZstdFrames.largestWindow(packed, length);
            this.frames = new ZstdInputStreamNoFinalizer(this.packed);
            frames.setLongMax(MAX_WINDOW_LOG);
        } catch (IOException broken) {
            throw damaged(broken);
        } catch (LinkageError missing) {
            throw Refused.unsupported(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                    "zstd's native code could not be loaded here",
                    "send gzip; the agent's log says at its start how to mend this");
        }
    }

    @Override
    public int read(byte[] out, int offset, int room) throws Refused {
        try {
            return frames.read(out, offset, room);
        } catch (IOException broken) {
            throw damaged(broken);
        }
    }

    private Refused damaged(IOException broken) {
        return Unpacker.damaged("zstd", length - packed.available(), "or before it: " + broken.getMessage());
    }

    @Override
    public long memory() {
        return memory;
    }

    @Override
    public void close() {
        try {
            frames.close();
        } catch (IOException impossible) {
            throw new IllegalStateException("an array was not closed", impossible);
        }
    }
}
