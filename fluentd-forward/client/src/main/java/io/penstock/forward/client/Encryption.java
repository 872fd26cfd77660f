package io.penstock.forward.client;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * How connections are encrypted: the certificates, and whether the server's certificate must name the host. Immutable.
 */
public final class Encryption {
    private final SSLSocketFactory sockets;
    private final boolean verifyHost;

    private Encryption(SSLSocketFactory sockets, boolean verifyHost) {
        this.sockets = sockets;
        this.verifyHost = verifyHost;
    }

    /** TLS. The server's certificate must be trusted and name the host. */
    public static Encryption with(SSLContext context) {
        return new Encryption(context.getSocketFactory(), true);
    }

    /**
     * TLS with sockets of this factory.
     *
     * @param verifyHost true if the server's certificate must name the host
     */
    public static Encryption with(SSLSocketFactory sockets, boolean verifyHost) {
        return new Encryption(sockets, verifyHost);
    }

    /** Carries out the TLS handshake on a connected socket and returns the encrypted one. */
    Socket over(Socket connected, Address server) throws IOException {
        SSLSocket socket = (SSLSocket) sockets.createSocket(connected, server.host(), server.port(), true);
        if (verifyHost) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
        }
        socket.startHandshake();
        return socket;
    }
}
