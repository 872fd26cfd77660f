package io.penstock.mqtt;

import java.net.SocketAddress;
import java.util.Optional;

/** The credentials that a client presents in CONNECT. */
public final class Login {
    private final SocketAddress remoteAddress;
    private final ProtocolVersion version;
    private final String clientId;
    private final Optional<String> userName;
    private final Optional<byte[]> password;
    private final Optional<String> certificateName;
    private volatile boolean abandoned;

    public Login(
            SocketAddress remoteAddress,
            ProtocolVersion version,
            String clientId,
            Optional<String> userName,
            Optional<byte[]> password,
            Optional<String> certificateName) {
        this.remoteAddress = remoteAddress;
        this.version = version;
        this.clientId = clientId;
        this.userName = userName;
        this.password = password;
        this.certificateName = certificateName;
    }

    public SocketAddress remoteAddress() {
        return remoteAddress;
    }

    public ProtocolVersion version() {
        return version;
    }

    /** The client identifier, or the one assigned to it. */
    public String clientId() {
        return clientId;
    }

    public Optional<String> userName() {
        return userName;
    }

    /** The name in the certificate that the TLS handshake has verified, if the listener asks for one. */
    public Optional<String> certificateName() {
        return certificateName;
    }

    /** Marks the client as gone: the answer is no longer needed. Any thread. */
    public void abandon() {
        abandoned = true;
    }

    /** True if the client is gone. Any thread. */
    public boolean isAbandoned() {
        return abandoned;
    }

    /** A copy of the password; the caller may wipe it. */
    public Optional<byte[]> password() {
        return password.map(byte[]::clone);
    }
}
