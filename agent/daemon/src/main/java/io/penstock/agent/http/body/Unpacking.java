package io.penstock.agent.http.body;

import io.penstock.agent.http.answer.Refused;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.Arrays;

/**
 * Unpacks a body a bit at a time, up to the limit of a body that came unpacked: a small body cannot grow without bound.
 * A body of which any part is damaged is refused, never taken for a shorter one.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class Unpacking implements AutoCloseable {
    private static final int FIRST_CAPACITY = 16 * 1024;

    /** What one call of the unpacker counts at least, so that many empty members do not keep the event loop. */
    private static final int LEAST_WORK = 64;

    private final Unpacker unpacker;
    private final int limit;
    private final int packed;
    private byte[] bytes;
    private int length;

    /**
     * @param encoding not {@link ContentEncoding#IDENTITY}
     * @param packed {@code packed[0, length)} is the body; it must not change until the end
     * @param limit of the unpacked body
     * @throws Refused when the body does not begin as its encoding does, or says that it is larger than the limit
     */
    public Unpacking(ContentEncoding encoding, byte[] packed, int length, int limit) throws Refused {
        this.limit = limit;
        this.packed = packed.length;
        this.unpacker = encoding.unpacker(packed, length);
        if (unpacker.declared() > limit) {
            throw BodyCollector.tooLarge(limit);
        }
        this.bytes = new byte[unpacker.declared() > 0 ? unpacker.declared() : FIRST_CAPACITY];
    }

    /** Returns whether all is unpacked. */
    public boolean advance(int budget) throws Refused {
        int work = 0;
        while (work < budget) {
            if (length == bytes.length && unpacker.declared() == 0) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(limit + 1L, bytes.length * 2L));
            }
            int count = unpacker.read(bytes, length, Math.min(bytes.length - length, budget - work));
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
    }

    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /** Memory that it takes now, the packed body included. */
    public long capacity() {
        return packed + bytes.length + unpacker.memory();
    }

    /** Frees what the unpacker holds outside the heap. */
    @Override
    public void close() {
        unpacker.close();
    }
}
