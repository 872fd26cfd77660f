package io.penstock.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A client of HTTP/2 without TLS that sends requests and reads nothing, not even the server's settings. */
final class UnreadHttp2 implements AutoCloseable {
    private static final byte DATA = 0;
    private static final byte HEADERS = 1;
    private static final byte SETTINGS = 4;
    private static final byte END_STREAM = 1;
    private static final byte END_HEADERS = 4;
    private static final short INITIAL_WINDOW_SIZE = 4;

    private final Socket socket = new Socket();
    private int stream = -1;

    /** @param window bytes of an answer that the server may send without more ado */
    UnreadHttp2(InetSocketAddress address, int window) throws IOException {
        socket.setReceiveBufferSize(4_096);
        socket.connect(address);
        ByteArrayOutputStream start = new ByteArrayOutputStream();
        start.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        byte[] setting = ByteBuffer.allocate(6)
                .putShort(INITIAL_WINDOW_SIZE)
                .putInt(window)
                .array();
        frame(start, SETTINGS, (byte) 0, 0, setting);
        socket.getOutputStream().write(start.toByteArray());
    }

    /** A call of the Kinesis API, on a stream of its own. */
    void call(String operation, String body) throws IOException {
        stream += 2;
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        header(headers, ":method", "POST");
        header(headers, ":scheme", "http");
        header(headers, ":path", "/");
        header(headers, ":authority", "localhost");
        header(headers, "x-amz-target", "Kinesis_20131202." + operation);
        header(headers, "content-type", "application/x-amz-json-1.1");
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        frame(request, HEADERS, END_HEADERS, stream, headers.toByteArray());
        frame(request, DATA, END_STREAM, stream, body.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().write(request.toByteArray());
    }

    /** A literal field that enters no table, not Huffman-coded. */
    private static void header(ByteArrayOutputStream to, String name, String value) {
        to.write(0);
        to.write(name.length());
        to.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        to.write(value.length());
        to.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }

    private static void frame(ByteArrayOutputStream to, byte type, byte flags, int stream, byte[] payload) {
        to.writeBytes(ByteBuffer.allocate(9)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put(type)
                .put(flags)
                .putInt(stream)
                .array());
        to.writeBytes(payload);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
