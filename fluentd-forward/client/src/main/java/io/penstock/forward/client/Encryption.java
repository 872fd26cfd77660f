package io.penstock.forward.client;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** How connections are encrypted: with which certificates, and whether the server's must name the host. Immutable. */
public final class Encryption {
    private final SSLContext context;
    private final boolean verifyHost;

    private Encryption(SSLContext context, boolean verifyHost) {
        this.context = context;
        this.verifyHost = verifyHost;
    }

    /** TLS, with a server whose certificate the context trusts and that names the host. */
    public static Encryption with(SSLContext context) {
        return new Encryption(context, true);
    }

    /** TLS, with any server whose certificate the context trusts, whatever host it names. */
    public static Encryption withAnyHost(SSLContext context) {
        return new Encryption(context, false);
    }

    /** The encrypted side of a connected socket, after the TLS handshake. */
    Socket over(Socket connected, Address server) throws IOException {
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(connected, server.host(), server.port(), true);
        if (verifyHost) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
        }
        socket.startHandshake();
        return socket;
    }
}
