package io.penstock.forward.server;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * The client at the other end of a connection.
 *
 * @param host its address without the port, or the path of the Unix domain socket that it came by
 * @param place its address with the port, or the same path
 * @param user the user's name after a handshake with one, otherwise empty
 */
public record Peer(String host, String place, String user) {
    public static Peer of(InetSocketAddress address) {
        String host = address.getAddress() == null
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return new Peer(
                host,
                host.indexOf(':') >= 0 ? "[" + host + "]:" + address.getPort() : host + ":" + address.getPort(),
                "");
    }

    /** A client of the Unix domain socket at {@code path}; it has no address of its own. */
    public static Peer of(Path path) {
        return new Peer("unix:" + path, "unix:" + path, "");
    }

    public Peer named(String newUser) {
        return new Peer(host, place, newUser);
    }

    @Override
    public String toString() {
        return user.isEmpty() ? place : user + "@" + place;
    }
}
