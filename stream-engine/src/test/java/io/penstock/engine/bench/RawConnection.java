package io.penstock.engine.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A keep-alive HTTP/1.1 connection to a Kinesis API with little cost for the client. One thread. */
final class RawConnection implements AutoCloseable {
    private static final int NEAR = 2048;

    private final String host;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private byte[] body = new byte[1 << 16];
    private int length;

    RawConnection(URI endpoint) throws IOException {
        this.host = endpoint.getHost() + ":" + endpoint.getPort();
        this.socket = new Socket(endpoint.getHost(), endpoint.getPort());
        socket.setTcpNoDelay(true);
        this.in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        this.out = socket.getOutputStream();
    }

    /** A complete request that can be sent any number of times. */
    static byte[] request(URI endpoint, String operation, byte[] body) {
        byte[] head = (String.join(
                                "\r\n",
                                "POST / HTTP/1.1",
                                "Host: " + endpoint.getHost() + ":" + endpoint.getPort(),
                                "Content-Type: application/x-amz-json-1.1",
                                "X-Amz-Target: Kinesis_20131202." + operation,
                                // Neither server checks the signature, but kinesalite requires one.
                                "X-Amz-Date: 20260101T000000Z",
                                "Authorization: AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/kinesis/aws4_request,"
                                        + " SignedHeaders=host, Signature=a",
                                "Content-Length: " + body.length)
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] request = new byte[head.length + body.length];
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        return request;
    }

    /** Sends a request and reads its answer, which is valid until the next call. */
    void exchange(byte[] request) throws IOException {
        out.write(request);
        String status = line();
        length = -1;
        boolean chunked = false;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(header.substring(15).trim());
            }
            chunked |= lower.startsWith("transfer-encoding:") && lower.endsWith("chunked");
        }
        if (chunked) {
            readChunks();
        } else {
            int size = length;
            length = 0;
            read(size);
        }
        if (!status.contains(" 200 ")) {
            throw new IOException(host + ": " + status + " " + text());
        }
    }

    private void readChunks() throws IOException {
        length = 0;
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            read(size);
            line();
        }
        line();
    }

    private void read(int size) throws IOException {
        if (body.length < length + size) {
            body = java.util.Arrays.copyOf(body, Math.max(length + size, 2 * body.length));
        }
        if (in.readNBytes(body, length, size) < size) {
            throw new EOFException(host + " closed the connection");
        }
        length += size;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException(host + " closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** The last answer's body. */
    String text() {
        return new String(body, 0, length, StandardCharsets.UTF_8);
    }

    /**
     * The value of a text member near the beginning or the end of the last answer, or an empty text; found without
     * parsing.
     */
    String textNearAnEnd(String name) {
        String ends = new String(body, 0, Math.min(length, NEAR), StandardCharsets.UTF_8)
                + new String(body, Math.max(0, length - NEAR), Math.min(length, NEAR), StandardCharsets.UTF_8);
        String start = "\"" + name + "\":\"";
        int at = ends.indexOf(start);
        return at < 0 ? "" : ends.substring(at + start.length(), ends.indexOf('"', at + start.length()));
    }

    /** How often a text occurs in the last answer, if at least {@code between} bytes are between two occurrences. */
    int count(String text, int between) {
        byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
        int found = 0;
        for (int i = 0; i + wanted.length <= length; i++) {
            if (body[i] == wanted[0] && java.util.Arrays.equals(body, i, i + wanted.length, wanted, 0, wanted.length)) {
                found++;
                i += wanted.length + between;
            }
        }
        return found;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
