package io.penstock.forward.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * A range of IP addresses: those that share the first {@code bits} with {@code address}. Immutable.
 *
 * @param address any address of the range
 * @param bits how many bits are the same in all of them
 */
public record Network(InetAddress address, int bits) {
    public Network {
        if (bits < 0 || bits > 8 * address.getAddress().length) {
            throw new IllegalArgumentException(bits + " bits of " + address.getHostAddress());
        }
    }

    /** Reads {@code 10.0.0.0/8}, {@code fd00::/8} or one address; empty when it is none. Looks up no name. */
    public static Optional<Network> parse(String text) {
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        if (!host.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*") || host.isEmpty()) {
            return Optional.empty();
        }
        try {
            InetAddress address = InetAddress.getByName(host);
            int most = 8 * address.getAddress().length;
            int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
            return bits < 0 || bits > most ? Optional.empty() : Optional.of(new Network(address, bits));
        } catch (UnknownHostException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Whether {@code other} is one of the range. */
    public boolean contains(InetAddress other) {
        byte[] mine = address.getAddress();
        byte[] theirs = other.getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit += 8) {
            int mask = bits - bit >= 8 ? 0xff : 0xff00 >>> (bits - bit) & 0xff;
            if (((mine[bit / 8] ^ theirs[bit / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + bits;
    }
}
