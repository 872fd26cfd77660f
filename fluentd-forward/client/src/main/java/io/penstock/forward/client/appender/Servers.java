package io.penstock.forward.client.appender;

import io.penstock.forward.client.Address;
import java.util.ArrayList;
import java.util.List;

/** Parses the server attributes of an appender. */
final class Servers {
    private Servers() {}

    /**
     * The servers in the order in which they are tried.
     *
     * @param several {@code host:port, host:port}; if blank, {@code host} and {@code port} are used instead
     * @throws IllegalArgumentException if one of them is no address; the message names it
     */
    static List<Address> of(String host, int port, String several) {
        if (several.trim().isEmpty()) {
            return List.of(Address.of(host, port));
        }
        List<Address> addresses = new ArrayList<>();
        for (String server : several.split(",", -1)) {
            addresses.add(Address.parse(server, port));
        }
        return addresses;
    }
}
