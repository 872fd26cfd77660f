package io.penstock.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of a {@link Disk}. One thread at a time writes; other threads may read by position at the same time. */
public interface DiskFile extends Closeable {
    /**
     * Writes at least one of {@code source}'s remaining bytes at {@code position}. Returns the number of written bytes.
     */
    int write(ByteBuffer source, long position) throws IOException;

    /** Reads at least one byte. Returns the number of bytes read, or -1 at the end of the file. */
    int read(ByteBuffer target, long position) throws IOException;

    /** Makes everything written so far durable, including the metadata that reading it needs. */
    void force() throws IOException;

    long size() throws IOException;

    /** Truncates the file to {@code size} bytes; no effect on a shorter one. */
    void truncate(long size) throws IOException;

    /** Writes all of {@code source}'s remaining bytes at {@code position}. */
    default void writeFully(ByteBuffer source, long position) throws IOException {
        long at = position;
        while (source.hasRemaining()) {
            at += write(source, at);
        }
    }

    /** Reads until {@code target} is full or the file ends. Returns the number of bytes read. */
    default int readFully(ByteBuffer target, long position) throws IOException {
        int total = 0;
        while (target.hasRemaining()) {
            int n = read(target, position + total);
            if (n < 0) {
                break;
            }
            total += n;
        }
        return total;
    }
}
