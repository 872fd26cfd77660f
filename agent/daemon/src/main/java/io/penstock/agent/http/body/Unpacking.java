package io.penstock.agent.http.body;

import io.penstock.agent.http.answer.Refused;
import io.penstock.base.compress.DamagedGzipException;
import io.penstock.base.compress.Gunzip;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.Arrays;

/**
 * Unpacks a gzip body a bit at a time, up to the limit of a body that came unpacked: a small body cannot grow without
 * bound. A body of which any part is damaged is refused, never taken for a shorter one.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class Unpacking implements AutoCloseable {
    /** What one call of the decompressor counts at least, so that many empty members do not keep the event loop. */
    private static final int LEAST_WORK = 64;

    private final Gunzip gunzip = new Gunzip();
    private final int limit;
    private final int packed;
    private byte[] bytes = new byte[16 * 1024];
    private int length;

    public Unpacking(byte[] packed, int length, int limit) {
        this.limit = limit;
        this.packed = packed.length;
        gunzip.begin(packed, 0, length);
    }

    /** Returns whether all is unpacked. */
    public boolean advance(int budget) throws Refused {
        int work = 0;
        try {
            while (work < budget) {
                if (length == bytes.length) {
                    bytes = Arrays.copyOf(bytes, (int) Math.min(limit + 1L, bytes.length * 2L));
                }
                int count = gunzip.read(bytes, length, Math.min(bytes.length - length, budget - work));
                if (count < 0) {
                    return true;
                }
                length += count;
                work += Math.max(count, LEAST_WORK);
                if (length > limit) {
                    throw BodyCollector.tooLarge(limit);
                }
            }
            return false;
        } catch (DamagedGzipException damaged) {
            throw Refused.malformed(
                    "the body is not valid gzip: at byte " + damaged.at() + " " + damaged.what(),
                    "pack it anew, or leave Content-Encoding out; nothing of it was stored");
        }
    }

    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    public int capacity() {
        return packed + bytes.length;
    }

    /** Frees the decompressor's native memory. */
    @Override
    public void close() {
        gunzip.close();
    }
}
