package io.penstock.base.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A client is counted under")
class ClientNetworkTest {
    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, 10.1.2.3",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2:0:0:0:0/64",
        "2001:db8:1:2::1, 2001:db8:1:2:0:0:0:0/64",
        "2001:db8:1:3::1, 2001:db8:1:3:0:0:0:0/64",
        "::ffff:10.1.2.3, 10.1.2.3",
        "::1, 0:0:0:0:0:0:0:1",
        "fe80::1, fe80:0:0:0:0:0:0:1",
    })
    void itsAddressOrItsNetworkOfIpv6(String address, String counted) throws Exception {
        assertEquals(counted, ClientNetwork.of(new InetSocketAddress(InetAddress.getByName(address), 1)));
    }

    @Test
    void itsNameWhereThereIsNoAddress() {
        assertEquals("a.test", ClientNetwork.of(InetSocketAddress.createUnresolved("a.test", 1)));
    }
}
