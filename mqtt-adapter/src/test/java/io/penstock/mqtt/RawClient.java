package io.penstock.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;

/** A client on a plain socket that sends given bytes, and reads every byte that comes back. */
public final class RawClient implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 60_000;

    private final Socket socket;
    private final InputStream in;

    RawClient(InetSocketAddress server) throws IOException {
        this(new Socket(server.getAddress(), server.getPort()));
    }

    RawClient(Socket connected) throws IOException {
        socket = connected;
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
    }

    public RawClient send(byte[]... packets) throws IOException {
        socket.getOutputStream().write(Packet.join(packets));
        return this;
    }

    /** Sends on another thread, so that this one can read. */
    CompletableFuture<Void> sendAside(byte[] bytes) {
        return CompletableFuture.runAsync(() -> {
            try {
                send(bytes);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
    }

    RawClient send(String hex) throws IOException {
        return send(Packet.hex(hex));
    }

    /** Connects and expects to be admitted. */
    RawClient connected(int level, String clientId) throws IOException {
        send(Packet.connect(level, clientId));
        assertEquals(0, connack() & 0xFF, "return code");
        return this;
    }

    /** Reads a CONNACK: its flags and code as one number. */
    int connack() throws IOException {
        byte[] packet = packet();
        assertEquals(
                0x20, packet[0] & 0xFF, "a CONNACK, but it is " + HexFormat.of().formatHex(packet));
        return packet[2] << 8 | packet[3] & 0xFF;
    }

    /** Reads one packet. */
    byte[] packet() throws IOException {
        int first = read();
        int length = 0;
        java.io.ByteArrayOutputStream packet = new java.io.ByteArrayOutputStream();
        packet.write(first);
        for (int shift = 0; ; shift += 7) {
            int b = read();
            packet.write(b);
            length |= (b & 0x7F) << shift;
            if (b < 0x80) {
                break;
            }
        }
        packet.writeBytes(in.readNBytes(length));
        return packet.toByteArray();
    }

    private int read() throws IOException {
        int b = in.read();
        if (b < 0) {
            throw new EOFException("the server closed the connection");
        }
        return b;
    }

    /** Reads as many bytes as {@code hex} has and compares. */
    public RawClient expect(String hex) throws IOException {
        byte[] wanted = Packet.hex(hex);
        byte[] got = in.readNBytes(wanted.length);
        assertEquals(HexFormat.of().formatHex(wanted), HexFormat.of().formatHex(got));
        return this;
    }

    /** Expects that nothing was sent: the answer to a ping is the next packet. */
    RawClient expectNothingYet() throws IOException {
        return send(Packet.pingreq()).expect("D0 00");
    }

    /** Expects one packet of this type with this reason code in its second body byte, or its first for DISCONNECT. */
    String expectReason(int type, int reasonAt, int reason) throws IOException {
        byte[] packet = packet();
        String hex = HexFormat.of().formatHex(packet);
        assertEquals(type, packet[0] & 0xFF, hex);
        assertEquals(Integer.toHexString(reason), Integer.toHexString(packet[reasonAt] & 0xFF), hex);
        return new String(packet, StandardCharsets.UTF_8);
    }

    /**
     * Expects DISCONNECT of MQTT 5 with this reason, then the end. Answers the packet as text, for its reason string.
     */
    String expectDisconnect(int reason) throws IOException {
        String text = expectReason(0xE0, 2, reason);
        expectClosed();
        return text;
    }

    /** Expects the end of the connection and nothing before it. */
    void expectClosed() throws IOException {
        try {
            int b = in.read();
            if (b >= 0) {
                fail("expected the end of the connection, got byte " + Integer.toHexString(b));
            }
        } catch (SocketException reset) {
            // The server discarded unread input, so the connection was reset: closed all the same.
        }
    }

    /** Reads a line of text without its end. */
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = read(); b != '\n'; b = read()) {
            line.append((char) b);
        }
        return line.toString().strip();
    }

    /** Reads and discards everything until the connection ends. */
    void packetsUntilClosed() throws IOException {
        everything();
    }

    /** Reads everything until the connection ends. */
    byte[] everything() throws IOException {
        try {
            return in.readAllBytes();
        } catch (SocketException reset) {
            return new byte[0];
        }
    }

    /** Ends the connection as a crash does. */
    void abort() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
