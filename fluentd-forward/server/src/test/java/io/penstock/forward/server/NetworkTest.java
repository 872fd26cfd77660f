package io.penstock.forward.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.3.4, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "192.168.4.0/22, 192.168.7.255, true",
        "192.168.4.0/22, 192.168.8.0, false",
        "127.0.0.1, 127.0.0.1, true",
        "127.0.0.1, 127.0.0.2, false",
        "0.0.0.0/0, 8.8.8.8, true",
        "0.0.0.0/0, ::1, false",
        "fd00::/8, fdff::1, true",
        "fd00::/8, fe80::1, false",
        "::/0, fe80::1, true",
        "10.1.2.3/31, 10.1.2.2, true"
    })
    void containsWhatSharesItsFirstBits(String network, String address, boolean expected) throws Exception {
        assertEquals(expected, Network.parse(network).orElseThrow().contains(InetAddress.getByName(address)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "localhost", "a.b/8", "::/129"})
    void whatIsNoNetworkIsNone(String text) {
        assertEquals(Optional.empty(), Network.parse(text));
    }

    @Test
    void isPrintedWithItsBits() {
        assertTrue(Network.parse("10.0.0.0/8").orElseThrow().toString().equals("10.0.0.0/8"));
    }
}
