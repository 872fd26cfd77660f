package io.penstock.agent.mqtt;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** A client's address in words: host and port without the slash of Java. */
final class PeerText {
    private PeerText() {}

    static String of(SocketAddress peer) {
        if (!(peer instanceof InetSocketAddress socket) || socket.getAddress() == null) {
            return peer.toString();
        }
        String host = socket.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + socket.getPort();
    }
}
