package io.penstock.agent.http.body;

import io.penstock.agent.http.answer.Refused;

/** Unpacks one body a bit at a time. Holds memory outside the heap until {@link #close}. */
interface Unpacker extends AutoCloseable {
    /**
     * Writes up to {@code room} bytes to {@code out} at {@code offset}.
     *
     * @return the number of bytes written, which may be 0 before the end; -1 at the end
     * @throws Refused when the body is damaged; what was unpacked before is of no use then
     */
    int read(byte[] out, int offset, int room) throws Refused;

    /** The size that the body itself names, if it must be known before; 0 otherwise. */
    default int declared() {
        return 0;
    }

    /** Bytes of memory that it takes beside the packed and the unpacked body. */
    default long memory() {
        return 0;
    }

    @Override
    void close();

    /** @param at index of the offending byte of the packed body */
    static Refused damaged(String encoding, long at, String what) {
        return Refused.malformed(
                "the body is not valid " + encoding + ": at byte " + at + " " + what,
                "pack it anew, or leave Content-Encoding out; nothing of it was stored");
    }
}
