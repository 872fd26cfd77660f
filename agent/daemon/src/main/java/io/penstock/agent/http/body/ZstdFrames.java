package io.penstock.agent.http.body;

/** Reads the heads of Zstandard frames (RFC 8878, section 3.1.1). Stateless. */
final class ZstdFrames {
    private static final int MAGIC = 0xFD2FB528;
    private static final int SKIPPABLE = 0x184D2A50;
    private static final int SINGLE_SEGMENT = 0x20;
    private static final int CHECKSUM = 0x04;
    private static final int WINDOW_BASE_LOG = 10;
    private static final int BLOCK_HEAD = 3;
    private static final int RLE = 1;

    private ZstdFrames() {}

    /**
     * The largest window that a frame asks for, by which a decoder takes its memory. Frames behind one that is damaged
     * are not looked at: the decoder stops there.
     */
    static long largestWindow(byte[] bytes, int length) {
        long largest = 0;
        long at = 0;
        while (at >= 0 && at + 6 <= length) {
            int magic = (int) littleEndian(bytes, (int) at, 4);
            if ((magic & 0xFFFFFFF0) == SKIPPABLE) {
                at = at + 8 > length ? length : at + 8 + littleEndian(bytes, (int) at + 4, 4);
            } else if (magic == MAGIC) {
                largest = Math.max(largest, window(bytes, (int) at, length));
                at = end(bytes, (int) at, length);
            } else {
                return largest;
            }
        }
        return largest;
    }

    private static long window(byte[] bytes, int frame, int length) {
        int descriptor = bytes[frame + 4];
        if ((descriptor & SINGLE_SEGMENT) == 0) {
            int window = bytes[frame + 5] & 0xff;
            long base = 1L << WINDOW_BASE_LOG + (window >>> 3);
            return base + base / 8 * (window & 7);
        }
        int at = frame + 5 + dictionaryBytes(descriptor);
        int count = sizeBytes(descriptor);
        return at + count > length ? 0 : littleEndian(bytes, at, count) + (count == 2 ? 256 : 0);
    }

    private static int dictionaryBytes(int descriptor) {
        return new int[] {0, 1, 2, 4}[descriptor & 3];
    }

    private static int sizeBytes(int descriptor) {
        int flag = descriptor >> 6 & 3;
        return flag == 0 ? (descriptor & SINGLE_SEGMENT) == 0 ? 0 : 1 : 1 << flag;
    }

    /** Where the frame ends; -1 when it is not whole. */
    private static long end(byte[] bytes, int frame, int length) {
        int descriptor = bytes[frame + 4];
        long at = frame
                + 5L
                + ((descriptor & SINGLE_SEGMENT) == 0 ? 1 : 0)
                + dictionaryBytes(descriptor)
                + sizeBytes(descriptor);
        boolean last = false;
        while (!last) {
            if (at + BLOCK_HEAD > length) {
                return -1;
            }
            long head = littleEndian(bytes, (int) at, BLOCK_HEAD);
            last = (head & 1) != 0;
            at += BLOCK_HEAD + ((head >> 1 & 3) == RLE ? 1 : head >> 3);
        }
        return at + ((descriptor & CHECKSUM) == 0 ? 0 : 4);
    }

    private static long littleEndian(byte[] bytes, int at, int count) {
        long value = 0;
        for (int i = count - 1; i >= 0; i--) {
            value = value << 8 | bytes[at + i] & 0xff;
        }
        return value;
    }
}
