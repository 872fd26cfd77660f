package io.penstock.forward.server;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a client has to know before its chunks are taken (forward protocol v1, "Handshake"). Immutable.
 *
 * @param serverName how the server names itself. Fluentd refuses a server that has its own name, so this must not be
 *     the bare name of a host on which Fluentd runs too
 * @param keys the shared keys; a client needs the first whose network it belongs to
 * @param passwords by user; empty: no user is asked for
 * @param timeout how long a client may take for the handshake
 */
public record Credentials(String serverName, List<HostKey> keys, Map<String, String> passwords, Duration timeout) {
    /** PONG must stay below 512 bytes, because Fluent Bit reads it with one read of that size. */
    private static final int LONGEST_NAME = 200;

    /** The key of all clients of a network. */
    public record HostKey(Network network, String key) {
        @Override
        public String toString() {
            return network + " (key)";
        }
    }

    public Credentials {
        if (serverName.isEmpty() || serverName.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("a server name of " + serverName.length() + " characters");
        }
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException("a timeout of " + timeout);
        }
        keys = List.copyOf(keys);
        passwords = Map.copyOf(passwords);
    }

    public Optional<String> keyFor(InetAddress client) {
        return keys.stream()
                .filter(host -> host.network().contains(client))
                .map(HostKey::key)
                .findFirst();
    }

    @Override
    public String toString() {
        return "credentials of " + keys.size() + " networks and " + passwords.size() + " users";
    }
}
