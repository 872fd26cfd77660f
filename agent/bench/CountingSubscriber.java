import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * A bare subscriber beside which a bridge is measured: takes up an MQTT 5 session, parses each PUBLISH of QoS 1, counts
 * it by topic, looks at its payload, and acknowledges at once, with one write for all that one read brought. Stores
 * nothing. Prints the count after each STEP messages.
 *
 * <p>java CountingSubscriber.java PORT CLIENT-ID MESSAGES STEP RECEIVE-MAXIMUM
 */
final class CountingSubscriber {
    private final Map<String, long[]> counts = new HashMap<>();
    private final ByteBuffer answers = ByteBuffer.allocate(1 << 20);
    private long count;
    private long payloads;

    public static void main(String[] arguments) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", Integer.parseInt(arguments[0]))) {
            socket.setTcpNoDelay(true);
            new CountingSubscriber().run(
                    socket,
                    arguments[1],
                    Long.parseLong(arguments[2]),
                    Long.parseLong(arguments[3]),
                    Integer.parseInt(arguments[4]));
        }
    }

    private void run(Socket socket, String client, long messages, long step, int receiveMaximum) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(connect(client, receiveMaximum));
        DataInputStream head = new DataInputStream(socket.getInputStream());
        if (head.readUnsignedByte() != 0x20) {
            throw new IOException("no CONNACK");
        }
        byte[] answer = head.readNBytes(head.readUnsignedByte());
        if (answer[0] != 1 || answer[1] != 0) {
            throw new IOException("CONNACK without the session: " + answer[0] + ", " + answer[1]);
        }
        InputStream in = socket.getInputStream();
        long next = step;
        ByteBuffer read = ByteBuffer.allocate(1 << 20);
        while (count < messages) {
            int got = in.read(read.array(), read.position(), read.remaining());
            if (got < 0) {
                throw new IOException("the broker closed the connection");
            }
            read.position(read.position() + got).flip();
            while (packet(read)) {
                continue;
            }
            read.compact();
            out.write(answers.array(), 0, answers.position());
            answers.clear();
            if (count >= next) {
                System.out.println(count);
                next += step;
            }
        }
        System.out.println(counts.keySet() + " " + payloads);
    }

    private static byte[] connect(String client, int receiveMaximum) {
        byte[] id = client.getBytes(StandardCharsets.UTF_8);
        ByteBuffer body = ByteBuffer.allocate(64 + id.length);
        body.put((byte) 0x10).put((byte) 0);
        body.putShort((short) 4).put("MQTT".getBytes(StandardCharsets.US_ASCII)).put((byte) 5).put((byte) 0);
        body.putShort((short) 0);
        body.put((byte) 8).put((byte) 0x11).putInt(65_536).put((byte) 0x21).putShort((short) receiveMaximum);
        body.putShort((short) id.length).put(id);
        body.put(1, (byte) (body.position() - 2));
        byte[] packet = new byte[body.position()];
        body.flip().get(packet);
        return packet;
    }

    /** Returns false if the packet is not there yet. */
    private boolean packet(ByteBuffer in) {
        int at = in.position();
        int size = 0;
        int shift = 0;
        int low;
        int length = at + 1;
        do {
            if (length >= in.limit()) {
                return false;
            }
            low = in.get(length++);
            size |= (low & 0x7F) << shift;
            shift += 7;
        } while (low < 0);
        if (in.limit() - length < size) {
            return false;
        }
        int first = in.get(at) & 0xFF;
        in.position(length + size);
        if (first >> 4 == 3) {
            publish(in, first, length, length + size);
        }
        return true;
    }

    private void publish(ByteBuffer in, int first, int start, int end) {
        int topicLength = in.getShort(start) & 0xFFFF;
        String topic = new String(in.array(), start + 2, topicLength, StandardCharsets.UTF_8);
        int at = start + 2 + topicLength;
        if ((first & 0x06) != 0) {
            answers.putShort((short) 0x4002).putShort(in.getShort(at));
            at += 2;
        }
        at += 1 + in.get(at); // properties of less than 128 bytes
        counts.computeIfAbsent(topic, any -> new long[1])[0]++;
        for (; at < end; at++) {
            payloads += in.get(at);
        }
        count++;
    }
}
