package io.penstock.mqtt.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.mqtt.Packet;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A broker whose every byte the test writes, and that reads every byte of the bridge. */
final class FakeBroker implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 60_000;

    private final ServerSocket server;
    private final int level;

    FakeBroker(int level) throws IOException {
        this(level, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    /** With TLS, for example. */
    FakeBroker(int level, ServerSocket server) throws IOException {
        this.level = level;
        this.server = server;
        server.setSoTimeout(TIMEOUT_MILLIS);
    }

    boolean isClosed() {
        return server.isClosed();
    }

    int port() {
        return server.getLocalPort();
    }

    BridgeUrl url() {
        return BridgeUrl.parse("mqtt://127.0.0.1:" + server.getLocalPort());
    }

    /** The next connection of the bridge. */
    Peer accept() throws IOException {
        return new Peer(server.accept(), level);
    }

    /** The next connection, admitted and with its filters granted as asked. */
    Peer subscribed() throws IOException {
        Peer peer = accept();
        peer.admit(false);
        Subscribe asked = peer.subscribe();
        peer.suback(asked.packetId(), asked.qos().stream().mapToInt(qos -> qos).toArray());
        return peer;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /** A SUBSCRIBE. */
    record Subscribe(int packetId, List<String> filters, List<Integer> options) {
        List<Integer> qos() {
            return options.stream().map(option -> option & 3).toList();
        }
    }

    /** One connection of the bridge. */
    static final class Peer implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;
        private final int level;

        Peer(Socket socket, int level) throws IOException {
            this.socket = socket;
            this.level = level;
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            in = socket.getInputStream();
        }

        Socket socket() {
            return socket;
        }

        Peer send(byte[]... packets) throws IOException {
            socket.getOutputStream().write(Packet.join(packets));
            return this;
        }

        Peer send(String hex) throws IOException {
            return send(Packet.hex(hex));
        }

        /** Reads CONNECT and accepts it. Returns the packet. */
        byte[] admit(boolean sessionPresent) throws IOException {
            return admit(sessionPresent, "");
        }

        /** As {@link #admit(boolean)}, with properties in hex for MQTT 5. */
        byte[] admit(boolean sessionPresent, String properties) throws IOException {
            byte[] connect = packet();
            assertEquals(0x10, connect[0]);
            byte[] given = Packet.hex(properties);
            byte[] head = {(byte) 0x20, (byte) (level == 5 ? 3 + given.length : 2), (byte) (sessionPresent ? 1 : 0), 0};
            send(head);
            if (level == 5) {
                send(new byte[] {(byte) given.length}, given);
            }
            return connect;
        }

        Subscribe subscribe() throws IOException {
            byte[] packet = packetOf(0x82);
            int at = body(packet);
            int packetId = u16(packet, at);
            at += level == 5 ? 3 : 2;
            List<String> filters = new ArrayList<>();
            List<Integer> options = new ArrayList<>();
            while (at < packet.length) {
                int length = u16(packet, at);
                filters.add(new String(packet, at + 2, length, StandardCharsets.UTF_8));
                options.add(packet[at + 2 + length] & 0xFF);
                at += 3 + length;
            }
            return new Subscribe(packetId, filters, options);
        }

        /** Reads UNSUBSCRIBE, answers it, and returns its filters. */
        List<String> unsubscribe() throws IOException {
            byte[] packet = packetOf(0xA2);
            int at = body(packet);
            int packetId = u16(packet, at);
            at += level == 5 ? 3 : 2;
            List<String> filters = new ArrayList<>();
            while (at < packet.length) {
                int length = u16(packet, at);
                filters.add(new String(packet, at + 2, length, StandardCharsets.UTF_8));
                at += 2 + length;
            }
            byte[] codes = new byte[level == 5 ? filters.size() + 1 : 0];
            send(new byte[] {(byte) 0xB0, (byte) (2 + codes.length), (byte) (packetId >> 8), (byte) packetId}, codes);
            return filters;
        }

        Peer suback(int packetId, int... codes) throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(0x90);
            out.write(2 + (level == 5 ? 1 : 0) + codes.length);
            out.write(packetId >> 8);
            out.write(packetId);
            if (level == 5) {
                out.write(0);
            }
            for (int code : codes) {
                out.write(code);
            }
            return send(out.toByteArray());
        }

        Peer publish(int qos, int packetId, String topic, String payload) throws IOException {
            return send(Packet.publish(level, qos, packetId, topic, payload));
        }

        Peer publishAgain(int qos, int packetId, String topic, String payload) throws IOException {
            byte[] packet = Packet.publish(level, qos, packetId, topic, payload);
            packet[0] |= 8;
            return send(packet);
        }

        Peer pubrel(int packetId) throws IOException {
            return send(new byte[] {0x62, 2, (byte) (packetId >> 8), (byte) packetId});
        }

        Peer expectPuback(int packetId) throws IOException {
            return expectAck(0x40, packetId);
        }

        Peer expectPubrec(int packetId) throws IOException {
            return expectAck(0x50, packetId);
        }

        Peer expectPubcomp(int packetId) throws IOException {
            return expectAck(0x70, packetId);
        }

        private Peer expectAck(int type, int packetId) throws IOException {
            byte[] packet = packet();
            byte[] wanted = {(byte) type, 2, (byte) (packetId >> 8), (byte) packetId};
            assertEquals(HexFormat.of().formatHex(wanted), HexFormat.of().formatHex(packet));
            return this;
        }

        /** Reads a packet that must be of this type. */
        byte[] packetOf(int first) throws IOException {
            byte[] packet = packet();
            assertEquals(
                    Integer.toHexString(first),
                    Integer.toHexString(packet[0] & 0xFF),
                    HexFormat.of().formatHex(packet));
            return packet;
        }

        /** Reads one packet; answers PINGREQs itself. */
        byte[] packet() throws IOException {
            while (true) {
                byte[] packet = anyPacket();
                if ((packet[0] & 0xFF) != 0xC0) {
                    return packet;
                }
                send("D0 00");
            }
        }

        /** Reads one packet. */
        byte[] anyPacket() throws IOException {
            ByteArrayOutputStream packet = new ByteArrayOutputStream();
            packet.write(read());
            int length = 0;
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
                throw new EOFException("the bridge closed the connection");
            }
            return b;
        }

        /** Reads until the bridge ends the connection. */
        byte[] everything() throws IOException {
            try {
                return in.readAllBytes();
            } catch (SocketException reset) {
                return new byte[0];
            }
        }

        /** Where the body of a packet begins. */
        static int body(byte[] packet) {
            int at = 1;
            while (packet[at] < 0) {
                at++;
            }
            return at + 1;
        }

        static int u16(byte[] bytes, int at) {
            return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
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
}
