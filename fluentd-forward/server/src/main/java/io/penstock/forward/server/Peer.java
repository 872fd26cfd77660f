package io.penstock.forward.server;

import java.net.InetSocketAddress;

/**
 * The client at the other end of a connection.
 *
 * @param address of the connection's other end
 * @param user the user's name after a handshake with one, otherwise empty
 */
public record Peer(InetSocketAddress address, String user) {
    /** The address without its port. */
    public String host() {
        return address.getAddress() == null
                ? address.getHostString()
                : address.getAddress().getHostAddress();
    }

    @Override
    public String toString() {
        String host = host();
        String place = host.indexOf(':') >= 0 ? "[" + host + "]:" + address.getPort() : host + ":" + address.getPort();
        return user.isEmpty() ? place : user + "@" + place;
    }
}
