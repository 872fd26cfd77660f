package io.penstock.mqtt.bridge;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * The address of a broker.
 *
 * @param host a name or an IP address; an IPv6 address has no brackets here
 * @param path of a WebSocket, with its slash; empty for the other schemes
 */
public record BridgeUrl(Scheme scheme, String host, int port, String path) {
    /** What is spoken between TCP and MQTT. */
    public enum Scheme {
        MQTT(1883, false, false),
        MQTTS(8883, true, false),
        WS(80, false, true),
        WSS(443, true, true);

        private final int port;
        private final boolean encrypted;
        private final boolean webSocket;

        Scheme(int port, boolean encrypted, boolean webSocket) {
            this.port = port;
            this.encrypted = encrypted;
            this.webSocket = webSocket;
        }

        public boolean isEncrypted() {
            return encrypted;
        }

        public boolean isWebSocket() {
            return webSocket;
        }
    }

    private static final String WEB_SOCKET_PATH = "/mqtt";
    private static final String FORMS =
            "write mqtt://HOST[:1883], mqtts://HOST[:8883], ws://HOST[:80][/mqtt] or" + " wss://HOST[:443][/mqtt]";

    /**
     * Reads {@code mqtt://HOST:PORT}, {@code mqtts://}, {@code ws://HOST:PORT/PATH} or {@code wss://}.
     *
     * @throws IllegalArgumentException with the fault and the remedy
     */
    public static BridgeUrl parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException malformed) {
            throw new IllegalArgumentException("'" + text + "' is no URL of a broker; " + FORMS, malformed);
        }
        Scheme scheme = scheme(text, uri);
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "a broker's URL holds no user name or password; write them as user and" + " password-file");
        }
        String host = uri.getHost();
        if (host == null || uri.getRawQuery() != null && !scheme.webSocket || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("'" + text + "' is no URL of a broker; " + FORMS);
        }
        int port = uri.getPort() == -1 ? scheme.port : uri.getPort();
        if (port < 1 || port > 0xFFFF) {
            throw new IllegalArgumentException("'" + text + "' has a port outside 1 to 65535");
        }
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        return new BridgeUrl(
                scheme, bracketed ? host.substring(1, host.length() - 1) : host, port, path(text, scheme, uri));
    }

    private static Scheme scheme(String text, URI uri) {
        String name = uri.getScheme() == null ? "" : uri.getScheme().toUpperCase(Locale.ROOT);
        for (Scheme scheme : Scheme.values()) {
            if (scheme.name().equals(name)) {
                return scheme;
            }
        }
        throw new IllegalArgumentException("'" + text + "' has no scheme of a broker; " + FORMS);
    }

    private static String path(String text, Scheme scheme, URI uri) {
        String path = uri.getRawPath() == null || uri.getRawPath().equals("/") ? "" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        if (scheme.webSocket) {
            return (path.isEmpty() ? WEB_SOCKET_PATH : path) + query;
        }
        if (!path.isEmpty()) {
            throw new IllegalArgumentException("'" + text + "' has a path, which only ws:// and wss:// have; " + FORMS);
        }
        return "";
    }

    /** As it is written, with its port. */
    @Override
    public String toString() {
        String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return scheme.name().toLowerCase(Locale.ROOT) + "://" + name + ":" + port + path;
    }
}
