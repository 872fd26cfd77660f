package io.penstock.it;

import io.penstock.fixtures.TestCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * Stands with TLS before a broker, as AWS IoT Core does on port 443: it ends the handshake of a client that offers
 * another protocol than {@code x-amzn-mqtt-ca}, or that shows no certificate which it trusts.
 */
final class AlpnFront implements AutoCloseable {
    private static final String PROTOCOL = "x-amzn-mqtt-ca";

    private final SSLServerSocket server;
    private final int brokerPort;
    private final List<String> names = new CopyOnWriteArrayList<>();

    private AlpnFront(SSLServerSocket server, int brokerPort) {
        this.server = server;
        this.brokerPort = brokerPort;
    }

    static AlpnFront before(int brokerPort, TestCertificate own, TestCertificate client) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.keys().getKeyManagers(), client.trust().getTrustManagers(), new SecureRandom());
        SSLServerSocket server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server.setNeedClientAuth(true);
        AlpnFront front = new AlpnFront(server, brokerPort);
        daemon(front::accept);
        return front;
    }

    int port() {
        return server.getLocalPort();
    }

    /** The names that clients called it by (SNI). */
    List<String> names() {
        return names;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                SSLSocket client = (SSLSocket) server.accept();
                daemon(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(SSLSocket client) {
        try (client) {
            client.setHandshakeApplicationProtocolSelector(
                    (socket, offered) -> offered.contains(PROTOCOL) ? PROTOCOL : null);
            client.startHandshake();
            if (!PROTOCOL.equals(client.getApplicationProtocol())) {
                return;
            }
            ((ExtendedSSLSession) client.getSession())
                    .getRequestedServerNames()
                    .forEach(name -> names.add(((SNIHostName) name).getAsciiName()));
            try (Socket broker = new Socket(InetAddress.getLoopbackAddress(), brokerPort)) {
                broker.setTcpNoDelay(true);
                client.setTcpNoDelay(true);
                daemon(() -> pump(broker, client));
                pump(client, broker);
            }
        } catch (IOException ended) {
            // The bridge says why.
        }
    }

    private static void pump(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException ended) {
            // Both are closed now.
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "alpn front");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
