package io.penstock.engine;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Bytes as they are, for what an HTTP client would not send. */
final class RawHttp {
    /** Sends a request that ends with the connection, and returns the whole answer. */
    static String exchange(StreamEngine engine, String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", engine.address().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private RawHttp() {}
}
