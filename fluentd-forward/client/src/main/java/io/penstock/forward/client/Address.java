package io.penstock.forward.client;

import java.util.Objects;

/** A host name or IP address, and a port. The name is resolved at each connect. Immutable. */
public final class Address {
    /** The port of the forward protocol. */
    public static final int DEFAULT_PORT = 24224;

    private static final int MAX_PORT = 65_535;

    private final String host;
    private final int port;

    private Address(String host, int port) {
        this.host = host;
        this.port = port;
    }

    /**
     * An address.
     *
     * @throws IllegalArgumentException if the host is blank or the port is out of range
     */
    public static Address of(String host, int port) {
        if (host.trim().isEmpty()) {
            throw new IllegalArgumentException("no host is given");
        }
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("port " + port + " is not within 1 to " + MAX_PORT);
        }
        return new Address(host.trim(), port);
    }

    /**
     * Parses {@code host}, {@code host:port}, {@code [v6]:port} or a bare IPv6 address.
     *
     * @throws IllegalArgumentException if the text has another form
     */
    public static Address parse(String text, int defaultPort) {
        String trimmed = text.trim();
        int close = trimmed.lastIndexOf(']');
        int colon = trimmed.lastIndexOf(':');
        if (trimmed.startsWith("[") && close > 0) {
            String host = trimmed.substring(1, close);
            String rest = trimmed.substring(close + 1);
            if (rest.isEmpty()) {
                return of(host, defaultPort);
            }
            if (rest.startsWith(":")) {
                return of(host, port(rest.substring(1), text));
            }
        } else if (colon < 0 || trimmed.indexOf(':') != colon) {
            return of(trimmed, defaultPort);
        } else {
            return of(trimmed.substring(0, colon), port(trimmed.substring(colon + 1), text));
        }
        throw new IllegalArgumentException("\"" + text + "\" is no address; write host:port");
    }

    private static int port(String digits, String text) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" has no port after the colon; write host:port", e);
        }
    }

    public String host() {
        return host;
    }

    public int port() {
        return port;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Address && ((Address) other).host.equals(host) && ((Address) other).port == port;
    }

    @Override
    public int hashCode() {
        return Objects.hash(host, port);
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
