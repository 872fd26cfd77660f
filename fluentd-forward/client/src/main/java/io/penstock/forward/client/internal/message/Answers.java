package io.penstock.forward.client.internal.message;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.msgpack.core.MessageInsufficientBufferException;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ImmutableValue;

/**
 * Reads the server's answers: a sequence of msgpack values that may be split over any number of reads. A read that
 * times out loses nothing. Values are bounded in size. One thread.
 */
public final class Answers {
    private static final int MAX_BYTES = 64 * 1024;

    private final InputStream in;
    private byte[] bytes = new byte[1024];
    private int length;

    public Answers(InputStream in) {
        this.in = in;
    }

    /**
     * Returns the next value.
     *
     * @throws java.net.SocketTimeoutException if the value is incomplete after the time-out; another call continues the
     *     wait
     * @throws IOException if the connection has ended, or the server sent something that is not msgpack
     */
    public ImmutableValue next() throws IOException {
        while (true) {
            if (length > 0) {
                try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(bytes, 0, length)) {
                    ImmutableValue value = unpacker.unpackValue();
                    int used = (int) unpacker.getTotalReadBytes();
                    System.arraycopy(bytes, used, bytes, 0, length - used);
                    length -= used;
                    return value;
                } catch (MessageInsufficientBufferException e) {
                    // The value is incomplete: read more.
                } catch (MessagePackException e) {
                    throw new IOException("the server answered no msgpack: " + e.getMessage(), e);
                }
            }
            if (length == bytes.length) {
                if (length == MAX_BYTES) {
                    throw new IOException("the server's answer is larger than " + MAX_BYTES + " bytes");
                }
                bytes = Arrays.copyOf(bytes, 2 * length);
            }
            int count = in.read(bytes, length, bytes.length - length);
            if (count < 0) {
                throw new EOFException("the server closed the connection");
            }
            length += count;
        }
    }
}
