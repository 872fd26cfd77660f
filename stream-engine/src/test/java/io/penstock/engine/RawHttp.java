package io.penstock.engine;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sends given bytes, for requests that an HTTP client would not send. */
final class RawHttp {
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");

    /** Sends a request and returns the answer with a body as long as its head says. */
    static String exchange(StreamEngine engine, String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", engine.address().getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            StringBuilder answer = new StringBuilder();
            while (answer.indexOf("\r\n\r\n") < 0) {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    throw new EOFException("cut off: " + answer);
                }
                answer.append((char) next);
            }
            Matcher length = LENGTH.matcher(answer);
            if (length.find()) {
                byte[] body = socket.getInputStream().readNBytes(Integer.parseInt(length.group(1)));
                answer.append(new String(body, StandardCharsets.UTF_8));
            }
            return answer.toString();
        }
    }

    private RawHttp() {}
}
