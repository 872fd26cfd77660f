package io.penstock.mqtt.bridge;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands between a bridge and its broker: resets connections when it is told to, and at random withholds what the
 * bridge sends, so that acknowledgements are under way or lost when the connection is cut.
 */
final class CuttingProxy implements AutoCloseable {
    private static final int MOST_WITHHELD_MILLIS = 40;

    private final ServerSocket server;
    private final InetSocketAddress target;
    private final Random random;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private volatile boolean withholds;
    private volatile boolean refuses;

    CuttingProxy(InetSocketAddress target, long seed) throws IOException {
        this.target = target;
        this.random = new Random(seed);
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    BridgeUrl url() {
        return BridgeUrl.parse("mqtt://127.0.0.1:" + server.getLocalPort());
    }

    /** From now on acknowledgements are delayed at random. */
    void withhold(boolean on) {
        withholds = on;
    }

    /** From now on new connections are reset. */
    void refuse(boolean on) {
        refuses = on;
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket bridge = server.accept();
                if (refuses) {
                    reset(bridge);
                    continue;
                }
                Socket broker = new Socket();
                open.add(bridge);
                try {
                    broker.connect(target);
                } catch (IOException away) {
                    reset(bridge);
                    continue;
                }
                open.add(broker);
                bridge.setTcpNoDelay(true);
                broker.setTcpNoDelay(true);
                start(() -> copy(broker, bridge, false));
                start(() -> copy(bridge, broker, true));
            } catch (IOException closed) {
                // The next round sees whether the proxy is closed.
            }
        }
    }

    private void copy(Socket from, Socket to, boolean answers) {
        byte[] buffer = new byte[64 << 10];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (answers && withholds) {
                    LockSupport.parkNanos(random.nextInt(MOST_WITHHELD_MILLIS) * 1_000_000L);
                }
                out.write(buffer, 0, count);
            }
        } catch (IOException cut) {
            // Both ends are closed below.
        }
        reset(from);
        reset(to);
    }

    /** Resets every connection; what is under way is lost. */
    void cut() {
        open.forEach(CuttingProxy::reset);
        open.clear();
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException closed) {
            // It is closed already.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
