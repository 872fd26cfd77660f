package io.penstock.engine.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts over a number of keep-alive connections, with one call in flight on each, from one thread: a thread per
 * connection would cost more than the measured code.
 */
final class PutLoad implements AutoCloseable {
    private static final int MOST_ANSWER = 1 << 20;
    private static final int MOST_HEAD = 1 << 10;
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");
    /** Two line ends, in a chunked answer. */
    private static final int LAST_CHUNK = 0x0D0A0D0A;

    private final List<ByteBuffer> requests;
    private final Selector selector;
    private int sent;
    private int answered;
    private int open;

    /** One connection: its present request, and the received part of the answer. */
    private final class Call {
        private final ByteBuffer answer = ByteBuffer.allocateDirect(MOST_ANSWER);
        private ByteBuffer request = ByteBuffer.allocate(0);

        /** Writes what the socket accepts. Returns true if the request is complete. */
        private boolean write(SocketChannel channel) throws IOException {
            channel.write(request);
            return !request.hasRemaining();
        }

        private void next(SocketChannel channel, SelectionKey key) throws IOException {
            request = requests.get(sent++ % requests.size()).duplicate();
            key.interestOps(write(channel) ? SelectionKey.OP_READ : SelectionKey.OP_WRITE);
        }

        /** Reads what has arrived. Returns true if the answer is complete. */
        private boolean read(SocketChannel channel) throws IOException {
            if (channel.read(answer) < 0) {
                throw new EOFException("the connection was closed");
            }
            byte[] beginning = new byte[Math.min(answer.position(), MOST_HEAD)];
            answer.get(0, beginning);
            String text = new String(beginning, StandardCharsets.ISO_8859_1);
            if (!isWhole(text)) {
                return false;
            }
            if (!text.startsWith("HTTP/1.1 200 ")) {
                throw new IOException(text);
            }
            answer.clear();
            return true;
        }

        private boolean isWhole(String beginning) {
            int headEnd = beginning.indexOf("\r\n\r\n");
            if (headEnd < 0) {
                return false;
            }
            Matcher length = LENGTH.matcher(beginning).region(0, headEnd);
            return length.find()
                    ? answer.position() >= headEnd + 4 + Integer.parseInt(length.group(1))
                    : answer.getInt(answer.position() - 4) == LAST_CHUNK;
        }
    }

    PutLoad(URI endpoint, int connections, List<byte[]> bodies) throws IOException {
        this.requests = bodies.stream()
                .map(body -> ByteBuffer.allocateDirect(body.length).put(body).flip())
                .toList();
        this.selector = Selector.open();
        for (int i = 0; i < connections; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true).configureBlocking(false);
            channel.register(selector, SelectionKey.OP_WRITE, new Call());
        }
    }

    /**
     * Calls until a time of {@link System#nanoTime}, and then until every call is answered. Returns the number of
     * calls.
     */
    int until(long time) throws IOException {
        return run(time, Integer.MAX_VALUE);
    }

    /** As {@link #until}, for a number of calls that is not smaller than that of the connections. */
    void calls(int most) throws IOException {
        run(Long.MAX_VALUE, most);
    }

    private int run(long time, int most) throws IOException {
        open = selector.keys().size();
        for (SelectionKey key : selector.keys()) {
            ((Call) key.attachment()).next((SocketChannel) key.channel(), key);
        }
        while (open > 0) {
            selector.select();
            for (SelectionKey key : selector.selectedKeys()) {
                ready(key, time, most);
            }
            selector.selectedKeys().clear();
        }
        return answered;
    }

    private void ready(SelectionKey key, long time, int most) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        Call call = (Call) key.attachment();
        if (key.isWritable()) {
            if (call.write(channel)) {
                key.interestOps(SelectionKey.OP_READ);
            }
        } else if (call.read(channel)) {
            answered++;
            if (sent < most && System.nanoTime() < time) {
                call.next(channel, key);
            } else {
                key.cancel();
                open--;
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
