package io.penstock.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import javax.net.ServerSocketFactory;

/**
 * A server in the place of Kinesis that answers each request with the bytes it is told to; without bytes it closes the
 * connection. A thread for each connection.
 */
final class OddEndpoint implements AutoCloseable {
    private final ServerSocket socket;
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    /** @param answers the answer to an operation such as PutRecords; empty to close the connection */
    OddEndpoint(ServerSocketFactory sockets, Function<String, Optional<String>> answers) throws IOException {
        socket = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(() -> {
            while (true) {
                Socket client = socket.accept();
                open.add(client);
                start(() -> serve(client, answers));
            }
        });
    }

    OddEndpoint(Function<String, Optional<String>> answers) throws IOException {
        this(ServerSocketFactory.getDefault(), answers);
    }

    /** An answer with a JSON or HTML body. */
    static Optional<String> answer(int status, String type, String body, String... headers) {
        StringBuilder text = new StringBuilder("HTTP/1.1 ").append(status).append(" Said\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        return Optional.of(text.append("Content-Type: ")
                .append(type)
                .append("\r\nContent-Length: ")
                .append(body.length())
                .append("\r\n\r\n")
                .append(body)
                .toString());
    }

    /** An error of the service. */
    static Optional<String> error(int status, String code, String message, String... headers) {
        return answer(
                status,
                "application/x-amz-json-1.1",
                "{\"__type\": \"" + code + "\", \"message\": \"" + message + "\"}",
                headers);
    }

    int port() {
        return socket.getLocalPort();
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void start(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException closed) {
                // The test or the client closed it.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static void serve(Socket client, Function<String, Optional<String>> answers) throws IOException {
        try (client) {
            InputStream in = client.getInputStream();
            while (true) {
                String head = head(in);
                if (head.isEmpty()) {
                    return;
                }
                in.readNBytes(Integer.parseInt(header(head, "content-length").orElse("0")));
                String operation = header(head, "x-amz-target").orElse("").replaceAll(".*\\.", "");
                Optional<String> answer = answers.apply(operation);
                if (answer.isEmpty()) {
                    return;
                }
                client.getOutputStream().write(answer.get().getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static Optional<String> header(String head, String name) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket client : open) {
            client.close();
        }
    }
}
