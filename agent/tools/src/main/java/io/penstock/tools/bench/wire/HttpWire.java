package io.penstock.tools.bench.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * An HTTP/1.1 client that posts JSON lines, {@code {"message": text}} each, and reads answers that have a
 * Content-Length (RFC 9112, sections 3, 4 and 6). All of a connection's events have one partition key, so that they
 * have an order.
 */
final class HttpWire implements Wire {
    private static final byte[] BEFORE = ascii("{\"message\":\"");
    private static final byte[] AFTER = ascii("\"}\n");
    private static final byte[] HEAD_END = ascii("\r\n\r\n");
    private static final int EXCERPT = 200;

    private final EventText text;
    private final int connection;
    private final byte[] head;

    HttpWire(HttpLoad load, EventText text, String run, String host, int port, int connection) {
        this.text = text;
        this.connection = connection;
        String authority = (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        this.head = ascii(String.join(
                "\r\n",
                "POST /v1/streams/" + load.stream() + "/records HTTP/1.1",
                "Host: " + authority,
                "User-Agent: penstock-bench"
                        + (load.login().isEmpty()
                                ? ""
                                : "\r\nAuthorization: " + load.login().authorization()),
                "Content-Type: application/x-ndjson",
                "Partition-Key: bench-" + run + "-" + connection,
                "Content-Length: "));
    }

    @Override
    public boolean greet(ByteBuf out) {
        return false;
    }

    @Override
    public void write(ByteBuf out, int slot, int first, int count) {
        out.writeBytes(head);
        long length = (long) count * (BEFORE.length + text.size() + AFTER.length);
        out.writeBytes(ascii(Long.toString(length)));
        out.writeBytes(HEAD_END);
        for (int i = 0; i < count; i++) {
            out.writeBytes(BEFORE);
            text.write(out, connection, first + i);
            out.writeBytes(AFTER);
        }
    }

    @Override
    public void read(ByteBuf in, Answers answers) {
        int end = indexOfHeadEnd(in);
        if (end < 0) {
            return;
        }
        String answer = in.toString(in.readerIndex(), end - in.readerIndex(), StandardCharsets.ISO_8859_1);
        String[] lines = answer.split("\r\n", -1);
        String[] status = lines[0].split(" ", 3);
        if (status.length < 2 || !status[0].startsWith("HTTP/1.")) {
            answers.broken("no HTTP answer: " + excerpt(lines[0]));
            return;
        }
        int length = contentLength(lines);
        if (length < 0) {
            answers.broken("HTTP " + status[1] + " without a Content-Length");
            return;
        }
        int body = end + HEAD_END.length;
        if (in.writerIndex() - body < length) {
            return;
        }
        if (status[1].startsWith("2")) {
            answers.acknowledged(0);
            answers.release(0);
        } else {
            String why = in.toString(body, Math.min(length, EXCERPT), StandardCharsets.UTF_8);
            answers.refused(0, "HTTP " + status[1] + ": " + excerpt(why));
        }
        in.readerIndex(body + length);
    }

    @Override
    public void farewell(ByteBuf out) {
        // The connection is closed between requests.
    }

    private static int indexOfHeadEnd(ByteBuf in) {
        for (int at = in.readerIndex(); at + HEAD_END.length <= in.writerIndex(); at++) {
            if (in.getByte(at) == '\r' && in.getInt(at) == 0x0d0a0d0a) {
                return at;
            }
        }
        return -1;
    }

    private static int contentLength(String[] lines) {
        for (String line : lines) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                try {
                    return Integer.parseInt(
                            line.substring(line.indexOf(':') + 1).strip());
                } catch (NumberFormatException e) {
                    return -1;
                }
            }
        }
        return -1;
    }

    private static String excerpt(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= EXCERPT ? line : line.substring(0, EXCERPT);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
