package io.penstock.log4j;

import io.penstock.forward.client.Address;
import java.util.ArrayList;
import java.util.List;

/** Where an appender sends to, as its attributes say. */
final class Servers {
    private Servers() {}

    /**
     * One server, or several, the first before the next.
     *
     * @param several {@code host:port, host:port}; when it is blank host and port count
     * @throws IllegalArgumentException when one of them is no address; the message names it
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
