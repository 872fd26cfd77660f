package io.penstock.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Stands between a bridge and its broker, resets connections, and withholds what the bridge sends for moments at
 * random, so that acknowledgements are on their way when a connection is reset, and are lost with it.
 */
final class CuttingProxy implements AutoCloseable {
    private static final int MOST_MILLIS = 30;

    private final ServerSocket server;
    private final int brokerPort;
    private final Random random;
    private final List<Socket> sockets = new ArrayList<>();
    private volatile boolean refusing;

    private CuttingProxy(ServerSocket server, int brokerPort, long seed) {
        this.server = server;
        this.brokerPort = brokerPort;
        this.random = new Random(seed);
    }

    static CuttingProxy before(int brokerPort, long seed) throws IOException {
        System.out.println("CuttingProxy seed " + seed);
        CuttingProxy proxy =
                new CuttingProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), brokerPort, seed);
        daemon(proxy::accept);
        return proxy;
    }

    String url() {
        return "mqtt://127.0.0.1:" + server.getLocalPort();
    }

    /** From now on connections end at once, or no longer. */
    void refuse(boolean refuse) {
        refusing = refuse;
        if (refuse) {
            cut();
        }
    }

    /** Resets every connection; what is withheld is lost. */
    void cut() {
        List<Socket> all;
        synchronized (sockets) {
            all = List.copyOf(sockets);
            sockets.clear();
        }
        all.forEach(CuttingProxy::reset);
    }

    private static void reset(Socket socket) {
        try (socket) {
            socket.setSoLinger(true, 0);
        } catch (IOException closed) {
            // It is gone already.
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                if (refusing) {
                    reset(client);
                    continue;
                }
                Socket broker = new Socket();
                synchronized (sockets) {
                    sockets.add(client);
                    sockets.add(broker);
                }
                broker.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), brokerPort));
                daemon(() -> pump(client, broker, true));
                daemon(() -> pump(broker, client, false));
            } catch (IOException down) {
                cut(); // The broker is down, or this proxy is closed.
            }
        }
    }

    private void pump(Socket from, Socket to, boolean withholds) {
        byte[] buffer = new byte[1 << 16];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (withholds) {
                    TimeUnit.MILLISECONDS.sleep(pause());
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException | InterruptedException over) {
            // The other direction ends with this one.
        }
        reset(from);
        reset(to);
    }

    private int pause() {
        synchronized (random) {
            return random.nextInt(3) == 0 ? random.nextInt(MOST_MILLIS) : 0;
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "cutting proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
