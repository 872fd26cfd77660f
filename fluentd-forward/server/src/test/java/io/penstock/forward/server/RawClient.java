package io.penstock.forward.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;

/** A socket that speaks whatever bytes a test gives it. */
final class RawClient implements AutoCloseable {
    private final Socket socket;

    RawClient(ForwardServer server) throws IOException {
        this(server, new Socket());
    }

    /** @param socket not yet connected */
    RawClient(ForwardServer server, Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(60_000);
        socket.setTcpNoDelay(true);
        InetSocketAddress bound = server.addresses().get(0);
        socket.connect(new InetSocketAddress("127.0.0.1", bound.getPort()));
    }

    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    void send(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void endOfStream() throws IOException {
        socket.shutdownOutput();
    }

    byte[] receive(int count) throws IOException {
        return socket.getInputStream().readNBytes(count);
    }

    /** What one read brings. */
    byte[] receiveOnce() throws IOException {
        byte[] read = new byte[512];
        int count = socket.getInputStream().read(read);
        return Arrays.copyOf(read, Math.max(0, count));
    }

    /** Everything up to the server's end of the stream; a reset is an end too. */
    byte[] receiveAll() throws IOException {
        try {
            return socket.getInputStream().readAllBytes();
        } catch (SocketException e) {
            return new byte[0];
        }
    }

    boolean hasNothing() throws IOException {
        return socket.getInputStream().available() == 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
