package io.penstock.base.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Under which address a client is counted, for limits of what one client may do. A host of IPv6 usually has a network of
 * 64 bits to itself and may call from each address of it, so all of these count as one. Stateless.
 */
public final class ClientNetwork {
    private static final int NETWORK_BYTES = 8;
    private static final int BYTES = 16;

    private ClientNetwork() {}

    /** The address in words, without the port; of an address of IPv6 its network, but not of one of the link or host. */
    public static String of(SocketAddress peer) {
        if (!(peer instanceof InetSocketAddress socket) || socket.getAddress() == null) {
            return peer instanceof InetSocketAddress named ? named.getHostString() : peer.toString();
        }
        InetAddress address = socket.getAddress();
        return address instanceof Inet6Address && !address.isLoopbackAddress() && !address.isLinkLocalAddress()
                ? network(address) + "/64"
                : address.getHostAddress();
    }

    private static String network(InetAddress address) {
        try {
            byte[] begin = Arrays.copyOf(Arrays.copyOf(address.getAddress(), NETWORK_BYTES), BYTES);
            return InetAddress.getByAddress(begin).getHostAddress();
        } catch (UnknownHostException never) {
            throw new IllegalStateException("16 bytes are an address", never);
        }
    }
}
