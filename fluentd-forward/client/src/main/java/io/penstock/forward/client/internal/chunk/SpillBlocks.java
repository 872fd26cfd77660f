package io.penstock.forward.client.internal.chunk;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * The spill file as blocks of 4 KiB. Block numbers start behind the file's own head, which takes the first 4 KiB. The
 * file is locked against other clients while it is open. Any thread.
 *
 * <pre>
 *  "Penstock" | version 1, 4 bytes | salt, 8 bytes
 * </pre>
 */
final class SpillBlocks implements Closeable {
    static final int BYTES = 4096;

    private static final byte[] MAGIC = "Penstock".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int HEAD_BYTES = MAGIC.length + 4 + 8;

    private final SpillLock lock;
    private final FileChannel channel;
    private final long salt;

    private SpillBlocks(SpillLock lock) throws IOException {
        this.lock = lock;
        this.channel = lock.channel();
        this.salt = head();
    }

    /**
     * Opens the file or creates a new one.
     *
     * @throws IOException if that fails, another client has the file, or it is a file of another kind
     */
    static SpillBlocks open(Path file) throws IOException {
        SpillLock lock = SpillLock.take(file);
        try {
            return new SpillBlocks(lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Reads the file's head, or writes one into a new file. Returns the salt. */
    private long head() throws IOException {
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
        int there = (int) Math.min(HEAD_BYTES, channel.size());
        readFully(head.limit(there), 0);
        head.flip();
        for (int i = 0; i < Math.min(there, MAGIC.length); i++) {
            if (head.get(i) != MAGIC[i]) {
                throw new IOException("it is no spill file; name another, or remove it");
            }
        }
        if (there == HEAD_BYTES) {
            int version = head.getInt(MAGIC.length);
            if (version != VERSION) {
                throw new IOException("it is a spill file of version " + version + ", this is " + VERSION);
            }
            return head.getLong(MAGIC.length + 4);
        }
        long fresh = new SecureRandom().nextLong();
        head.clear();
        head.put(MAGIC).putInt(VERSION).putLong(fresh).flip();
        writeFully(head, 0);
        return fresh;
    }

    /** A random number of this file. Logged events cannot contain it on purpose. */
    long salt() {
        return salt;
    }

    /** The number of blocks behind the head, including a partial last one. */
    int count() throws IOException {
        return (int) ((channel.size() + BYTES - 1) / BYTES - 1);
    }

    /** Fills {@code into} from the start of a block, as far as the file reaches. */
    void readThere(int block, ByteBuffer into) throws IOException {
        into.limit((int) Math.min(into.capacity(), channel.size() - offset(block)));
        readFully(into, offset(block));
    }

    /** Fills {@code into} from {@code at} bytes behind the start of a block. */
    void read(int block, int at, ByteBuffer into) throws IOException {
        readFully(into, offset(block) + at);
    }

    /** Writes all of {@code from} at {@code at} bytes behind the start of a block. */
    void write(int block, int at, ByteBuffer from) throws IOException {
        writeFully(from, offset(block) + at);
    }

    /**
     * Truncates the file to its head if it is larger than {@code bytes}. Call only if no block is in use. Returns true
     * if it was truncated.
     */
    boolean cutAbove(long bytes) throws IOException {
        if (channel.size() <= bytes) {
            return false;
        }
        channel.truncate(BYTES);
        return true;
    }

    /** Truncates the file to its head. */
    void cut() throws IOException {
        channel.truncate(HEAD_BYTES);
    }

    private static long offset(int block) {
        return (block + 1L) * BYTES;
    }

    private void readFully(ByteBuffer into, long at) throws IOException {
        long position = at;
        while (into.hasRemaining()) {
            int count = channel.read(into, position);
            if (count < 0) {
                throw new EOFException("it ends at byte " + position);
            }
            position += count;
        }
    }

    private void writeFully(ByteBuffer from, long at) throws IOException {
        long position = at;
        while (from.hasRemaining()) {
            position += channel.write(from, position);
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
