package io.penstock.tools.demo.load;

import io.penstock.tools.demo.table.Kind;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A gateway of the show floor, which publishes where visitors' badges are: MQTT 3.1.1, QoS 2, with a session that lasts.
 * After a break it goes on where it was (section 4.4), so that no position is stored twice.
 */
public final class FloorBeacons extends PacedLoad {
    private static final int CONNECT = 0x10;
    private static final int CONNACK = 0x20;
    private static final int PUBLISH_QOS2 = 0x34;
    private static final int DUP = 0x08;
    private static final int PUBREC = 0x50;
    private static final int PUBREL = 0x62;
    private static final int PUBCOMP = 0x70;
    private static final int CONNECT_TIMEOUT = 2000;
    private static final int READ_TIMEOUT = 10_000;
    private static final int BADGES = 60;

    private final Random random = new Random(7);
    private final double[] x = new double[BADGES];
    private final double[] y = new double[BADGES];
    private final int port;
    private @Nullable Socket socket;
    private @Nullable DataInputStream in;
    private @Nullable DataOutputStream out;
    private int first = -1;
    private Step[] steps = {};
    private byte[][] publishes = {};

    /** How far a publish has come. */
    private enum Step {
        NEW,
        PUBLISHED,
        RELEASED,
        COMPLETE
    }

    private FloorBeacons(int port, int perSecond) {
        super("beacons", perSecond);
        this.port = port;
        for (int badge = 0; badge < BADGES; badge++) {
            x[badge] = random.nextDouble();
            y[badge] = random.nextDouble();
        }
    }

    /** Publishes from now on. */
    public static FloorBeacons start(int port, int perSecond) {
        FloorBeacons beacons = new FloorBeacons(port, perSecond);
        beacons.begin();
        return beacons;
    }

    @Override
    public Kind kind() {
        return Kind.BEACON;
    }

    @Override
    void send(int from, int count) throws IOException {
        if (first != from) {
            make(from, count);
        }
        try {
            DataOutputStream writer = out == null ? connect() : out;
            for (int i = 0; i < steps.length; i++) {
                if (steps[i] == Step.RELEASED) {
                    release(writer, i);
                } else if (steps[i] != Step.COMPLETE) {
                    publish(writer, i);
                }
            }
            writer.flush();
            for (int left = left(); left > 0; left = left()) {
                answer(writer);
            }
        } catch (IOException | RuntimeException broken) {
            release();
            throw broken;
        }
    }

    private int left() {
        int left = 0;
        for (Step step : steps) {
            left += step == Step.COMPLETE ? 0 : 1;
        }
        return left;
    }

    /** The next publishes; what was under way is complete. */
    private void make(int from, int count) {
        first = from;
        steps = new Step[count];
        publishes = new byte[count][];
        long now = System.currentTimeMillis();
        for (int i = 0; i < count; i++) {
            steps[i] = Step.NEW;
            publishes[i] = packet(from + i, now, i + 1);
        }
    }

    private byte[] packet(int number, long now, int identifier) {
        int badge = random.nextInt(BADGES);
        x[badge] = step(x[badge], 0.62);
        y[badge] = step(y[badge], 0.4);
        String zone = "zone " + (char) ('A' + (int) Math.floor(x[badge] * 3) + (y[badge] < 0.5 ? 0 : 3));
        byte[] topic = ("floor/badge-" + badge).getBytes(StandardCharsets.UTF_8);
        byte[] payload = ("{\"kind\":\"beacon\",\"n\":" + number + ",\"at\":" + now + ",\"zone\":\"" + zone
                        + "\",\"x\":" + Math.round(x[badge] * 1000) / 1000.0 + ",\"y\":"
                        + Math.round(y[badge] * 1000) / 1000.0 + "}")
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(5 + topic.length + 4 + payload.length);
        int length = 2 + topic.length + 2 + payload.length;
        bytes.put((byte) PUBLISH_QOS2);
        // Digits of seven bits, no more than are needed (2.2.3).
        if (length > 127) {
            bytes.put((byte) (length % 128 | 0x80)).put((byte) (length / 128));
        } else {
            bytes.put((byte) length);
        }
        bytes.putShort((short) topic.length)
                .put(topic)
                .putShort((short) identifier)
                .put(payload);
        byte[] packet = new byte[bytes.position()];
        bytes.flip().get(packet);
        return packet;
    }

    /** People drift towards the stand that draws them. */
    private double step(double at, double stand) {
        double next = at + random.nextGaussian() * 0.03 + (stand - at) * 0.02;
        return Math.max(0, Math.min(0.999, next));
    }

    private void publish(DataOutputStream writer, int i) throws IOException {
        byte[] packet = publishes[i];
        writer.writeByte(packet[0] | (steps[i] == Step.PUBLISHED ? DUP : 0));
        writer.write(packet, 1, packet.length - 1);
        steps[i] = Step.PUBLISHED;
    }

    private static void release(DataOutputStream writer, int i) throws IOException {
        writer.writeByte(PUBREL);
        writer.writeByte(2);
        writer.writeShort(i + 1);
    }

    /** PUBREC and PUBCOMP, each of two bytes. */
    private void answer(DataOutputStream writer) throws IOException {
        DataInputStream reader = in;
        if (reader == null) {
            throw new IOException("not connected");
        }
        int type = reader.readUnsignedByte();
        int length = reader.readUnsignedByte();
        int i = reader.readUnsignedShort() - 1;
        if (length != 2 || i < 0 || i >= steps.length) {
            throw new IOException("packet of type " + type + " and length " + length);
        }
        if (type == PUBREC) {
            steps[i] = Step.RELEASED;
            release(writer, i);
            writer.flush();
        } else if (type == PUBCOMP) {
            steps[i] = Step.COMPLETE;
        } else {
            throw new IOException("packet of type " + type);
        }
    }

    private DataOutputStream connect() throws IOException {
        Socket made = new Socket();
        socket = made;
        made.connect(new InetSocketAddress("127.0.0.1", port), CONNECT_TIMEOUT);
        made.setSoTimeout(READ_TIMEOUT);
        made.setTcpNoDelay(true);
        DataOutputStream writer = new DataOutputStream(new BufferedOutputStream(made.getOutputStream(), 65_536));
        DataInputStream reader = new DataInputStream(new BufferedInputStream(made.getInputStream()));
        byte[] name = "show-floor".getBytes(StandardCharsets.UTF_8);
        writer.writeByte(CONNECT);
        writer.writeByte(10 + 2 + name.length);
        writer.writeUTF("MQTT");
        writer.writeByte(4);
        writer.writeByte(0); // not clean: the session lasts
        writer.writeShort(0);
        writer.writeShort(name.length);
        writer.write(name);
        writer.flush();
        if (reader.readUnsignedByte() != CONNACK
                || reader.readUnsignedByte() != 2
                || reader.readUnsignedShort() % 256 != 0) {
            throw new IOException("the connection is refused");
        }
        in = reader;
        out = writer;
        return writer;
    }

    @Override
    void release() {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // Of no use any more in any case.
            socket = null;
        }
        socket = null;
        in = null;
        out = null;
    }
}
