package io.penstock.base.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionSharesTest {
    private final ConnectionShares shares = new ConnectionShares(4);
    private final List<Channel> left = new ArrayList<>();

    private static Channel from(String address) {
        return new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return new InetSocketAddress(address, 1);
            }
        };
    }

    private Channel silent(String address) {
        Channel connection = from(address);
        assertEquals("", shares.admit(connection, left::add).orElse(""));
        return connection;
    }

    private Channel talking(String address) {
        Channel connection = silent(address);
        shares.heard(connection);
        return connection;
    }

    private String refused(String address) {
        return shares.admit(from(address), left::add).orElse("");
    }

    @Test
    void oneAddressHasHalfOfThemAndAnotherTheRest() {
        Channel first = talking("10.0.0.1");
        talking("10.0.0.1");
        assertEquals("this address has 2 connections already, half of the 4 of this listener", refused("10.0.0.1"));
        talking("10.0.0.2");
        talking("10.0.0.3");
        assertEquals("there are 4 connections already", refused("10.0.0.4"));
        first.close();
        talking("10.0.0.4");
        assertEquals(List.of(), left);
    }

    @Test
    void aNetworkOfIpv6CountsAsOneAddress() {
        talking("2001:db8::1");
        talking("2001:db8::ffff:1");
        assertTrue(refused("2001:db8::2").contains("half"));
        talking("2001:db8:0:1::1");
    }

    @Test
    void thisMachineMayHaveThemAll() {
        for (int i = 0; i < 4; i++) {
            talking(i % 2 == 0 ? "127.0.0.1" : "::1");
        }
        assertEquals("there are 4 connections already", refused("127.0.0.1"));
    }

    @Test
    void theOldestSilentOneMakesRoom() {
        talking("127.0.0.1");
        Channel oldest = silent("127.0.0.1");
        Channel next = silent("127.0.0.1");
        talking("127.0.0.1");
        talking("10.0.0.1");
        talking("10.0.0.1");
        assertEquals(List.of(oldest, next), left);
        oldest.close();
        next.close();
        assertEquals("there are 4 connections already", refused("10.0.0.2"), "those that left count once");
    }

    @Test
    void anAddressWithItsShareMakesRoomAmongItsOwn() {
        silent("10.0.0.2");
        Channel own = silent("10.0.0.1");
        silent("10.0.0.1");
        silent("10.0.0.1");
        assertEquals(List.of(own), left);
    }
}
