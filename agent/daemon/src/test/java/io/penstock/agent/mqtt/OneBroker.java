package io.penstock.agent.mqtt;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** As much of an MQTT 5 broker as one bridge needs: grants what it is told to, and sends what it is told to. */
final class OneBroker implements AutoCloseable {
    private static final int SUBSCRIBE = 0x82;
    private static final int UNSUBSCRIBE = 0xA2;

    private final ServerSocket server;
    private final int granted;
    private final BlockingQueue<Integer> acknowledged = new LinkedBlockingQueue<>();
    private final List<String> subscribed = new CopyOnWriteArrayList<>();
    private final List<String> unsubscribed = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Socket> bridges = new LinkedBlockingQueue<>();

    /** @param granted the code that answers each filter */
    OneBroker(int granted) throws IOException {
        this.server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        this.granted = granted;
        Thread thread = new Thread(this::serve, "one broker");
        thread.setDaemon(true);
        thread.start();
    }

    String url() {
        return "mqtt://127.0.0.1:" + server.getLocalPort();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                read(socket);
            } catch (IOException over) {
                // The bridge is gone.
            }
        }
    }

    private void read(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        while (true) {
            int type = in.readUnsignedByte();
            byte[] body = in.readNBytes(length(in));
            if (type == 0x10) {
                send(socket, 0x20, new byte[] {0, 0, 0});
            } else if (type == SUBSCRIBE) {
                send(socket, 0x90, new byte[] {body[0], body[1], 0, (byte) granted});
                subscribed.add(new String(body, StandardCharsets.ISO_8859_1));
                bridges.add(socket);
            } else if (type == UNSUBSCRIBE) {
                send(socket, 0xB0, new byte[] {body[0], body[1], 0, 0});
                unsubscribed.add(new String(body, StandardCharsets.ISO_8859_1));
            } else if (type == 0x40 || type == 0x50) {
                acknowledged.add((body[0] & 0xFF) << 8 | body[1] & 0xFF);
            } else if (type == 0xC0) {
                send(socket, 0xD0, new byte[0]);
            }
        }
    }

    private static int length(DataInputStream in) throws IOException {
        int length = 0;
        int shift = 0;
        int each;
        do {
            each = in.readUnsignedByte();
            length |= (each & 0x7F) << shift;
            shift += 7;
        } while (each >= 0x80);
        return length;
    }

    /** With QoS 1, to the bridge that subscribed last. */
    void publish(int id, String topic, String payload) throws InterruptedException {
        Socket bridge = bridges.poll(60, TimeUnit.SECONDS);
        if (bridge == null) {
            throw new AssertionError("no bridge subscribes");
        }
        bridges.add(bridge);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(body)) {
            out.writeUTF(topic);
            out.writeShort(id);
            out.writeByte(0);
            out.write(payload.getBytes(StandardCharsets.UTF_8));
            send(bridge, 0x32, body.toByteArray());
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private static void send(Socket socket, int type, byte[] body) throws IOException {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(type);
        int rest = body.length;
        while (rest >= 0x80) {
            packet.write(rest & 0x7F | 0x80);
            rest >>= 7;
        }
        packet.write(rest);
        packet.write(body);
        synchronized (socket) {
            socket.getOutputStream().write(packet.toByteArray());
        }
    }

    /** Whether a bridge has subscribed to this filter. */
    boolean hasSubscribed(String filter) {
        return subscribed.stream().anyMatch(packet -> packet.contains(filter));
    }

    boolean hasUnsubscribed(String filter) {
        return unsubscribed.stream().anyMatch(packet -> packet.contains(filter));
    }

    /** The identifiers that the bridge has acknowledged. */
    BlockingQueue<Integer> acknowledged() {
        return acknowledged;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket each : bridges) {
            each.close();
        }
    }
}
